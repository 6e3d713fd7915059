extension Settings {
  /// DNS cookies.
  package struct Cookies: Equatable, Sendable {
    /// Secrets as 32 hexadecimal digits: the first makes cookies, all are accepted, none = random.
    package var secret: [String] = []
    /// File of secrets, read in place of `secret`; nil for none.
    package var secretFile: String?
    /// When a client must show a cookie.
    package var require = CookieRequirement.pressure
    /// UDP queries a second of one worker above which there is pressure.
    package var pressureQueries = 500_000
    /// Questions being resolved above which there is pressure.
    package var pressureRecursions = 4_096
  }
}

/// When a client that asks over UDP must show a server cookie.
package enum CookieRequirement: String, CaseIterable, Sendable {
  /// Never.
  case never
  /// While more is asked than the bounds.
  case pressure
  /// Always.
  case always
}

extension Settings.Cookies {
  /// Most secrets: each costs a hash for every wrong cookie.
  private static let mostSecrets = 4

  static let section = Section(
    key: "server.cookies", summary: "DNS cookies (RFC 7873, RFC 9018); clients that ask get one.",
    options: [
      Option(
        "server.cookies.secret", \.server.cookies.secret,
        .list(of: .secret, count: 0...mostSecrets), .reload,
        "Secrets of 32 hexadecimal digits; the first makes cookies, the others are still accepted.",
        details: """
          Servers behind one address need the same. Without any, a random one is made at every \
          start. Changes are shown without the secret.
          """),
      Option(
        "server.cookies.secret_file", \.server.cookies.secretFile, .optional(.path, word: "none"),
        .reload, "File with the secrets, one per line, in place of server.cookies.secret.",
        details: "Read at every reload. Keep it readable for the server only."),
      Option(
        "server.cookies.require", \.server.cookies.require, .choice, .reload,
        "When clients that ask over UDP must show a cookie.",
        details: """
          Those that sent a client cookie are answered BADCOOKIE with the cookie to use, others \
          TC=1, so that they come back over TCP. pressure means: while a bound below is passed.
          """),
      Option(
        "server.cookies.pressure_queries", \.server.cookies.pressureQueries,
        .integer(1...100_000_000, unit: "queries a second"), .reload,
        "UDP queries a second of one worker above which there is pressure."),
      Option(
        "server.cookies.pressure_recursions", \.server.cookies.pressureRecursions,
        .integer(1...10_000_000, unit: "questions"), .reload,
        "Questions being resolved, in all, above which there is pressure."),
    ])
}

extension ValueKind where Value == String {
  /// A cookie secret; changes of it are told without it.
  static var secret: ValueKind {
    .scalar(
      "secret", allowed: "32 hexadecimal digits",
      parse: { (text) throws(BadValue) in
        guard text.utf8.count == 32, text.allSatisfy(\.isHexDigit) else {
          throw BadValue("is not 32 hexadecimal digits; try `openssl rand -hex 16`")
        }
        return text
      }, encode: { YAMLText.quoted($0) })
  }
}
