import Evidence

/// Syslog messages (RFC 5424) and their frames.
package enum SyslogMessage {
  /// Facility local0 and severity warning (RFC 5424 §6.2.1): 16 · 8 + 4.
  package static let priority = 132
  /// What every receiver of UDP must take (RFC 5426 §3.2: at least 480, should 2048).
  package static let datagramLimit = 2048

  /// Whether a text is a message already, `<PRI>1 …`.
  package static func isComplete(_ text: String) -> Bool {
    guard text.hasPrefix("<"), let end = text.firstIndex(of: ">") else { return false }
    let priority = Int(text[text.index(after: text.startIndex)..<end])
    return priority.map { (0...191).contains($0) } == true && text[end...].hasPrefix(">1 ")
  }

  /// A message with a text of another format in it.
  ///
  /// - Parameters:
  ///   - host: name or address of the sender, printable ASCII.
  ///   - microseconds: of the event, since 1970.
  package static func wrap(_ text: String, host: String, microseconds: Int64) -> String {
    // MSGID tells filters what it is; there is no structured data ("-").
    let time = UTCTime.rfc3339(microseconds: microseconds)
    return "<\(priority)>1 \(time) \(host) ponor - infection - \(text)"
  }

  /// A frame of a stream: its length in octets, a space, the message (RFC 6587 §3.4.1, RFC 5425 §4.3).
  package static func frame(_ message: String) -> [UInt8] {
    let octets = Array(message.utf8)
    return Array("\(octets.count) ".utf8) + octets
  }

  /// The text without the line end a format gave it.
  package static func withoutLineEnd(_ text: String) -> String {
    var text = text[...]
    while text.utf8.last == 0x0a || text.utf8.last == 0x0d {
      text = Substring(text.utf8.dropLast())
    }
    return String(text)
  }
}
