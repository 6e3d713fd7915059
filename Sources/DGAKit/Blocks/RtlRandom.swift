/// `RtlRandom` of ntdll up to Windows XP: `RtlUniform` whose results are shuffled by a table.
///
/// The table belongs to the process: only the first caller finds it as it is here. From Vista on
/// `RtlRandom` does something else that is not published; malware that depends on it is rare.
public struct RtlRandom: Sendable {
  /// The last state, the `Seed` the caller of ntdll hands in and gets back.
  public var state: UInt32 {
    get { uniform.state }
    set { uniform.state = newValue }
  }

  @usableFromInline var uniform: RtlUniform
  @usableFromInline var table: InlineArray<128, UInt32>

  /// A generator as a fresh process has it.
  public init(state: UInt32) {
    uniform = RtlUniform(state: state, as: .upToXP)
    table = freshTable
  }

  /// The next result, 0 to 0x7FFFFFFE.
  @inlinable
  public mutating func next() -> UInt32 {
    let drawn = uniform.next()
    let place = Int(uniform.next() & 0x7F)
    let result = table[place]
    table[place] = drawn
    return result
  }
}

/// What `RtlRandom` shuffles at first, as Wine's tests found it in Windows.
private let freshTable: InlineArray<128, UInt32> = [
  0x4C8B_C0AA, 0x4C02_2957, 0x2232_827A, 0x2F1E_7626, 0x7F8B_DAFB, 0x5C37_D02A, 0x0AB4_8F72,
  0x2F0C_4FFA, 0x290E_1954, 0x6B63_5F23, 0x5D38_85C0, 0x74B4_9FF8, 0x5155_FA54, 0x6214_AD3F,
  0x111E_9C29, 0x242A_3A09, 0x7593_2AE1, 0x40AC_432E, 0x54F7_BA7A, 0x585C_CBD5, 0x6DF5_C727,
  0x0374_DAD1, 0x7112_B3F1, 0x735F_C311, 0x4043_31A9, 0x74D9_7781, 0x6449_5118, 0x323E_04BE,
  0x5974_B425, 0x4862_E393, 0x6238_9C1D, 0x28A6_8B82, 0x0F95_DA37, 0x7A50_BBC6, 0x09B0_091C,
  0x22CD_B7B4, 0x4FAA_ED26, 0x6641_7CCD, 0x189E_4BFA, 0x1CE4_E8DD, 0x5274_C742, 0x3BDC_F4DC,
  0x2D94_E907, 0x32EA_C016, 0x26D3_3CA3, 0x6041_5A8A, 0x31F5_7880, 0x68C8_AA52, 0x23EB_16DA,
  0x6204_F4A1, 0x3739_27C1, 0x0D24_EB7C, 0x06DD_7379, 0x2B3B_E507, 0x0F9C_55B1, 0x2C79_25EB,
  0x36D6_7C9A, 0x42F8_31D9, 0x5E39_61CB, 0x65D6_37A8, 0x24BB_3820, 0x4D08_E33D, 0x2188_754F,
  0x147E_409E, 0x6A96_20A0, 0x62E2_6657, 0x7BD8_CE81, 0x11DA_0ABB, 0x5F9E_7B50, 0x23E4_44B6,
  0x2592_0C78, 0x5FC8_94F0, 0x5E33_8CBB, 0x4042_37FD, 0x1D60_F80F, 0x320A_1743, 0x7601_3D2B,
  0x0702_94EE, 0x695E_243B, 0x56B1_77FD, 0x7524_92E1, 0x6DEC_D52F, 0x125F_5219, 0x139D_2E78,
  0x1898_D11E, 0x2F7E_E785, 0x4DB4_05D8, 0x1A02_8A35, 0x63F6_F323, 0x1F6D_0078, 0x307C_FD67,
  0x3F32_A78A, 0x6980_796C, 0x462B_3D83, 0x34B6_39F2, 0x53FC_E379, 0x74BA_50F4, 0x1ABC_2C4B,
  0x5EEA_EB8D, 0x335A_7A0D, 0x3973_DD20, 0x0462_D66B, 0x1598_13FF, 0x1E46_43FD, 0x06BC_5C62,
  0x3115_E3FC, 0x0910_1613, 0x47AF_2515, 0x4F11_EC54, 0x78B9_9911, 0x3DB8_DD44, 0x1EC1_0B9B,
  0x5B55_06CA, 0x773C_E092, 0x567B_E81A, 0x5475_B975, 0x7A2C_DE1A, 0x4945_36F5, 0x3473_7BB4,
  0x76D9_750B, 0x2A1F_6232, 0x2E49_644D, 0x7DDD_CBE7, 0x500C_EBDB, 0x619D_AB9E, 0x48C6_26FE,
  0x1CDA_3193, 0x52DA_BE9D,
]
