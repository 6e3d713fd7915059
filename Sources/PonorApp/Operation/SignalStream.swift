import Dispatch
import Glibc

/// What a running server waits for.
enum ServerEvent: Sendable {
  /// SIGTERM or SIGINT.
  case stop
  /// SIGHUP.
  case reload
  /// Another server answers in its place.
  case succeeded
}

/// The signals a process gets and what else happens to it, as one stream.
struct ServerEvents {
  let stream: AsyncStream<ServerEvent>
  /// Adds an event.
  let continuation: AsyncStream<ServerEvent>.Continuation
  private let sources: [any DispatchSourceSignal]

  /// Begins to listen for signals.
  init() {
    let (stream, continuation) = AsyncStream<ServerEvent>.makeStream()
    self.stream = stream
    self.continuation = continuation
    let events: [(Int32, ServerEvent)] = [(SIGTERM, .stop), (SIGINT, .stop), (SIGHUP, .reload)]
    sources = events.map { number, event in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { continuation.yield(event) }
      source.resume()
      return source
    }
  }
}
