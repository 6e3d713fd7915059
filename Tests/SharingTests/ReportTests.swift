import DeliveryRules
import Foundation
import Sharing
import Testing

@Suite struct ReportTests {
  private let names = [
    "2026-11-21-event4_sinkhole-isp-all.csv", "2026-11-22-event4_sinkhole-isp-all.csv",
    "2026-11-22-event6_sinkhole-isp-all.csv",
  ]

  private func desk() throws -> SharedDesk {
    let desk = try SharedDesk()
    let folder = ReportFolder.path(dataDirectory: desk.folder.path, recipient: "isp")
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for name in names + ["notes.txt", ".2026-11-23-event4_sinkhole-isp-all.csv.new"] {
      try name.write(toFile: "\(folder)/\(name)", atomically: false, encoding: .utf8)
    }
    return desk
  }

  private func post(
    _ desk: SharedDesk, _ path: String, _ body: String, key: String = "isp-token"
  ) -> SharedAnswer {
    let octets = Array(body.utf8)
    let code = MessageCode.hexadecimal(
      MessageCode.hmacSHA256(key: Array(key.utf8), octets))
    return desk.answers.answer(
      SharedRequest(method: "POST", path: path, headers: ["hmac2": code], body: octets))
  }

  private func list(_ desk: SharedDesk, _ body: String) throws -> [[String: String]] {
    guard case .octets(let octets) = post(desk, "/api2/reports/list", body).body else { return [] }
    return try JSONDecoder().decode([[String: String]].self, from: Data(octets))
  }

  @Test("a signed request lists the reports of some days; each can be fetched by its id")
  func listing() throws {
    let desk = try desk()
    #expect(try list(desk, #"{"apikey":"isp"}"#).compactMap { $0["file"] } == names)
    #expect(
      try list(desk, #"{"apikey":"isp","date":"2026-11-22:2026-11-23"}"#).count == 2)
    #expect(
      try list(desk, #"{"apikey":"isp","date":"2026-11-22","type":"event6_sinkhole"}"#).count == 1)
    let id = try #require(try list(desk, #"{"apikey":"isp"}"#).first?["id"])
    let answer = desk.answers.answer(SharedRequest(method: "GET", path: "/dl/\(id)"))
    #expect(answer.status == 200 && answer.personal > 0 && answer.reader == "isp")
    guard case .file(let path) = answer.body else {
      Issue.record("no file")
      return
    }
    #expect(path.hasSuffix(names[0]))
  }

  @Test("without the right code, or with another's, nothing is told")
  func refusals() throws {
    let desk = try desk()
    let body = #"{"apikey":"isp"}"#
    #expect(post(desk, "/api2/reports/list", body, key: "host-token").status == 401)
    #expect(
      post(desk, "/api2/reports/list", #"{"apikey":"none"}"#, key: "none-token").status == 401)
    #expect(
      desk.answers.answer(
        SharedRequest(method: "POST", path: "/api2/reports/list", body: Array(body.utf8))
      ).status == 401)
    for bad in ["", "[]", "{", #"{"apikey":1}"#, #"{"apikey":"isp","date":"yesterday"}"#] {
      #expect(post(desk, "/api2/reports/list", bad).status == 400, "\(bad)")
    }
    for path in ["/dl/", "/dl/0123", "/dl/../isp", "/dl/a/b", "/api2/reports/other"] {
      let status = desk.answers.answer(SharedRequest(method: "GET", path: path)).status
      #expect(status == 404 || status == 405)
    }
    #expect(try list(desk, #"{"apikey":"isp","date":"2027-01-01"}"#).isEmpty)
  }

  @Test("old reports are deleted, others stay")
  func pruning() throws {
    let desk = try desk()
    ReportFolder.prune(dataDirectory: desk.folder.path, firstDayKept: "2026-11-22")
    #expect(try list(desk, #"{"apikey":"isp"}"#).count == 2)
  }
}
