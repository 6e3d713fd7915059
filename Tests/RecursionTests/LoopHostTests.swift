import DNSWire
import Dispatch
import Foundation
import Recursion
import Synchronization
import Testing

/// Loops carried by a thread that waits for sockets of its own.
@Suite(.lab) struct LoopHostTests {
  private let lab: Lab

  init() throws { lab = try #require(Lab.current) }

  /// A thread with a host and a pipe that it waits for; ended by what is written into the pipe.
  private final class HostThread: Sendable {
    private let ends: (read: Int32, write: Int32)
    private let isCarrying = Atomic(false)
    private let hasEnded = DispatchSemaphore(value: 0)

    init(_ resolver: Resolver) throws {
      var ends: [Int32] = [0, 0]
      try #require(pipe(&ends) == 0)
      self.ends = (ends[0], ends[1])
      let thread = Thread { [self] in
        let host = LoopHost(number: 0, milliseconds: 50)
        host.follow(resolver)
        while true {
          let ready = host.wait(for: [self.ends.read])
          isCarrying.store(host.isCarrying, ordering: .releasing)
          if ready == 1 { break }
          guard ready == nil else {
            host.takeUp()
            continue
          }
          var polled = pollfd(fd: self.ends.read, events: Int16(POLLIN), revents: 0)
          if poll(&polled, 1, 1) == 1 { break }
        }
        host.leave()
        hasEnded.signal()
      }
      thread.start()
    }

    func waitUntilCarrying(_ wanted: Bool) {
      while isCarrying.load(ordering: .acquiring) != wanted { usleep(1000) }
    }

    func end() {
      _ = write(ends.write, "x", 1)
      hasEnded.wait()
      close(ends.read)
      close(ends.write)
    }
  }

  @Test("Questions are answered before, while and after a host carries the loop")
  func carries() async throws {
    let resolver = try Resolver(lab.options)
    #expect(try await resolver.ask("www.good.").status == .secure)
    let host = try HostThread(resolver)
    host.waitUntilCarrying(true)
    #expect(try await resolver.ask("www.expired.").status == .bogus)
    host.end()
    #expect(try await resolver.ask("www.plain.").status == .insecure)
    resolver.stop(drain: .zero)
    #expect(resolver.statistics.total.inFlight == 0)
  }

  @Test("A resolver that stops gets its loop back from the host")
  func stops() async throws {
    let resolver = try Resolver(lab.options)
    let host = try HostThread(resolver)
    host.waitUntilCarrying(true)
    #expect(try await resolver.ask("www.good.").status == .secure)
    resolver.stop(drain: .seconds(1))
    host.waitUntilCarrying(false)
    #expect(resolver.statistics.total.inFlight == 0)
    host.end()
  }

  @Test("A resolver can stop before the host has its loop")
  func stopsEarly() async throws {
    for _ in 0..<20 {
      let resolver = try Resolver(lab.options)
      let host = try HostThread(resolver)
      resolver.stop(drain: .zero)
      host.end()
    }
  }
}
