import DNSWire

/// What forwarders say of the device behind them, in fixed storage.
///
/// Several options may come together, such as a modem's identity and the MAC address behind it.
/// They are kept as they came: for each one octet of kind, one of length, then its data.
public struct DeviceIdentity: Sendable {
  /// Where an identity comes from; the numbers are stored with hits and never change.
  public enum Kind: UInt8, Sendable, CaseIterable {
    /// MAC address: 65001 (dnsmasq `add-mac`), 65073 (`add-mac=text` or `base64`, Nominum).
    case mac = 1
    /// Identity of the customer's modem: 65074 (dnsmasq `add-cpe-id`, Nominum).
    case customerPremises = 2
    /// OpenDNS device identity: 26946.
    case openDNS = 3
    /// Cisco Umbrella identity: 20292.
    case umbrella = 4

    /// The kind that an EDNS option carries; draft-tale-dnsop-edns0-clientid §3 and §4 tell of all
    /// but 65001, which dnsmasq's source names `EDNS0_OPTION_MAC`.
    init?(optionCode: UInt16) {
      switch optionCode {
      case 65001, 65073: self = .mac
      case 65074: self = .customerPremises
      case 26946: self = .openDNS
      case 20292: self = .umbrella
      default: return nil
      }
    }
  }

  /// Most octets kept, kinds and lengths included: a UUID as text and a MAC address fit together.
  public static let most = 64

  private var storage = InlineArray<64, UInt8>(repeating: 0)
  /// Octets in use.
  public private(set) var count = 0

  /// No identity.
  public init() {}

  /// Forgets everything.
  public mutating func clear() { count = 0 }

  /// Adds an option if it is an identity that fits and whose kind is not there yet.
  ///
  /// What does not fit is left out whole: half an identity could be somebody else's.
  public mutating func add(
    optionCode: UInt16, _ bytes: Span<UInt8>, at offset: Int, length: Int
  ) {
    guard let kind = Kind(optionCode: optionCode), length > 0, length <= Self.most - 2 - count,
      !holds(kind)
    else { return }
    storage[count] = kind.rawValue
    storage[count + 1] = UInt8(length)
    for index in 0..<length { storage[count + 2 + index] = bytes[offset + index] }
    count += 2 + length
  }

  private func holds(_ kind: Kind) -> Bool {
    var at = 0
    while at + 1 < count {
      if storage[at] == kind.rawValue { return true }
      at += 2 + Int(storage[at + 1])
    }
    return false
  }

  /// The octets in use.
  public var octets: Span<UInt8> {
    @_lifetime(borrow self)
    get { storage.span.extracting(0..<count) }
  }
}
