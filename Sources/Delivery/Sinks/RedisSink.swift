import CHiredis
import Glibc

/// Pushes each record onto a list of Redis: how IntelMQ's bots hand events to each other.
///
/// Unsafe because hiredis is C: each reply is freed after it was read.
package final class RedisSink: MessageSink {
  private let access: ServerAccess
  private let list: String
  private let addsType: Bool
  private var context: UnsafeMutablePointer<redisContext>?

  /// A list.
  ///
  /// - Parameter addsType: whether JSON objects get IntelMQ's `__type`, without which its bots
  ///   refuse a message.
  package init(_ access: ServerAccess, list: String, addsType: Bool) {
    self.access = access
    self.list = list
    self.addsType = addsType
  }

  deinit { disconnect() }

  /// Pushes one after the other until one is not taken.
  package func send(_ messages: [OutgoingMessage], now: Int64) -> SendOutcome {
    if context == nil, let failure = connect() {
      return SendOutcome(accepted: 0, failure: failure)
    }
    for (number, message) in messages.enumerated() {
      if let reason = command(["LPUSH", list, addsType ? Self.typed(message.text) : message.text]) {
        disconnect()
        return SendOutcome(accepted: number, failure: .unavailable(reason))
      }
    }
    return SendOutcome(accepted: messages.count)
  }

  /// The object with IntelMQ's type of message in front.
  package static func typed(_ text: String) -> String {
    guard text.hasPrefix("{"), !text.contains("\"__type\"") else { return text }
    let rest = text.dropFirst()
    return "{\"__type\":\"Event\"" + (rest.hasPrefix("}") ? "" : ",") + rest
  }

  private func connect() -> SendFailure? {
    guard let (host, port) = access.hostAndPort, let number = Int32(port ?? "6379") else {
      return .unavailable("'\(access.url)' names no host and port")
    }
    let wait = timeval(
      tv_sec: Int(access.timeout / 1_000_000), tv_usec: Int(access.timeout % 1_000_000))
    guard let fresh = redisConnectWithTimeout(host, number, wait) else {
      return .unavailable("no memory")
    }
    context = fresh
    if fresh.pointee.err != 0 {
      let reason = problem(fresh)
      disconnect()
      return .unavailable(reason)
    }
    redisSetTimeout(fresh, wait)
    var greeting: [[String]] = []
    if let password = access.password {
      greeting.append(["AUTH"] + (access.user.map { [$0] } ?? []) + [password])
    }
    if let database { greeting.append(["SELECT", database]) }
    for words in greeting {
      if let reason = command(words) {
        disconnect()
        return .unavailable("\(words[0]): \(reason)")
      }
    }
    return nil
  }

  /// The number behind the host, `redis://host:6379/2`.
  private var database: String? {
    let rest = access.url.firstRange(of: "://").map { access.url[$0.upperBound...] } ?? ""
    guard let slash = rest.firstIndex(of: "/") else { return nil }
    let number = rest[rest.index(after: slash)...]
    return number.isEmpty ? nil : String(number)
  }

  private func disconnect() {
    if let context { redisFree(context) }
    context = nil
  }

  private func problem(_ context: UnsafeMutablePointer<redisContext>) -> String {
    withUnsafeBytes(of: context.pointee.errstr) { octets in
      String(decoding: octets.prefix { $0 != 0 }, as: UTF8.self)
    }
  }

  /// Runs a command; the reason when it failed.
  private func command(_ words: [String]) -> String? {
    guard let context else { return "not connected" }
    let lengths = words.map(\.utf8.count)
    let reply = withStrings(words) { texts in
      var texts = Array(texts)
      return redisCommandArgv(context, Int32(words.count), &texts, lengths)
    }
    guard let reply else { return problem(context) }
    defer { freeReplyObject(reply) }
    let answer = reply.assumingMemoryBound(to: redisReply.self).pointee
    guard answer.type == REDIS_REPLY_ERROR else { return nil }
    return answer.str.map { String(cString: $0) } ?? "refused"
  }
}
