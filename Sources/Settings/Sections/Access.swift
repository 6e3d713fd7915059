package import Addressing

extension Settings {
  /// Who may ask what.
  package struct Access: Equatable, Sendable {
    /// Clients that may recurse.
    package var recursion = [
      IPPrefix(address: IPAddress(ipv4: 0x7F00_0000), length: 96 + 8),
      IPPrefix(address: IPAddress(high: 0, low: 1), length: 128),
    ]
    /// Clients that get sinkhole answers; nil means those that may recurse.
    package var sinkhole: [IPPrefix]?

    /// Clients that get sinkhole answers, whichever option says so.
    package var effectiveSinkhole: [IPPrefix] { sinkhole ?? recursion }
  }
}

extension Settings.Access {
  static let section = Section(
    key: "access", summary: "Who may ask what; everyone else is answered REFUSED.",
    options: [
      Option(
        "access.recursion", \.access.recursion, .list(of: .prefix), .reload,
        "Clients that may have ordinary names resolved.",
        details: """
          Never the whole Internet: an open resolver is an amplifier for attacks \
          (RFC 5358, BCP 140).
          """),
      Option(
        "access.sinkhole", \.access.sinkhole, .optional(.list(of: .prefix), word: "same"), .reload,
        "Clients that get sinkhole answers and whose lookups are recorded.",
        details: """
          same means the list of access.recursion. An authoritative sinkhole for delegated \
          names answers everyone: ["0.0.0.0/0", "::/0"].
          """),
    ])
}
