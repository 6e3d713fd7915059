import DNSWire
import Foundation
import Recursion
import Testing

/// Many questions to a live server.
@Suite(.lab) struct LoadTests {
  @Test("Stopping under load answers every accepted question once")
  func stopUnderLoad() async throws {
    var options = try #require(Lab.current).options
    options.threads = 2
    let resolver = try Resolver(options)
    async let accepted = flood(resolver)
    try await Task.sleep(for: .milliseconds(150))
    resolver.stop(drain: .milliseconds(5))
    let clients = await accepted
    let total = resolver.statistics.total
    #expect(clients.allSatisfy { $0.count == 1 })
    #expect(clients.count > 0)
    #expect(total.submitted == UInt64(clients.count))
    #expect(total.answered == total.submitted)
    #expect(total.lost == 0)
    #expect(total.inFlight == 0)
  }

  /// Submits until refused because the resolver stops; returns the clients that were accepted.
  @concurrent private func flood(_ resolver: Resolver) async -> [CountingClient] {
    var clients: [CountingClient] = []
    var isOpen = true
    var number = 0
    while isOpen || number < 1000 {
      let client = CountingClient()
      number += 1
      guard let name = try? Name("n\(number).good.") else { continue }
      isOpen = resolver.submit(name, .a, client: client)
      if isOpen { clients.append(client) }
      if number % 64 == 0 { await Task.yield() }
    }
    return clients
  }

  @Test("100,000 questions for cached names: all answered; memory is reported")
  func memory() async throws {
    let resolver = try Resolver(#require(Lab.current).options)
    let client = CountingClient()
    let names = try (0..<50).map { try Name("n\($0).wild.good.") }
    var accepted = 0
    var before = 0
    while accepted < 100_000 {
      // The first tenth fills caches and pools.
      if accepted == 10_000 { before = Self.residentKilobytes() }
      if resolver.submit(names[accepted % 50], .txt, client: client) {
        accepted += 1
      } else {
        try await Task.sleep(for: .milliseconds(1))
      }
    }
    resolver.stop(drain: .seconds(30))
    print("resident: \(before) kB after 10,000, \(Self.residentKilobytes()) kB after 100,000")
    #expect(client.count == 100_000)
    #expect(resolver.statistics.total.secure == 100_000)
  }

  private static func residentKilobytes() -> Int {
    let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
    let fields = text.split(separator: " ")
    return fields.count > 1 ? (Int(fields[1]) ?? 0) * 4 : 0
  }
}
