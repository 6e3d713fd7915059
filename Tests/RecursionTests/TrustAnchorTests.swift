import Addressing
import Foundation
import Recursion
import Testing

/// Following the root's keys (RFC 5011), at a root that gets a second key.
@Suite struct TrustAnchorTests {
  private let directory: URL
  private let port: UInt16
  private let state: String

  init() throws {
    directory = try Lab.makeDirectory()
    port = try freePort()
    state = directory.appending(path: "state/root.key").path
  }

  /// Signs the root with keys and serves it.
  private func serve(_ keys: [String]) throws -> LabServer {
    let unsigned = directory.appending(path: "root.unsigned").path
    let signed = directory.appending(path: "root.zone").path
    let text =
      "$ORIGIN .\n$TTL 3600\n@ SOA a.ns. h.ns. 1 3600 600 86400 60\n@ NS a.ns.\na.ns. A 127.0.0.1\n"
    try text.write(toFile: unsigned, atomically: true, encoding: .utf8)
    try run("ldns-signzone", ["-o", ".", "-f", signed, unsigned] + keys, in: directory)
    return try LabServer(address: "127.0.0.1", port: port, zones: [(".", signed)], in: directory)
  }

  private func makeKey() throws -> String {
    try run("ldns-keygen", ["-a", "ECDSAP256SHA256", "-k", "."], in: directory)
      .trimmingCharacters(in: .whitespacesAndNewlines)
  }

  private func tracker(_ anchors: [String]) throws -> TrustAnchorTracker {
    var options = RecursionOptions()
    options.mode = .forward([try #require(SocketEndpoint("127.0.0.1:\(port)"))])
    options.trustAnchors = anchors
    options.answerTimeoutMilliseconds = 2000
    // The hold-down of a new key is 30 days (RFC 5011 §2.4.1).
    options.extra = [("permit-small-holddown", "yes"), ("add-holddown", "1")]
    return TrustAnchorTracker(file: state, options: options)
  }

  @Test("A new key is trusted after its hold-down, and not before; a forged set changes nothing")
  func rollover() throws {
    defer { try? FileManager.default.removeItem(at: directory) }
    let (old, new) = (try makeKey(), try makeKey())
    let ds = try String(contentsOf: directory.appending(path: "\(old).ds"), encoding: .utf8)
    let tracker = try tracker([ds.trimmingCharacters(in: .whitespacesAndNewlines)])
    #expect(try tracker.state().anchors.count == 1)

    var server = try serve([old])
    let first = try tracker.probe()
    #expect(first.anchors.count == 1 && first.anchors[0].contains("DNSKEY"))
    #expect(first.nextProbe != nil)
    server.stop()

    // Signed by the new key only: somebody else's root.
    server = try serve([new])
    #expect(throws: TrustAnchorTracker.Failure.self) { try tracker.probe() }
    #expect(try tracker.state().anchors == first.anchors)
    server.stop()

    server = try serve([old, new])
    #expect(try tracker.probe().anchors == first.anchors)
    var last = first
    for _ in 0..<8 where last.anchors.count < 2 {
      usleep(500_000)
      last = try tracker.probe()
    }
    #expect(last.anchors.count == 2)
    server.stop()
  }

  @Test("A root that cannot be reached is a failure that keeps the state")
  func unreachable() throws {
    defer { try? FileManager.default.removeItem(at: directory) }
    let tracker = try tracker(RootTrustAnchors.records)
    #expect(throws: TrustAnchorTracker.Failure.self) { try tracker.probe() }
    #expect(try tracker.state().anchors == RootTrustAnchors.records)
  }
}
