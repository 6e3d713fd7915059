/// What libunbound's state file says of the trust anchors it follows (RFC 5011).
///
/// A line of a key reads `. 172800 IN DNSKEY 257 3 8 … ;{id = …} ;;state=2 [  VALID  ] …`, one of
/// the trust point `;;next_probe_time: 1700000000 ;;…` (validator/autotrust.c of 1.17.1). Everything
/// else is passed over.
public struct AnchorState: Sendable, Equatable {
  /// Larger files are not read; one has some kilobytes.
  public static let sizeLimit = 1 << 20
  /// libunbound's numbers of states in which a key is trusted: VALID and MISSING (RFC 5011 §4.1).
  private static let trusted: Set<Substring> = ["2", "3"]

  /// Trusted DS or DNSKEY records in presentation format.
  public private(set) var anchors: [String] = []
  /// Unix seconds of the next look at the keys (RFC 5011 §2.3); nil before the first.
  public private(set) var nextProbe: Int64?

  /// Reads the text of a state file, or of a file of plain records such as the first is made from.
  public init(_ text: String) {
    for line in text.split(whereSeparator: \.isNewline) {
      if line.hasPrefix(";;next_probe_time:") {
        let value = line.dropFirst(18).drop { $0 == " " }.prefix { $0.isASCII && $0.isNumber }
        nextProbe = Int64(value)
      } else if !line.hasPrefix(";") {
        addRecord(line)
      }
    }
  }

  private mutating func addRecord(_ line: Substring) {
    let record = line.prefix { $0 != ";" }
    let words = record.split(whereSeparator: \.isWhitespace)
    guard words.contains("DNSKEY") || words.contains("DS") else { return }
    if let state = line.firstRange(of: ";;state=") {
      let number = line[state.upperBound...].prefix { $0.isASCII && $0.isNumber }
      guard Self.trusted.contains(number) else { return }
    }
    anchors.append(words.joined(separator: " "))
  }
}
