import DNSWire
import Foundation
import Recursion
import Testing

/// Recursion from the root down, in a network namespace where NSD serves the root at 127.0.0.1 and
/// the zones below it at 127.0.0.2, both on port 53.
@Suite(
  .enabled(
    if: NetworkNamespace.isAvailable, "needs root, for a network namespace with a free port 53"))
struct IterationTests {
  /// What a test does with options that fit the laboratory.
  private func inLab(_ body: @escaping @Sendable (RecursionOptions) throws -> Void) async throws {
    try await NetworkNamespace.inside {
      let directory = try Lab.makeDirectory()
      defer { try? FileManager.default.removeItem(at: directory) }
      let zones = try LabZones(in: directory)
      let root = try LabServer(
        address: "127.0.0.1", port: 53, zones: [(".", zones.file("root"))], in: directory)
      defer { root.stop() }
      let below = try LabServer(
        address: "127.0.0.2", port: 53,
        zones: LabZones.children.map { ("\($0).", zones.file($0)) }, in: directory)
      defer { below.stop() }
      let hints = directory.appending(path: "hints").path
      try ". 3600 NS a.ns.\na.ns. 3600 A 127.0.0.1\n"
        .write(toFile: hints, atomically: true, encoding: .utf8)
      var options = RecursionOptions()
      options.rootHints = hints
      options.trustAnchors = [zones.trustAnchor]
      options.allowLoopback = true
      try body(options)
    }
  }

  @Test("From the root to a signed answer, a bogus one, an insecure one and NXDOMAIN")
  func iterates() async throws {
    try await inLab { options in
      let resolver = try Resolver(options)
      defer { resolver.stop(drain: .zero) }
      let secure = try resolver.askAndWait("www.good.")
      #expect(secure.status == .secure)
      #expect(secure.contains([192, 0, 2, 1]))
      let bogus = try resolver.askAndWait("www.expired.")
      #expect(bogus.status == .bogus)
      #expect(bogus.explanation == .signatureExpired)
      #expect(bogus.answerCount > 0)
      #expect(try resolver.askAndWait("www.plain.").status == .insecure)
      let missing = try resolver.askAndWait("nothing.")
      #expect(missing.rcode == .nameError)
      #expect(missing.status == .secure)
    }
  }

  @Test("A CNAME into another zone is followed, and the answer is as secure as its weakest part")
  func crossZoneChain() async throws {
    try await inLab { options in
      let resolver = try Resolver(options)
      defer { resolver.stop(drain: .zero) }
      let answer = try resolver.askAndWait("alias.plain.")
      #expect(answer.rcode == .noError)
      #expect(answer.status == .insecure)
      #expect(answer.answerCount >= 2)
    }
  }

  @Test("Name servers on loopback are not asked unless that is allowed")
  func noLoopback() async throws {
    try await inLab { options in
      var options = options
      options.allowLoopback = false
      let resolver = try Resolver(options)
      let answer = try resolver.askAndWait("www.good.")
      resolver.stop(drain: .zero)
      #expect(answer.rcode == .serverFailure)
      #expect(answer.explanation == .noReachableAuthority)
    }
  }
}

extension Resolver {
  /// Asks and blocks until answered.
  fileprivate func askAndWait(_ name: String, _ type: RRType = .a) throws -> Answer {
    let client = WaitingClient()
    let accepted = try submit(Name(name), type, client: client)
    return try #require(accepted ? client.wait() : nil)
  }
}
