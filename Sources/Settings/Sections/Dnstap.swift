package import Addressing
import CheckedYAML

extension Settings {
  /// Telling DNS messages to who listens in.
  package struct Dnstap: Equatable, Sendable {
    /// Which messages are sent.
    package enum Messages: String, CaseIterable, Sendable {
      /// Those of lookups of listed names.
      case hits
      /// All.
      case all
    }

    /// UNIX socket they are sent to.
    package var socket: String?
    /// TCP address they are sent to.
    package var tcp: SocketEndpoint?
    /// File they are written to.
    package var file: String?
    /// Which messages are sent.
    package var messages = Messages.hits
    /// One in so many of those that are no hits.
    package var sample = 1
    /// Who sends; nil says nothing.
    package var identity: String?
    /// With what; nil is the program's version.
    package var version: String?
    /// What may wait in each thread.
    package var queue = ByteCount.mebibytes(4)
  }
}

extension Settings.Dnstap {
  static let section = Section(
    key: "dnstap",
    summary:
      "Copies of DNS messages for other programs (docs/dnstap.md); the first target set is used.",
    options: [
      Option(
        "dnstap.socket", \.dnstap.socket, .optional(.socketPath, word: "off"), .reload,
        "UNIX socket of the program that reads dnstap."),
      Option(
        "dnstap.tcp", \.dnstap.tcp, .optional(.endpoint, word: "off"), .reload,
        "TCP address of the program that reads dnstap; neither secret nor authenticated."),
      Option(
        "dnstap.file", \.dnstap.file, .optional(.path, word: "off"), .reload,
        "File dnstap is written to; one that is there is kept as PATH.previous."),
      Option(
        "dnstap.messages", \.dnstap.messages, .choice, .reload,
        "Which messages: hits, or all with one in `dnstap.sample` of the rest.",
        details: "all tells every client's lookups to the reader: mind the law and your users."),
      Option(
        "dnstap.sample", \.dnstap.sample, .integer(1...1_000_000), .reload,
        "One in so many messages that are no hits; hits are always sent."),
      Option(
        "dnstap.identity", \.dnstap.identity, .optional(.string(upTo: 255), word: "hide"), .reload,
        "Name of this server in every message."),
      Option(
        "dnstap.version", \.dnstap.version, .optional(.string(upTo: 255), word: "default"),
        .reload, "Version in every message; default is the program's."),
      Option(
        "dnstap.queue", \.dnstap.queue, .size(ByteCount(64 << 10)...(.mebibytes(1024))), .reload,
        "Octets of messages that may wait in each thread; what comes beyond is dropped.",
        details: "DNS never waits for the reader. Drops are counted in ponor_dnstap_dropped_total."),
    ])
}

extension ValueKind where Value == String {
  /// The path of somebody else's socket: nothing that is read as an input.
  static var socketPath: ValueKind {
    var kind = ValueKind.path
    kind.paths = nil
    return kind
  }
}

extension SettingsDecoding {
  /// Messages go to one place.
  mutating func checkDnstap() {
    let dnstap = settings.dnstap
    let targets = [
      ("dnstap.socket", dnstap.socket != nil), ("dnstap.tcp", dnstap.tcp != nil),
      ("dnstap.file", dnstap.file != nil),
    ].filter(\.1).map(\.0)
    guard let used = targets.first else { return }
    for key in targets.dropFirst() {
      report(
        key, "'\(key)' is not used: dnstap goes to one place, which is '\(used)'; take one out",
        severity: .warning)
    }
  }
}
