import DNSWire
import DomainIndex
import Foundation
import Policy
import RPZOut
import ZoneRecords

/// A folder that is removed when the test ends.
struct Folder: ~Copyable {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "ponor-rpz-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// A list of names, each of the families and days given: `"a.com": ["f 0 10", "g 5 20"]`.
  func list(
    _ names: [String: [String]], generation: UInt64 = 1, runNames: Int = 3
  ) throws -> NameList {
    let path = "\(path)/\(generation)"
    let builder = NameListBuilder(path: path, runNames: runNames)
    let families = ["f", "g", "h", "gone"]
    var rows: [IndexRow] = []
    for (name, origins) in names {
      for origin in origins {
        let words = origin.split(separator: " ").map(String.init)
        let row = IndexRow(
          generator: families.firstIndex(of: words[0]) ?? 0, validFrom: Int64(words[1]) ?? 0,
          validTo: Int64(words[2]) ?? 0)
        let number = rows.firstIndex(of: row) ?? rows.count
        if number == rows.count { rows.append(row) }
        var buffer = NameBuffer()
        try buffer.load(text: Array(name.utf8).span)
        builder.add(buffer, row: number)
      }
    }
    try builder.write(
      generation: generation, builtAt: Int64(generation), window: (0, 100), rows: rows,
      generators: families.map {
        IndexGenerator(family: $0, variant: "", seed: "s", kind: .model)
      })
    return try NameList(path: path)
  }
}

let form: PolicyZoneForm = {
  let name = { (text: String) in (try? Name(text)) ?? .root }
  var form = PolicyZoneForm(
    apex: name("rpz.example"), nameserver: name("localhost"), contact: name("abuse.localhost"))
  form.sinkhole = [
    .init(type: .a, rdata: [192, 0, 2, 53]),
    .init(type: .aaaa, rdata: [0x20, 1, 0xD, 0xB8] + [UInt8](repeating: 0, count: 11) + [0x53]),
  ]
  return form
}()

/// `f` is sinkholed, `g` answered NXDOMAIN, `h` observed, `gone` switched off.
let actions = ActionTable(
  standard: .sinkhole, byName: ["g": .nxdomain, "h": .observe, "gone": .off])

extension RecordCursor {
  /// The records left, as `owner type data`.
  mutating func lines() throws -> [String] {
    var record = ZoneRecord()
    var lines: [String] = []
    while try next(&record) {
      let owner = try Name(wire: record.owner)
      let data =
        record.type == .cname || record.type == .ns
        ? "\(try Name(wire: record.rdata))" : "\(record.rdata.count)"
      lines.append("\(owner) \(record.type) \(data)")
    }
    return lines
  }
}

extension PolicyZone {
  /// All records but the SOA, as `owner type data`.
  func lines() throws -> [String] {
    guard let content = current() else { return [] }
    var cursor = try content.makeCursor()
    return try cursor.lines()
  }
}
