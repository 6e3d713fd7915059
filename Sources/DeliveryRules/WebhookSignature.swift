/// Signatures of webhooks as Standard Webhooks describes them (version 1, HMAC-SHA256).
///
/// Signed is `id.timestamp.body`. During a change of keys a message carries a signature for each.
package struct WebhookSignature: Sendable {
  /// Keys, the newest first.
  private let keys: [[UInt8]]

  /// Most keys at a time: the new one and those on their way out.
  package static let maximumKeys = 4
  /// Octets of a key (Standard Webhooks: between 24 and 64).
  package static let keyOctets = 24...64

  /// Reads keys, one per line: `whsec_` and base64, or base64 alone.
  ///
  /// - Returns: nil if one cannot be read, or there are none, or too many.
  package init?(_ text: String) {
    let lines = text.split(whereSeparator: \.isWhitespace)
    let keys = lines.compactMap { line -> [UInt8]? in
      let digits = line.hasPrefix("whsec_") ? line.dropFirst(6) : line
      guard let key = Base64Text.decode(digits), Self.keyOctets.contains(key.count) else {
        return nil
      }
      return key
    }
    guard !keys.isEmpty, keys.count == lines.count, keys.count <= Self.maximumKeys else {
      return nil
    }
    self.keys = keys
  }

  /// The header field `webhook-signature`.
  ///
  /// - Parameter timestamp: seconds since 1970, of this try and not of the first.
  package func header(id: String, timestamp: Int64, body: [UInt8]) -> String {
    let message = Array("\(id).\(timestamp).".utf8) + body
    return keys.map { "v1," + Base64Text.encode(MessageCode.hmacSHA256(key: $0, message)) }
      .joined(separator: " ")
  }
}
