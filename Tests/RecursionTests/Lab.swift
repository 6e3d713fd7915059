import Addressing
import Foundation
import Recursion
import Testing

/// One NSD with all zones of the small Internet, for resolvers in `forward` mode.
final class Lab: Sendable {
  /// The lab of the running suite.
  @TaskLocal static var current: Lab?

  let directory: URL
  let trustAnchor: String
  let endpoint: SocketEndpoint

  private init(_ directory: URL, _ zones: LabZones, port: UInt16) throws {
    self.directory = directory
    trustAnchor = zones.trustAnchor
    endpoint = try #require(SocketEndpoint("127.0.0.1:\(port)"))
  }

  /// Runs `body` with a lab, and removes it afterwards.
  static func run(_ body: () async throws -> Void) async throws {
    let directory = try makeDirectory()
    defer { try? FileManager.default.removeItem(at: directory) }
    let zones = try LabZones(in: directory)
    let port = try freePort()
    let served = LabZones.children.map { ("\($0).", zones.file($0)) } + [(".", zones.file("root"))]
    let server = try LabServer(address: "127.0.0.1", port: port, zones: served, in: directory)
    defer { server.stop() }
    let lab = try Lab(directory, zones, port: port)
    try await $current.withValue(lab) { try await body() }
  }

  /// A new directory for temporary files.
  static func makeDirectory() throws -> URL {
    let name = "ponor-recursion-\(UUID().uuidString)"
    let directory = FileManager.default.temporaryDirectory.appending(path: name)
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    return directory
  }

  /// Options that forward to this lab and trust its root.
  var options: RecursionOptions {
    var options = RecursionOptions()
    options.mode = .forward([endpoint])
    options.trustAnchors = [trustAnchor]
    return options
  }
}

/// Gives a suite one lab for all its tests.
struct LabTrait: SuiteTrait, TestScoping {
  func provideScope(
    for test: Test, testCase: Test.Case?,
    performing function: @Sendable @concurrent () async throws -> Void
  ) async throws {
    try await Lab.run { try await function() }
  }
}

extension Trait where Self == LabTrait {
  /// One lab for the whole suite.
  static var lab: LabTrait { LabTrait() }
}
