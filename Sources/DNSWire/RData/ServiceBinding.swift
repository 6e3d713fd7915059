/// Service binding, the rdata of SVCB and HTTPS (RFC 9460 §2.2).
public struct ServiceBinding: RDataFormat {
  /// 0 for an alias, otherwise lower is tried first.
  public var priority: UInt16
  /// The host, `.` for the owner itself.
  public var target: Name
  /// Parameters, keys ascending.
  public var parameters: [ServiceParameter]

  /// Makes a service binding; parameters are sorted by key.
  public init(priority: UInt16, target: Name, parameters: [ServiceParameter] = []) {
    self.priority = priority
    self.target = target
    self.parameters = parameters.sorted { $0.key.rawValue < $1.key.rawValue }
  }

  /// Reads the fields in wire order.
  public init(reading reader: inout WireReader) throws(WireError) {
    priority = try reader.readUInt16()
    target = try reader.readName()
    parameters = []
    while reader.remaining > 0 {
      let start = reader.offset
      let key = ServiceParameter.Key(rawValue: try reader.readUInt16())
      // Strictly ascending keys also exclude repeats (RFC 9460 §2.2).
      if let last = parameters.last, last.key.rawValue >= key.rawValue {
        throw WireError(.badValue, at: start)
      }
      let length = Int(try reader.readUInt16())
      let parameter = ServiceParameter(key: key, value: try reader.readBytes(length))
      guard parameter.isWellFormed else { throw WireError(.badValue, at: start) }
      parameters.append(parameter)
    }
  }

  /// The fields in wire order.
  public var fields: [RDataField] {
    [.u16(priority), .name(target)] + parameters.map { .parameter($0) }
  }
}

/// A key and value of a service binding.
public struct ServiceParameter: Sendable, Hashable, CustomStringConvertible {
  /// A parameter key (RFC 9460 §14.3.2).
  public struct Key: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
    /// The number.
    public let rawValue: UInt16
    /// Takes the number.
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// Keys a client must understand.
    public static let mandatory = Key(rawValue: 0)
    /// Protocols offered.
    public static let alpn = Key(rawValue: 1)
    /// The default protocol is not offered.
    public static let noDefaultALPN = Key(rawValue: 2)
    /// Port.
    public static let port = Key(rawValue: 3)
    /// IPv4 addresses.
    public static let ipv4Hint = Key(rawValue: 4)
    /// Encrypted ClientHello configuration.
    public static let ech = Key(rawValue: 5)
    /// IPv6 addresses.
    public static let ipv6Hint = Key(rawValue: 6)
    /// URI template of DNS over HTTPS (RFC 9461 §5).
    public static let dohPath = Key(rawValue: 7)

    private static let mnemonics = [
      "mandatory", "alpn", "no-default-alpn", "port", "ipv4hint", "ech", "ipv6hint", "dohpath",
    ]

    /// What is shown to people.
    public var description: String {
      let index = Int(rawValue)
      return index < Self.mnemonics.count ? Self.mnemonics[index] : "key\(rawValue)"
    }
  }

  /// The key.
  public var key: Key
  /// The value as on the wire, up to 65,535 octets.
  public var value: [UInt8]

  /// Makes a parameter of a value in wire form.
  public init(key: Key, value: [UInt8]) {
    self.key = key
    self.value = value
  }

  /// Whether the value has the form its key asks for (RFC 9460 §7 and §8).
  public var isWellFormed: Bool {
    switch key {
    case .mandatory:
      let keys = words
      return !keys.isEmpty && value.count % 2 == 0 && keys.first != 0
        && zip(keys, keys.dropFirst()).allSatisfy { $0 < $1 }
    case .alpn: return protocols?.isEmpty == false
    case .noDefaultALPN: return value.isEmpty
    case .port: return value.count == 2
    case .ipv4Hint: return !value.isEmpty && value.count % 4 == 0
    case .ipv6Hint: return !value.isEmpty && value.count % 16 == 0
    default: return true
    }
  }

  /// `key=value` as RFC 9460 §2.1 and §7 write it; a malformed value is written as plain octets.
  public var description: String {
    guard !value.isEmpty else { return key.description }
    return "\(key)=\(isWellFormed ? valueText : PresentationText.quoted(value))"
  }

  private var valueText: String {
    switch key {
    case .mandatory: words.map { Key(rawValue: $0).description }.joined(separator: ",")
    case .alpn: protocolText
    case .port: words.map { String($0) }.joined()
    case .ipv4Hint:
      groups(of: 4).map { PresentationText.ipv4($0.bigEndianValue) }.joined(separator: ",")
    case .ipv6Hint: groups(of: 16).map { PresentationText.ipv6($0) }.joined(separator: ",")
    case .ech: PresentationText.base64(value)
    default: PresentationText.quoted(value)
    }
  }

  /// RFC 9460 appendix A.1: commas and backslashes are escaped within a list, and again as text.
  private var protocolText: String {
    let list = (protocols ?? []).map { item in
      item.flatMap { octet -> [UInt8] in
        octet == UInt8(ascii: ",") || octet == UInt8(ascii: "\\")
          ? [UInt8(ascii: "\\"), octet] : [octet]
      }
    }
    let joined = Array(list.joined(separator: [UInt8(ascii: ",")]))
    let isPlain = joined.allSatisfy { (0x21...0x7E).contains($0) && !Self.special.contains($0) }
    return isPlain ? PresentationText.escaped(joined) : PresentationText.quoted(joined)
  }

  private static let special = Set("\"\\();".utf8)

  private var words: [UInt16] {
    groups(of: 2).map { UInt16(truncatingIfNeeded: $0.bigEndianValue) }
  }

  private var protocols: [[UInt8]]? {
    var result: [[UInt8]] = []
    var position = 0
    while position < value.count {
      let end = position + 1 + Int(value[position])
      guard end <= value.count, end > position + 1 else { return nil }
      result.append(Array(value[(position + 1)..<end]))
      position = end
    }
    return result
  }

  private func groups(of size: Int) -> [[UInt8]] {
    stride(from: 0, to: value.count - value.count % size, by: size).map {
      Array(value[$0..<($0 + size)])
    }
  }
}

extension [UInt8] {
  fileprivate var bigEndianValue: UInt32 { reduce(0) { $0 << 8 | UInt32($1) } }
}
