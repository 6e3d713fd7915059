import DoHMessages
import NIOCore

/// The answer to one request.
struct WebAnswer {
  var status: DoHStatus
  /// The DNS message, empty unless the status is `.ok`.
  var message = ByteBuffer()
}

/// A query as its request brought it.
enum WebQuery {
  /// Out of the target.
  case octets([UInt8])
  /// The body.
  case body(ByteBuffer)
}

/// What turns one version of HTTP into queries, and answers into that version of HTTP.
protocol WebExchange: AnyObject {
  /// Octets of answers that are held back, beyond those the channel has taken.
  var heldBack: Int { get }
  /// When the oldest request began that is not whole yet, monotonic nanoseconds.
  var oldestRequest: Int64? { get }
  /// Whether an error is one of a stream, after which the connection goes on.
  var survivesErrors: Bool { get }

  /// Answers a query that was handed on, if its request is still open; flushes.
  func answer(_ answer: WebAnswer, ticket: Int)
  /// Tells the client that no further request will be answered, as far as HTTP has words for it.
  func sayGoodbye()
}
