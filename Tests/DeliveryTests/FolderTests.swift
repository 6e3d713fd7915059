import Delivery
import Evidence
import Exporters
import Foundation
import Testing

/// Two files, one in a folder of its own.
private struct TwoFiles: InfectionFolderFormat {
  static let name = "two-files"
  static let follows = "this test"

  init(options: ExportOptions) {}

  func files(_ records: [InfectionRecord]) -> (files: [ExportedFile], skipped: [String: Int]) {
    let files = [
      ExportedFile(path: "manifest", octets: Array("\(records.count)".utf8)),
      ExportedFile(path: "events/a", octets: Array(records[0].id.utf8)),
    ]
    return (files, records.count > 2 ? ["too many": records.count - 2] : [:])
  }
}

/// A format that wants out of its folder.
private struct Escaping: InfectionFolderFormat {
  static let name = "escaping"
  static let follows = "this test"

  init(options: ExportOptions) {}

  func files(_ records: [InfectionRecord]) -> (files: [ExportedFile], skipped: [String: Int]) {
    ([ExportedFile(path: "../../evil", octets: [])], [:])
  }
}

@Suite struct FolderTests {
  private func sink(_ folder: String, _ type: any InfectionFolderFormat.Type) -> FolderSink {
    FolderSink(
      folder: folder, tag: "soc", type: type, options: ExportOptions(), now: { Desk.noon })
  }

  @Test("a folder per day appears whole, and replaces one that is there already")
  func whole() throws {
    let place = try TemporaryFolder()
    let sink = sink(place.path + "/out", TwoFiles.self)
    for count in [3, 1] {
      let receipt = try sink.publish(DayName(day: "2026-11-23", part: 1)) { each in
        for number in 1...count { try each(Desk.record(number)) }
      }
      #expect(receipt.written == min(count, 2))
      #expect(receipt.skipped == (count == 3 ? ["too many": 1] : [:]))
      #expect(try place.text("out/2026-11-23-two_files-soc-all/manifest") == "\(count)")
      #expect(try place.text("out/2026-11-23-two_files-soc-all/events/a") == Desk.record(1).id)
    }
    let left = try FileManager.default.contentsOfDirectory(atPath: place.path + "/out")
    #expect(left == ["2026-11-23-two_files-soc-all"])
  }

  @Test("nothing is written outside of the folder")
  func inside() throws {
    let place = try TemporaryFolder()
    #expect(throws: SendFailure.self) {
      try sink(place.path + "/out", Escaping.self).publish(
        DayName(day: "2026-11-23", part: 1)
      ) { try $0(Desk.record(1)) }
    }
    #expect(!FileManager.default.fileExists(atPath: place.path + "/evil"))
  }
}
