import Addressing
import Yams

extension ValueKind where Value == Secret {
  /// A secret in base64; messages never quote it.
  static var secret: ValueKind {
    ValueKind(
      name: "base64", allowed: "at least 8 octets",
      decode: { node, reader in
        guard let text = reader.text(node, expected: "base64") else { return nil }
        guard let secret = Secret(base64: text), secret.octets.count >= 8 else {
          reader.report(
            "'\(reader.key)' is no base64 of at least 8 octets; make one with"
              + " `head -c 32 /dev/urandom | base64`", at: node)
          return nil
        }
        return secret
      },
      encode: { _ in YAMLText.quoted("(hidden)") })
  }
}

extension ValueKind where Value == PrimaryAddress {
  /// An address with an optional port and TLS name.
  static var primary: ValueKind {
    .scalar(
      "address[:port][#name]", allowed: "port 53, with a name 853, if left out",
      parse: { (text) throws(BadValue) in try PrimaryAddress(text: text) },
      encode: { YAMLText.quoted($0.description) })
  }
}
