import CCurl
import DeliveryRules
import Glibc

/// Sends each record as a syslog message (RFC 5424): over UDP one per datagram (RFC 5426), over TCP
/// (RFC 6587) and TLS (RFC 5425) in frames that begin with their length.
///
/// Syslog has no acknowledgement. Over TCP and TLS a message counts as taken once the other side's
/// kernel has it; over UDP once it is sent. Who needs more uses a webhook or a queue.
package final class SyslogSink: MessageSink {
  /// What carries the messages.
  package enum Carrier: String, Sendable {
    /// Datagrams.
    case udp
    /// A stream.
    case tcp
    /// An encrypted stream.
    case tls

    /// Port if none is given (RFC 5426, RFC 6587 leave 514 to UDP; RFC 5425: 6514).
    var port: String {
      switch self {
      case .udp: "514"
      case .tcp: "601"
      case .tls: "6514"
      }
    }
  }

  private let access: ServerAccess
  private let carrier: Carrier
  private let host: String
  private var stream: Transfer?
  private var socket: Int32 = -1

  /// A receiver of syslog.
  ///
  /// - Parameter host: name of the sender in messages that are made of other formats.
  package init(_ access: ServerAccess, _ carrier: Carrier, host: String) {
    self.access = access
    self.carrier = carrier
    self.host = host
  }

  deinit { if socket >= 0 { close(socket) } }

  /// Sends the messages; over a stream all or none count as taken.
  package func send(_ messages: [OutgoingMessage], now: Int64) -> SendOutcome {
    let texts = messages.map { message in
      SyslogMessage.isComplete(message.text)
        ? message.text
        : SyslogMessage.wrap(message.text, host: host, microseconds: message.eventTime)
    }
    return carrier == .udp ? sendDatagrams(texts) : sendStream(texts)
  }

  // MARK: - Streams

  private func sendStream(_ texts: [String]) -> SendOutcome {
    guard let (name, port) = access.hostAndPort else {
      return SendOutcome(accepted: 0, failure: .unavailable("'\(access.url)' names no host"))
    }
    let transfer: Transfer
    if let stream {
      transfer = stream
    } else {
      transfer = Transfer()
      let place = name.contains(":") ? "[\(name)]" : name
      let scheme = carrier == .tls ? "https" : "http"
      let answer = transfer.connect(access, url: "\(scheme)://\(place):\(port ?? carrier.port)/")
      if let error = answer.error {
        return SendOutcome(accepted: 0, failure: .unavailable(error))
      }
      stream = transfer
    }
    let octets = texts.flatMap(SyslogMessage.frame)
    let answer = transfer.send(octets, milliseconds: access.milliseconds)
    if let error = answer.error {
      // Some of it may have arrived: all is sent again over a new connection.
      stream = nil
      return SendOutcome(accepted: 0, failure: .unavailable(error))
    }
    return SendOutcome(accepted: texts.count)
  }

  // MARK: - Datagrams

  private func sendDatagrams(_ texts: [String]) -> SendOutcome {
    if let failure = openSocket() { return SendOutcome(accepted: 0, failure: failure) }
    for (number, text) in texts.enumerated() {
      var octets = Array(text.utf8)
      if octets.count > SyslogMessage.datagramLimit {
        return SendOutcome(
          accepted: number,
          failure: .refused(
            "\(octets.count) octets do not fit a datagram of \(SyslogMessage.datagramLimit): "
              + "use tcp or tls"))
      }
      // The error of an earlier datagram (nobody listens) comes with the next call, once.
      guard Glibc.send(socket, &octets, octets.count, Int32(clamping: MSG_NOSIGNAL)) >= 0 else {
        let reason = String(cString: strerror(errno))
        return SendOutcome(accepted: max(0, number - 1), failure: .unavailable(reason))
      }
    }
    return SendOutcome(accepted: texts.count)
  }

  private func openSocket() -> SendFailure? {
    guard socket < 0 else { return nil }
    guard let (name, port) = access.hostAndPort else {
      return .unavailable("'\(access.url)' names no host")
    }
    var error = [CChar](repeating: 0, count: Int(PONOR_ERROR_SIZE))
    socket = ponor_datagram_connect(name, port ?? carrier.port, &error)
    guard socket < 0 else { return nil }
    return .unavailable(
      String(decoding: error.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self))
  }
}
