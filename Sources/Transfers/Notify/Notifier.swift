import Addressing
package import DNSWire
import NIOCore
import NIOPosix
package import ZoneRecords

/// Tells secondaries of new versions (RFC 1996), over UDP.
package actor Notifier {
  /// Times a notification is sent (RFC 1996 §3.6 leaves it open; BIND sends five).
  private static let attempts = 5
  /// Seconds to wait for an answer, doubled each time: a minute and two seconds in all.
  private static let firstWait: Int64 = 2

  private struct Errand: Hashable {
    var apex: Name
    var target: NotifyTarget
  }

  private let now: @Sendable () -> Int64
  private let log: @Sendable (String) -> Void
  private var errands: [Errand: Task<Void, Never>] = [:]
  private var keys = TSIGKeyring()

  /// - Parameters:
  ///   - now: seconds since 1970.
  ///   - log: hears of secondaries that do not answer.
  package init(now: @escaping @Sendable () -> Int64, log: @escaping @Sendable (String) -> Void) {
    self.now = now
    self.log = log
  }

  /// Signs with these keys from now on.
  package func setKeys(_ keys: TSIGKeyring) { self.keys = keys }

  /// Tells `targets` of the version with this SOA record; what they have not been told of an older
  /// one is dropped.
  package func tell(_ targets: [NotifyTarget], of soa: ZoneRecord, apex: Name) {
    for target in targets {
      let errand = Errand(apex: apex, target: target)
      errands[errand]?.cancel()
      errands[errand] = Task { [keys] in
        await self.run(errand, soa, target.key.flatMap { keys[$0] })
      }
    }
  }

  /// Drops everything that has not been said.
  package func stop() {
    for task in errands.values { task.cancel() }
    errands = [:]
  }

  private func run(_ errand: Errand, _ soa: ZoneRecord, _ key: TSIGKey?) async {
    var answer: ResponseCode?
    for attempt in 0..<Self.attempts where answer == nil && !Task.isCancelled {
      guard let message = NotifyMessage(errand.apex, soa, key: key, at: now()) else { return }
      answer = await exchange(message, errand, seconds: Self.firstWait << Int64(attempt))
    }
    guard !Task.isCancelled else { return }
    errands[errand] = nil
    if answer == nil {
      log("\(errand.target.endpoint) does not answer notifications about \(errand.apex)")
    } else if let answer, answer != .noError {
      log(
        "\(errand.target.endpoint) answered RCODE \(answer.rawValue) to a notification about "
          + "\(errand.apex); check that it is a secondary of this server")
    }
  }

  /// Sends one message and waits for its answer; nil if none comes.
  @concurrent
  private func exchange(
    _ message: NotifyMessage, _ errand: Errand, seconds: Int64
  ) async -> ResponseCode? {
    let endpoint = errand.target.endpoint
    guard
      let address = try? SocketAddress(
        ipAddress: endpoint.address.description, port: Int(endpoint.port)),
      let channel = try? await Self.open(address)
    else { return nil }
    let timer = channel.channel.eventLoop.scheduleTask(in: .seconds(seconds)) {
      channel.channel.close(promise: nil)
    }
    defer { timer.cancel() }
    let now = now
    return try? await channel.executeThenClose { inbound, outbound in
      let buffer = ByteBuffer(bytes: message.octets)
      try await outbound.write(AddressedEnvelope(remoteAddress: address, data: buffer))
      for try await envelope in inbound {
        let code = message.answer(envelope.data.readableBytesUInt8Span, at: now())
        if let code { return code }
      }
      throw CancellationError()
    }
  }

  private typealias Datagrams = NIOAsyncChannel<
    AddressedEnvelope<ByteBuffer>, AddressedEnvelope<ByteBuffer>
  >

  /// Connected, so that only the secondary's answers come in.
  private static func open(_ address: SocketAddress) async throws -> Datagrams {
    try await DatagramBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .connect(to: address) { channel in
        channel.eventLoop.makeCompletedFuture {
          try Datagrams(wrappingChannelSynchronously: channel)
        }
      }
  }
}
