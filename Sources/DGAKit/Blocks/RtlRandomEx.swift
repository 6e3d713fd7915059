/// `RtlRandomEx` of ntdll up to Windows XP: `RtlUniform` shuffled by Bays and Durham's table
/// (algorithm B of The Art of Computer Programming 2, section 3.2.2).
///
/// The table is that of ReactOS, whose own function however returns the state, as `RtlUniform`
/// does. No sequence of a real Windows is published: compare with a sample before you rely on it.
/// The table belongs to the process, so that only its first caller finds it as it is here. Later
/// versions of Windows mix in a random number: their results cannot be foretold.
public struct RtlRandomEx: Sendable {
  /// The last state, the `Seed` the caller of ntdll hands in and gets back.
  public var state: UInt32 {
    get { uniform.state }
    set { uniform.state = newValue }
  }

  @usableFromInline var uniform: RtlUniform
  @usableFromInline var last: UInt32
  @usableFromInline var table: InlineArray<128, UInt32>

  /// A generator as a fresh process has it.
  public init(state: UInt32) {
    uniform = RtlUniform(state: state, as: .upToXP)
    last = 0x7775_FB16
    table = freshTable
  }

  /// The next result, 0 to 0x7FFFFFFE.
  @inlinable
  public mutating func next() -> UInt32 {
    let place = Int(last & 0x7F)
    last = table[place]
    table[place] = uniform.next()
    return last
  }
}

/// What `RtlRandomEx` shuffles at first (ReactOS, `rtl/random.c`).
private let freshTable: InlineArray<128, UInt32> = [
  0x4C8B_C0AA, 0x51A0_B326, 0x7112_B3F1, 0x1B9C_A4E1, 0x735F_C311, 0x6FE4_8580, 0x320A_1743,
  0x4940_45CA, 0x103A_D1C5, 0x4BA2_6E25, 0x62F1_D304, 0x280D_5677, 0x0702_94EE, 0x7ACE_F21A,
  0x62A4_07D5, 0x2DD3_6AF5, 0x194F_0F95, 0x1F21_D7B4, 0x307C_FD67, 0x66B9_311E, 0x6041_5A8A,
  0x5B26_4785, 0x3C28_B0E4, 0x08FA_DED7, 0x5561_75CE, 0x29C4_4179, 0x666F_23C9, 0x65C0_57D8,
  0x72B9_7ABC, 0x7C3B_E3D0, 0x478E_1753, 0x3074_449B, 0x675E_E842, 0x53F4_C2DE, 0x44D5_8949,
  0x6426_CF59, 0x111E_9C29, 0x3ABA_68B9, 0x242A_3A09, 0x50DD_B118, 0x7F8B_DAFB, 0x089E_BF23,
  0x5C37_D02A, 0x27DB_8CA6, 0x0AB4_8F72, 0x3499_5A4E, 0x189E_4BFA, 0x2C40_5C36, 0x3739_27C1,
  0x66C2_0C71, 0x5F99_1360, 0x67A3_8FA3, 0x4EDC_56AA, 0x25A5_9126, 0x34B6_39F2, 0x1679_B2CE,
  0x54F7_BA7A, 0x319D_28B5, 0x5155_FA54, 0x769E_6B87, 0x323E_04BE, 0x4565_A5AA, 0x5974_B425,
  0x5C56_A104, 0x2592_0C78, 0x3629_12DC, 0x7AF3_996F, 0x5FEB_9C87, 0x6183_61BF, 0x433F_BE97,
  0x0244_DA8E, 0x54E3_C739, 0x3318_3689, 0x3533_F398, 0x0D24_EB7C, 0x0642_8590, 0x0910_1613,
  0x53CE_5C5A, 0x47AF_2515, 0x2E00_3F35, 0x15FB_4ED5, 0x5E59_25F4, 0x7F62_2EA7, 0x0BB6_895F,
  0x2173_CDB6, 0x0467_BB41, 0x2C4D_19F1, 0x3647_12E1, 0x78B9_9911, 0x0A39_A380, 0x3DB8_DD44,
  0x6B47_93B8, 0x09B0_091C, 0x47EF_52B0, 0x293C_DCB3, 0x707B_9E7B, 0x26D3_3CA3, 0x1E52_7FAA,
  0x3FE0_8625, 0x4256_0B04, 0x139D_2E78, 0x0B55_8CDB, 0x28A6_8B82, 0x7BA3_A51D, 0x52DA_BE9D,
  0x59C3_DA1D, 0x5676_CF9C, 0x152E_972F, 0x6D8A_C746, 0x5EB3_3591, 0x78B3_0601, 0x0AB6_8DB0,
  0x3473_7BB4, 0x1B6D_D168, 0x76D9_750B, 0x2DDC_4FF2, 0x18A6_10CD, 0x2BAC_C08C, 0x422D_B55F,
  0x169B_89B6, 0x5274_C742, 0x6155_35DD, 0x46AD_005D, 0x4128_F8DD, 0x29F5_875C, 0x62C6_F3EF,
  0x2B3B_E507, 0x4A8E_003F,
]
