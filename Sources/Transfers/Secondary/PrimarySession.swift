import Addressing
import DNSWire
import NIOCore
import NIOPosix
import NIOSSL
import ZoneRecords

/// One check of a secondary zone with one primary: over TCP, or over TLS (RFC 9103).
struct PrimarySession: Sendable {
  typealias Stream = NIOAsyncChannel<ByteBuffer, ByteBuffer>

  let zone: SecondaryZone
  let primary: PrimaryServer
  /// Where a new copy is written.
  let path: String
  /// Seconds since 1970.
  let now: @Sendable () -> Int64

  /// Asks for the SOA record and transfers what is newer than `old`.
  ///
  /// An incremental transfer that comes to nothing is followed by a whole one, over a connection of
  /// its own.
  func refresh(_ old: RecordFile?) async throws(TransferFault) -> TransferResult {
    guard let old else { return try await run(nil) }
    do throws(TransferFault) {
      return try await run(old)
    } catch  where error.suggestsWholeTransfer {
      return try await run(nil)
    }
  }

  private func run(_ old: RecordFile?) async throws(TransferFault) -> TransferResult {
    do {
      return try await withThrowingTaskGroup(of: TransferResult.self) { group in
        group.addTask { try await exchange(old) }
        group.addTask {
          try await Task.sleep(for: .seconds(TransferLimits.incomingSeconds))
          throw TransferFault.interrupted(
            "not done after \(TransferLimits.incomingSeconds) s")
        }
        defer { group.cancelAll() }
        guard let result = try await group.next() else { throw CancellationError() }
        return result
      }
    } catch let fault as TransferFault {
      throw fault
    } catch {
      throw .interrupted(Self.describe(error))
    }
  }

  private func exchange(_ old: RecordFile?) async throws -> TransferResult {
    let channel = try await connect()
    return try await channel.executeThenClose { inbound, outbound in
      var messages = inbound.makeAsyncIterator()
      guard let old else { return try await transfer(.whole, nil, &messages, outbound) }
      let request = try Self.made(TransferRequestMessage(zone, .soa, at: now()))
      try await send(request, outbound)
      let answer = try await Self.next(&messages)
      let serial = try request.serial(
        in: answer.readableBytesUInt8Span, apex: zone.apex, at: now())
      guard SerialNumber.isNewer(serial, than: old.serial) else { return .current }
      return try await transfer(.since(old.serial), old, &messages, outbound)
    }
  }

  private func transfer(
    _ what: TransferReader.Request, _ old: RecordFile?,
    _ messages: inout NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator,
    _ outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
  ) async throws -> TransferResult {
    let type: RRType = what == .whole ? .axfr : .ixfr
    let request = try Self.made(TransferRequestMessage(zone, type, soa: old?.soa, at: now()))
    let receiver = TransferReceiver(
      zone, what, id: request.id, old: old, verifier: request.verifier, path: path, now: now)
    try await send(request, outbound)
    while true {
      let message = try await Self.next(&messages)
      try receiver.take(message.readableBytesUInt8Span)
      if let result = receiver.result { return result }
    }
  }

  private static func made(_ request: TransferRequestMessage?) throws -> TransferRequestMessage {
    guard let request else { throw TransferFault.storage("the request is too long") }
    return request
  }

  private func send(
    _ request: TransferRequestMessage, _ outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
  ) async throws {
    var frame = ByteBuffer()
    frame.writeInteger(UInt16(clamping: request.octets.count))
    frame.writeBytes(request.octets)
    try await outbound.write(frame)
  }

  private static func next(
    _ messages: inout NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
  ) async throws -> ByteBuffer {
    guard let message = try await messages.next(isolation: #isolation) else {
      throw TransferFault.interrupted("the connection was closed before the transfer was whole")
    }
    return message
  }

  // MARK: - Connecting

  private func connect() async throws -> Stream {
    let tls = try primary.tlsName.map { _ in try NIOSSLContext(configuration: self.tls) }
    let name = primary.tlsName
    let address = try SocketAddress(
      ipAddress: primary.endpoint.address.description, port: Int(primary.endpoint.port))
    return try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .connectTimeout(.seconds(TransferLimits.connectSeconds))
      .connect(to: address) { channel in
        channel.eventLoop.makeCompletedFuture {
          let pipeline = channel.pipeline.syncOperations
          if let tls {
            try pipeline.addHandler(NIOSSLClientHandler(context: tls, serverHostname: name))
          }
          try pipeline.addHandlers([
            IdleStateHandler(readTimeout: .seconds(TransferLimits.silenceSeconds)),
            SilenceHandler(), ByteToMessageHandler(MessageFraming()),
          ])
          return try Stream(wrappingChannelSynchronously: channel)
        }
      }
  }

  /// What RFC 9103 §7.1 asks for: TLS 1.3 and the token "dot".
  ///
  /// The certificate is checked against the authorities and the configured name (strict, §9.3). The
  /// library also takes one that has the primary's address.
  private var tls: TLSConfiguration {
    var configuration = TLSConfiguration.makeClientConfiguration()
    configuration.minimumTLSVersion = .tlsv13
    configuration.applicationProtocols = ["dot"]
    if let file = primary.authorities { configuration.trustRoots = .file(file) }
    return configuration
  }

  private static func describe(_ error: any Error) -> String {
    if let error = error as? IOError { return error.description }
    if let error = error as? NIOConnectionError {
      return error.connectionErrors.first.map { "\($0.error)" } ?? "\(error)"
    }
    return error is CancellationError ? "stopped" : "\(error)"
  }
}
