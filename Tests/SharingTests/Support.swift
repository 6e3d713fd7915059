import Delivery
import DeliveryRules
import Evidence
import Exporters
import Foundation
import Sharing

/// A folder that goes with the test.
final class TemporaryFolder {
  let path = NSTemporaryDirectory() + "ponor-sharing-\(UUID().uuidString)"

  init() throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// A server with two recipients, and what they are told.
struct SharedDesk {
  static let now: Int64 = 1_795_521_600_000_000

  let folder: TemporaryFolder
  let store: TAXIIStore
  let answers: SharingAnswers

  init() throws {
    folder = try TemporaryFolder()
    let store = try TAXIIStore(path: folder.path + "/taxii.sqlite")
    self.store = store
    answers = SharingAnswers(
      tenants: [
        Tenant(name: "isp", token: Array("isp-token".utf8), hasTAXII: true, hasReports: true),
        Tenant(name: "host", token: Array("host-token".utf8), hasTAXII: true, hasReports: true),
        Tenant(name: "none", token: Array("none-token".utf8), hasTAXII: false, hasReports: false),
      ], dataDirectory: folder.path, title: "t", contact: "c@example.net", store: { store })
  }

  func tell(_ number: Int, to tenant: String = "isp", revision: Int = 1) {
    let record = Self.record(number, revision: revision)
    let message = OutgoingMessage(
      id: "m", text: "", eventTime: 0, sequence: Int64(number), record: record)
    let options = ExportOptions()
    _ = TAXIISink(
      store, collection: "infections:\(tenant)", .infections, options: options
    ).send([message], now: Self.now)
    _ = TAXIISink(store, collection: TAXIIStore.domains, .domains, options: options)
      .send([message], now: Self.now)
  }

  static func record(_ number: Int, revision: Int = 1) -> InfectionRecord {
    let first = now - 86_400_000_000
    let name = "name\(number).example"
    return InfectionRecord(
      id: UUIDv5.text("record \(number)"), revision: revision, change: .opened,
      episode: UUIDv5.text("episode \(number)"), caseNumber: "PN-2026-\(number)",
      day: "2026-11-23", firstMicroseconds: first,
      lastMicroseconds: first + Int64(revision) * 1_000_000, episodeFirstMicroseconds: first,
      count: 3, distinctNames: 1,
      client: InfectionRecord.Client(
        address: "198.51.100.\(number % 250 + 1)", port: 53_000, transport: "udp", scope: .line),
      serverAddress: "192.0.2.53", serverPort: 53, family: "conficker",
      lookups: [
        InfectionRecord.Lookup(
          microseconds: first, qname: name, listedName: name, qtype: "A", port: 53_000,
          transport: "udp", action: "sinkhole")
      ], gate: .likely, confidence: 0.9)
  }

  /// GET with a token.
  func get(
    _ path: String, _ query: [(name: String, value: String)] = [], token: String? = "isp-token",
    accept: String? = nil
  ) -> SharedAnswer {
    var headers: [String: String] = [:]
    if let token { headers["authorization"] = "Bearer \(token)" }
    if let accept { headers["accept"] = accept }
    return answers.answer(
      SharedRequest(method: "GET", path: path, query: query, headers: headers))
  }

  /// The JSON object of an answer.
  func object(_ answer: SharedAnswer) throws -> [String: Any] {
    guard case .octets(let octets) = answer.body else { return [:] }
    return try JSONSerialization.jsonObject(with: Data(octets)) as? [String: Any] ?? [:]
  }
}
