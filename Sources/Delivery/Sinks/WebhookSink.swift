package import DeliveryRules

/// Posts each record to an address, signed as Standard Webhooks describes it.
package final class WebhookSink: MessageSink {
  private let access: ServerAccess
  private let signature: WebhookSignature
  private let mediaType: String
  private let transfer = Transfer()

  /// A webhook.
  ///
  /// - Parameter mediaType: of a message.
  package init(_ access: ServerAccess, signature: WebhookSignature, mediaType: String) {
    self.access = access
    self.signature = signature
    self.mediaType = mediaType
  }

  /// Posts one after the other until one is not taken.
  package func send(_ messages: [OutgoingMessage], now: Int64) -> SendOutcome {
    for (number, message) in messages.enumerated() {
      if let failure = post(message, now: now) {
        return SendOutcome(accepted: number, failure: failure)
      }
    }
    return SendOutcome(accepted: messages.count)
  }

  private func post(_ message: OutgoingMessage, now: Int64) -> SendFailure? {
    let body = Array(message.text.utf8)
    let timestamp = now / 1_000_000
    let answer = transfer.post(
      access,
      headers: [
        "Content-Type: \(mediaType)", "User-Agent: ponor", "Expect:",
        "webhook-id: \(message.id)", "webhook-timestamp: \(timestamp)",
        "webhook-signature: "
          + signature.header(id: message.id, timestamp: timestamp, body: body),
      ], body: body)
    return Self.failure(answer)
  }

  /// What an answer means.
  ///
  /// 2xx: it was taken; 410: nothing more is wanted; of the other 4xx, those that speak of the
  /// message are refusals. All else may pass.
  static func failure(_ answer: Transfer.Answer) -> SendFailure? {
    if let error = answer.error { return .unavailable(error) }
    let text = "HTTP status \(answer.status)"
    switch answer.status {
    case 200..<300: return nil
    case 410: return .gone(text)
    case 400, 413, 415, 422: return .refused(text)
    default: return .unavailable(text, wait: answer.wait)
    }
  }
}
