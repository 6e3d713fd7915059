/// What a server and its successor say to each other, see `Successor`.
package enum HandoverMessage: Equatable, Sendable {
  /// A successor introduces itself, with the version of the protocol.
  case greeting(version: Int)
  /// Some sockets, whose descriptors come along.
  case sockets
  /// Those were all sockets.
  case all
  /// The old server is to give up the data directory.
  case prepare
  /// It has.
  case prepared
  /// The new server answers.
  case serving
  /// The old server has stopped receiving.
  case withdrawn
  /// The other side does not do what it was asked, with the reason.
  case refusal(String)
  /// Something else, made fit to be shown.
  case unknown(String)

  /// The version that this program speaks.
  package static let version = 1
  /// Longest message, octets.
  package static let octets = 4096
  /// Octets of a reason or an unknown message that are kept: what fits a line of a log.
  private static let shownOctets = 200

  private static let greetingStart = "ponor-takeover "
  private static let refusalStart = "no "
  private static let words: [(String, HandoverMessage)] = [
    ("sockets", .sockets), ("all", .all), ("prepare", .prepare), ("prepared", .prepared),
    ("serving", .serving), ("withdrawn", .withdrawn),
  ]

  /// Reads a message; octets that mean nothing are an `unknown` one.
  package init(reading octets: some Collection<UInt8>) {
    let text = String(decoding: octets.prefix(Self.octets), as: UTF8.self)
    if octets.count <= Self.octets, let known = Self.words.first(where: { $0.0 == text }) {
      self = known.1
    } else if let version = Self.version(text) {
      self = .greeting(version: version)
    } else if text.hasPrefix(Self.refusalStart) {
      self = .refusal(Self.shown(text.dropFirst(Self.refusalStart.count)))
    } else {
      self = .unknown(Self.shown(text[...]))
    }
  }

  /// The message as it is sent.
  package var text: String {
    switch self {
    case .greeting(let version): Self.greetingStart + "\(version)"
    case .refusal(let reason): Self.refusalStart + Self.shown(reason[...])
    case .unknown(let text): text
    default: Self.words.first { $0.1 == self }?.0 ?? ""
    }
  }

  /// The version in a greeting, which has one spelling.
  private static func version(_ text: String) -> Int? {
    guard text.hasPrefix(greetingStart) else { return nil }
    let digits = text.dropFirst(greetingStart.count)
    guard digits.utf8.count <= 9, let version = Int(digits), version > 0, "\(version)" == digits
    else { return nil }
    return version
  }

  /// One line without control characters: it goes to logs and terminals.
  private static func shown(_ text: Substring) -> String {
    var shown = ""
    for scalar in text.unicodeScalars {
      guard shown.utf8.count < shownOctets else { return shown + "…" }
      let isPlain = scalar.value >= 0x20 && !(0x7F...0x9F).contains(scalar.value)
      shown.unicodeScalars.append(isPlain ? scalar : "?")
    }
    return shown
  }
}
