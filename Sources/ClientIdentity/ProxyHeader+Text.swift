import Addressing

/// Version 1, one line of text (§2.1); only streams use it.
extension ProxyHeader {
  /// Longest line with its end (§2.1).
  private static let longestLine = 107

  /// Reads a header of either version in front of the octets of a stream.
  public static func readStream(_ bytes: Span<UInt8>) -> Outcome {
    guard let first = bytes.isEmpty ? nil : bytes[0] else { return .incomplete }
    return first == UInt8(ascii: "P") ? readLine(bytes) : read(bytes)
  }

  private static func readLine(_ bytes: Span<UInt8>) -> Outcome {
    let known = bytes.extracting(0..<min(bytes.count, longestLine))
    guard let end = lineEnd(known) else {
      return bytes.count < longestLine && couldBeLine(known) ? .incomplete : .invalid
    }
    var line: [UInt8] = []
    for index in 0..<end { line.append(known[index]) }
    let words = line.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false).map {
      String(decoding: $0, as: UTF8.self)
    }
    var header = ProxyHeader(length: end + 2)
    guard words.count >= 2, words[0] == "PROXY" else { return .invalid }
    // §2.1: what follows UNKNOWN must be ignored.
    if words[1] == "UNKNOWN" { return .header(header) }
    guard let endpoints = endpoints(words) else { return .invalid }
    header.endpoints = endpoints
    return .header(header)
  }

  private static func couldBeLine(_ bytes: Span<UInt8>) -> Bool {
    let start: StaticString = "PROXY "
    return start.withUTF8Buffer { wanted in
      for index in 0..<min(bytes.count, wanted.count) where unsafe bytes[index] != wanted[index] {
        return false
      }
      return true
    }
  }

  private static func lineEnd(_ bytes: Span<UInt8>) -> Int? {
    for index in bytes.indices.dropLast() where bytes.holds("\r\n", at: index) { return index }
    return nil
  }

  private static func endpoints(_ words: [String]) -> Endpoints? {
    guard words.count == 6, words[1] == "TCP4" || words[1] == "TCP6",
      let source = IPAddress(words[2]), let destination = IPAddress(words[3]),
      source.isIPv4 == (words[1] == "TCP4"), destination.isIPv4 == source.isIPv4,
      let sourcePort = port(words[4]), let destinationPort = port(words[5])
    else { return nil }
    return Endpoints(
      source: SocketEndpoint(address: source, port: sourcePort),
      destination: SocketEndpoint(address: destination, port: destinationPort), isStream: true)
  }

  private static func port(_ text: String) -> UInt16? {
    // `Int` would take a sign too; §2.1 wants digits without leading zeros.
    guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
      text.utf8.count == 1 || text.utf8.first != 0x30
    else { return nil }
    return UInt16(text)
  }
}
