import Addressing

/// Reads the log of Kea's hook `legal_log`, in the form it has unless configured otherwise.
///
/// It says when leases were assigned, renewed and released, which no other source of Kea does:
///
///     2026-11-23 12:00:00 UTC Address: 192.0.2.10 has been renewed for 1 hrs 0 min 0 secs to a device
///     with hardware address: hwtype=1 02:00:5e:00:00:01, client-id: … identified by circuit-id: … (…)
///
/// (one line). Times are local; the zone's abbreviation tells nothing reliable unless it is UTC.
package struct KeaLegalLog: SourceReader {
  private var history = LeaseHistory()
  private let keyName: String?
  private let utcOffset: Int64?

  /// Makes a reader; the key is the DUID, or else the hardware address, unless one of `client-id`,
  /// `circuit-id`, `remote-id`, `subscriber-id` is named.
  package init(_ options: ReaderOptions = ReaderOptions()) {
    keyName = options.key
    utcOffset = options.utcOffset
  }

  package mutating func read(_ line: [UInt8], _ output: inout ReaderOutput) {
    let text = line[...].trimmed
    guard !text.isEmpty else { return }
    output.countRow()
    // 2026-11-23 12:00:00, a blank, the zone, a blank, the rest.
    guard text.count > 21, let (zone, rest) = text.dropFirst(20).cut(at: 0x20) else {
      return output.malformed("the line has no date, time and zone")
    }
    guard let offset = InstantText.zone(zone) ?? utcOffset else {
      return output.malformed("zone \(shown(zone)) tells no offset: set utc_offset of the source")
    }
    guard let time = InstantText.parse(text.prefix(19), utcOffset: offset) else {
      return output.malformed("time \(shown(text.prefix(19))) cannot be read")
    }
    if let flaw = take(rest.text, time, &output) { output.malformed(flaw) }
  }

  package mutating func finish(_ output: inout ReaderOutput) { history.finish(&output) }

  /// Takes what happened at `time`; what is wrong with it.
  private mutating func take(
    _ text: String, _ time: Int64, _ output: inout ReaderOutput
  ) -> String? {
    let words = text.split(separator: " ")
    guard words.count > 4, words[0] == "Address:" || words[0] == "Prefix:", words[2] == "has",
      words[3] == "been", let prefix = Array(words[1].utf8)[...].prefix
    else { return Self.isOther(text) ? nil : "the line tells of no lease" }
    output.saw(time)
    switch words[4] {
    case "released":
      history.free(prefix, from: time)
      return nil
    case "assigned", "renewed":
      guard let duration = Self.duration(words.dropFirst(5)) else {
        return "the duration of the lease cannot be read"
      }
      guard let key = key(text), SubscriberKey.isValid(key) else {
        return "the line does not have the subscriber key"
      }
      let (end, isForever) = time.addingReportingOverflow(duration)
      history.lease(prefix, key: key, start: time, end: isForever ? .max : end, &output)
      return nil
    default: return "\(shown(Array(words[4].utf8)[...])) is no change of a lease"
    }
  }

  /// Lines of administrators' commands do not say enough to be of use.
  private static func isOther(_ text: String) -> Bool { text.hasPrefix("Administrator ") }

  /// Microseconds of `for 1 hrs 52 min 15 secs to …`.
  private static func duration(_ words: ArraySlice<Substring>) -> Int64? {
    guard words.first == "for" else { return nil }
    if words.dropFirst().first == "infinite" { return .max }
    let units: [Substring: Int64] = ["days": 86_400, "hrs": 3_600, "min": 60, "secs": 1]
    var rest = words.dropFirst()
    var seconds: Int64 = 0
    var isRead = false
    while rest.count >= 2, let unit = units[rest[rest.startIndex + 1]] {
      guard let number = Array(rest[rest.startIndex].utf8)[...].decimal, number <= UInt32.max
      else { return nil }
      seconds += number * unit
      isRead = true
      rest = rest.dropFirst(2)
    }
    // Lifetimes are 32 bits of seconds (RFC 2132 §9.2).
    return isRead && (1...Int64(UInt32.max)).contains(seconds)
      ? seconds * InstantText.microseconds : nil
  }

  private func key(_ text: String) -> Octets? {
    if let keyName { return Self.value(after: keyName + ": ", in: text, preferringText: true) }
    return Self.value(after: "DUID: ", in: text, preferringText: false)
      ?? Self.hardwareAddress(text)
  }

  /// The hex behind a name, or the readable form that Kea puts behind that in brackets.
  private static func value(
    after name: String, in text: String, preferringText: Bool
  ) -> Octets? {
    let parts = text.split(separator: name, maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2 else { return nil }
    let hex = parts[1].prefix { $0 != " " && $0 != "," }
    let rest = parts[1][hex.endIndex...]
    guard preferringText, rest.hasPrefix(" ("), let end = rest.firstIndex(of: ")") else {
      return Octets(hex.utf8)
    }
    return Octets(rest[..<end].dropFirst(2).utf8)
  }

  /// `hardware address: hwtype=1 02:00:5e:00:00:01`.
  private static func hardwareAddress(_ text: String) -> Octets? {
    let parts = text.split(
      separator: "hardware address: hwtype=", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2 else { return nil }
    let words = parts[1].split(maxSplits: 2, whereSeparator: { $0 == " " || $0 == "," })
    return words.count >= 2 ? Octets(words[1].utf8) : nil
  }
}
