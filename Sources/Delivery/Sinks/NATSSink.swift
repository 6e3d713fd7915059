import CNATS
import Glibc

/// Publishes each record to a stream of NATS JetStream, which acknowledges it and drops repeats by
/// their `Nats-Msg-Id` (within the stream's window of duplicates).
///
/// Unsafe because the client is C: what it hands out is destroyed after use.
package final class NATSSink: MessageSink {
  private let access: ServerAccess
  private let subject: String
  private var connection: OpaquePointer?
  private var stream: OpaquePointer?

  /// A subject of a stream that exists.
  package init(_ access: ServerAccess, subject: String) {
    self.access = access
    self.subject = subject
  }

  deinit { disconnect() }

  /// Publishes one after the other until one is not acknowledged.
  package func send(_ messages: [OutgoingMessage], now: Int64) -> SendOutcome {
    if stream == nil, let reason = connect() {
      return SendOutcome(accepted: 0, failure: .unavailable(reason))
    }
    for (number, message) in messages.enumerated() {
      if let reason = publish(message) {
        disconnect()
        return SendOutcome(accepted: number, failure: .unavailable(reason))
      }
    }
    return SendOutcome(accepted: messages.count)
  }

  private func publish(_ message: OutgoingMessage) -> String? {
    let octets = Array(message.text.utf8).map { CChar(bitPattern: $0) }
    var options = jsPubOptions()
    jsPubOptions_Init(&options)
    options.MaxWait = Int64(access.milliseconds)
    return message.id.withCString { id in
      options.MsgId = id
      var code = jsErrCode(0)
      let status = js_Publish(
        nil, stream, subject, octets, Int32(clamping: octets.count), &options, &code)
      return status == NATS_OK ? nil : text(status)
    }
  }

  private func connect() -> String? {
    var options: OpaquePointer?
    guard natsOptions_Create(&options) == NATS_OK else { return "no memory" }
    defer { natsOptions_Destroy(options) }
    natsOptions_SetURL(options, access.url)
    natsOptions_SetTimeout(options, Int64(access.milliseconds))
    natsOptions_SetName(options, "ponor")
    // Reconnecting is done here, by the schedule of the sink.
    natsOptions_SetAllowReconnect(options, false)
    if let password = access.password {
      if let user = access.user {
        natsOptions_SetUserInfo(options, user, password)
      } else {
        natsOptions_SetToken(options, password)
      }
    }
    if access.url.hasPrefix("tls:") {
      if let reason = secure(options) { return reason }
    }
    var status = natsConnection_Connect(&connection, options)
    if status == NATS_OK { status = natsConnection_JetStream(&stream, connection, nil) }
    guard status != NATS_OK else { return nil }
    let reason = text(status)
    disconnect()
    return reason
  }

  /// Has a connection use TLS; why it cannot, or nil.
  private func secure(_ options: OpaquePointer?) -> String? {
    guard natsOptions_SetSecure(options, true) == NATS_OK else { return "no TLS" }
    guard let file = access.caFile,
      natsOptions_LoadCATrustedCertificates(options, file) != NATS_OK
    else { return nil }
    // Without them the system's would be trusted instead.
    return "the certificates in \(file) cannot be read"
  }

  /// What went wrong; the library says more of it than the status does, such as why a certificate
  /// was refused.
  private func text(_ status: natsStatus) -> String {
    let text = String(cString: natsStatus_GetText(status))
    guard let said = nats_GetLastError(nil) else { return text }
    let more = String(cString: said)
    // It begins with a place in the library's source: `(conn.c:733): `.
    let reason = more.firstRange(of: "): ").map { more[$0.upperBound...] } ?? more[...]
    return reason.isEmpty || reason == text ? text : "\(text): \(reason)"
  }

  private func disconnect() {
    if let stream { jsCtx_Destroy(stream) }
    if let connection { natsConnection_Destroy(connection) }
    stream = nil
    connection = nil
  }
}
