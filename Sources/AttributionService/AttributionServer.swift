import Attribution
package import AttributionSources
import ControlPlane
package import Evidence
import Hummingbird
package import Logging
package import NIOCore
import NIOPosix
import ServiceLifecycle
import UnixSignals

/// Answers at a UNIX socket which lines had addresses: the side of whoever may read the index.
///
/// `POST /subscribers` with `QuestionLines` is answered with `AnswerLines`; there is nothing else.
/// Each request is put on record first; without a record there is no answer.
package struct AttributionServer: Service {
  /// Where it answers.
  static let path = "subscribers"
  /// Connections at once: one resolver, and the commands beside it.
  private static let connections = 16
  private static let idleTimeout = TimeAmount.seconds(30)
  /// Rights of the socket: the owner and his group may ask.
  private static let mode: UInt32 = 0o660

  private let socketPath: String
  private let lookup: any SubscriberLookup
  private let audit: RequestAudit.Sink
  private let now: @Sendable () -> Int64
  private let group: any EventLoopGroup
  private let logger: Logger

  /// A server that does not listen yet.
  ///
  /// - Parameters:
  ///   - lookup: knows the lines.
  ///   - audit: takes an entry for each request.
  ///   - now: the wall clock, microseconds since 1970.
  ///   - group: the event loops to run on.
  package init(
    socketPath: String, lookup: any SubscriberLookup, audit: @escaping RequestAudit.Sink,
    now: @escaping @Sendable () -> Int64, on group: any EventLoopGroup, logger: Logger
  ) {
    self.socketPath = socketPath
    self.lookup = lookup
    self.audit = audit
    self.now = now
    self.group = group
    self.logger = logger
  }

  /// Serves until the task is cancelled or a graceful shutdown is asked for.
  ///
  /// - Throws: `ControlError` when the socket cannot be had.
  package func run() async throws {
    let server = try SocketServer(
      claiming: socketPath, mode: Self.mode,
      limits: .init(idleTimeout: Self.idleTimeout, connections: Self.connections), on: group,
      logger: logger)
    defer { server.withdraw() }
    let router = Router(context: PeerContext.self)
    router.post("\(Self.path)") { request, context in
      let body = try await request.body.collect(upTo: QuestionLines.octetsMax)
      return answer(Array(buffer: body), to: await context.peer())
    }
    logger.notice("answering at \(socketPath)")
    try await server.run(router) {}
  }

  private func answer(_ text: [UInt8], to user: String) -> Response {
    do {
      let answers = try lookup.answers(QuestionLines.parse(text))
      try audit(
        RequestAudit(time: now(), user: user, states: answers.subscribers.map(\.state)))
      return Self.response(.ok, AnswerLines.text(answers))
    } catch let flaw as ExchangeFlaw {
      return Self.response(.badRequest, Array("\(flaw)\n".utf8))
    } catch let failure as SubscriberLookupFailure {
      return unavailable(failure.message)
    } catch let failure as AuditFailure {
      return unavailable(failure.message)
    } catch {
      return unavailable("\(error)")
    }
  }

  private func unavailable(_ reason: String) -> Response {
    logger.error("\(reason)")
    return Self.response(.serviceUnavailable, Array("\(reason)\n".utf8))
  }

  private static func response(_ status: HTTPResponse.Status, _ body: [UInt8]) -> Response {
    Response(
      status: status, headers: [.contentType: "text/plain; charset=utf-8"],
      body: ResponseBody(byteBuffer: ByteBuffer(bytes: body)))
  }
}

extension AttributionServer {
  /// Serves until SIGTERM or SIGINT.
  ///
  /// - Parameters: as of `init`.
  /// - Throws: `ControlError` when the socket cannot be had.
  package static func serve(
    socketPath: String, lookup: any SubscriberLookup, audit: @escaping RequestAudit.Sink,
    now: @escaping @Sendable () -> Int64, logger: Logger
  ) async throws {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let server = AttributionServer(
      socketPath: socketPath, lookup: lookup, audit: audit, now: now, on: group, logger: logger)
    let services = ServiceGroup(
      services: [server], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
    do {
      try await services.run()
    } catch {
      try await group.shutdownGracefully()
      throw error
    }
    try await group.shutdownGracefully()
  }
}
