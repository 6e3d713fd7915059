import FoundationEssentials

/// A request of the pull API: a JSON object signed by a code in the field `HMAC2`.
package struct ReportRequest: Equatable, Sendable {
  /// Name of the recipient.
  package var apiKey: String
  /// First UTC day, inclusive; nil = any.
  package var firstDay: String?
  /// Last UTC day, inclusive; nil = any.
  package var lastDay: String?
  /// Types of reports; empty = all.
  package var types: [String] = []
  /// A report.
  package var id: String?

  private struct Form: Decodable {
    var apikey: String
    var date: String?
    var type: String?
    var reports: [String]?
    var id: String?
  }

  /// Reads a body; nil if it is none.
  package init?(_ body: [UInt8]) {
    guard body.count <= SharedRequest.bodyLimit,
      let form = try? JSONDecoder().decode(Form.self, from: Data(body))
    else { return nil }
    apiKey = form.apikey
    id = form.id
    types = form.type.map { [$0] } ?? []
    if let date = form.date {
      // A day, or two with a colon between.
      let days = date.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
      guard (1...2).contains(days.count), days.allSatisfy(Self.isDay) else { return nil }
      firstDay = days.first
      lastDay = days.last
    }
  }

  /// Whether a text has the form of a day; days that do not exist have no reports.
  static func isDay(_ text: String) -> Bool {
    let octets = Array(text.utf8)
    return octets.count == 10
      && octets.enumerated().allSatisfy { place, octet in
        place == 4 || place == 7 ? octet == 0x2d : (0x30...0x39).contains(octet)
      }
  }
}
