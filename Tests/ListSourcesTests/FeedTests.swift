import CheckedYAML
import DGAKit
import ListSources
import Testing

@Suite struct FeedTests {
  private let always = "0001-01-01T00:00:00Z/9999-12-31T23:59:59Z"

  @Test("columns stand in the documented order when there is no header")
  func withoutHeader() {
    let (rows, report) = readFeed(
      """
      a.example,necurs,s1,2026-11-23,2026-11-24
      b.example,necurs,s1,2026-11-23T10:00:00Z,2026-11-23T11:30:00+01:00
      c.example,qsnatch
      """)
    #expect(
      rows == [
        Row(
          name: "a.example", family: "necurs", seed: "s1",
          validity: "2026-11-23T00:00:00Z/2026-11-25T00:00:00Z"),
        Row(
          name: "b.example", family: "necurs", seed: "s1",
          validity: "2026-11-23T10:00:00Z/2026-11-23T10:30:00Z"),
        Row(name: "c.example", family: "qsnatch", seed: "", validity: always),
      ])
    #expect(report.rows == 3 && report.accepted == 3 && report.keys.count == 3)
    #expect(report.problems.isEmpty)
  }

  @Test("a header names the columns, in any order, letter case and company")
  func header() {
    let (rows, report) = readFeed(
      "Comment,Valid_To, FAMILY ,domain,seed\nx,2026-01-01,necurs,a.example,s\n")
    #expect(
      rows == [
        Row(
          name: "a.example", family: "necurs", seed: "s",
          validity: "0001-01-01T00:00:00Z/2026-01-02T00:00:00Z")
      ])
    #expect(report.rows == 1)
  }

  @Test(
    "line ends, byte order mark, comments and quotes do not matter, wherever chunks are cut",
    arguments: [1, 2, 3, 5, 7, 64, Int.max])
  func forms(chunk: Int) {
    let text =
      "\u{FEFF}domain,family,seed\r\n# note, \"x\r\n\r\n  \r\nA.Example.,Necurs,\"s \"\"1\"\", x\"\r\n"
      + " \"b.example\" ,\tnecurs ,\nc_1.example,necurs,last"
    let (rows, report) = readFeed(text, chunk: chunk)
    #expect(
      rows == [
        Row(name: "a.example", family: "necurs", seed: "s \"1\", x", validity: always),
        Row(name: "b.example", family: "necurs", seed: "", validity: always),
        Row(name: "c_1.example", family: "necurs", seed: "last", validity: always),
      ])
    #expect(report.skipped.isEmpty, "\(report.skipped)")
  }

  @Test(
    "a bad row is skipped and counted by its reason",
    arguments: [
      (",f", FeedFlaw.name(.empty)), ("a..b,f", .name(.emptyLabel)), (".a,f", .name(.emptyLabel)),
      (".,f", .name(.emptyLabel)), ("a b.example,f", .name(.badOctet)),
      ("bücher.example,f", .name(.badOctet)), ("http://a.example/,f", .name(.badOctet)),
      ("*.a.example,f", .name(.badOctet)), ("a\u{1}.example,f", .name(.badOctet)),
      ("192.0.2.1,f", .name(.address)),
      (String(repeating: "a", count: 64) + ".b,f", .name(.labelTooLong)),
      (String(repeating: "a.", count: 127) + "b,f", .name(.tooLong)),
      ("a.example", .family), ("a.example,f g", .family), ("a.example,\"f\u{1F}\"", .family),
      ("a.example,f,s\u{7F}", .seed), ("a.example,f,,yesterday", .date),
      ("a.example,f,,2026-02-30", .date), ("a.example,f,,,2026-11-23T00:00:00", .date),
      ("a.example,f,,2026-11-24,2026-11-23", .emptyInterval),
      ("a.example,f,,2026-11-23T01:00:00Z,2026-11-23T01:00:00Z", .emptyInterval),
      ("a.example,\"f", .quoting), ("a.example,\"f\"g", .quoting), ("a.ex\"ample\",f", .quoting),
      (String(repeating: "x", count: 20_000), .lineTooLong),
    ])
  func badRows(row: String, flaw: FeedFlaw) {
    let text = "good.example,f\n\(row)\ngood.example,f\n\(row)\n"
    for chunk in [1000, Int.max] {
      let (rows, report) = readFeed(text, chunk: chunk)
      #expect(rows.count == 2)
      #expect(report.skipped == [flaw: .init(count: 2, firstLine: 2)], "\(report.skipped)")
      #expect(report.rows == 4 && report.accepted == 2)
    }
  }

  @Test("the longest names and labels are accepted")
  func longest() {
    let label = String(repeating: "a", count: 63)
    let name = [label, label, label, String(repeating: "b", count: 61)].joined(separator: ".")
    #expect(name.utf8.count == 253)
    #expect(readFeed("\(name).,f").rows.map(\.name) == [name])
    #expect(readFeed("\(name)x,f").rows.isEmpty)
  }

  @Test("problems say how many rows and where the first is, in line order")
  func problems() {
    let (_, report) = readFeed("a.b,f\nx,\n*.c,f\n*.d,f\n")
    #expect(
      report.problems.map(\.description) == [
        "feed.csv:2: warning: 1 of 4 rows skipped, first here: " + FeedFlaw.family.description,
        "feed.csv:3: warning: 2 of 4 rows skipped, first here: "
          + FeedFlaw.name(.badOctet).description,
      ])
  }

  @Test("rows with the same family, seed and dates share a key, whatever comes between")
  func keys() {
    var parser = FeedParser(path: "")
    var numbers: [Int] = []
    let body: FeedParser.Body = { _, number, _ in numbers.append(number) }
    let text = (0..<600).map { "a\($0).b,F\($0 % 200),s,2026-11-23,\n" }.joined()
    parser.push(Array(text.utf8), body)
    let report = parser.finish(body)
    #expect(numbers == (0..<600).map { $0 % 200 })
    #expect(report.keys.count == 200)
    #expect(report.keys[7].family == "f7")
  }

  @Test("spellings of the same key share a number")
  func spellings() {
    let (_, report) = readFeed("a.b,F,,2026-11-23,\nc.d,f,,2026-11-23T00:00:00Z,\n")
    #expect(report.keys.count == 1)
  }

  @Test("files are read from disk; one that cannot be says why")
  func files() throws {
    let directory = try TemporaryDirectory()
    defer { directory.remove() }
    let path = try directory.write("feed.csv", "a.example,f\n")
    var count = 0
    let report = try FeedReader.read(path) { _, _, _ in count += 1 }
    #expect(count == 1 && report.accepted == 1 && report.path == path)

    func failure(_ path: String) -> String {
      do {
        _ = try FeedReader.read(path) { _, _, _ in }
        return ""
      } catch {
        return error.description
      }
    }
    #expect(
      failure(directory.path + "/no.csv").hasSuffix("no.csv: cannot read the file: no such file"))
    #expect(failure(directory.path).contains("it is a directory"))
    let packed = try directory.write("feed.csv.gz", "\u{1F}")
    #expect(failure(packed) == "")
  }

  @Test("random bytes and random CSV never trap, and every row is accounted for")
  func fuzz() {
    var random = SplitMix64(state: 4)
    let pieces = [
      "domain", "family", ",", ",,", "\"", "\n", "\r\n", "a.example", ".", "2026-11-23", "#", " ",
      "\u{1F}", "é", "x", "valid_to", "2026-11-23T25:00:00Z", "-", "9999-12-31",
    ]
    for round in 0..<3_000 {
      let count = Int.random(in: 0..<60, using: &random)
      let bytes: [UInt8] =
        round % 2 == 0
        ? (0..<count * 4).map { _ in UInt8.random(in: 0...255, using: &random) }
        : (0..<count).flatMap { _ in Array((pieces.randomElement(using: &random) ?? "").utf8) }
      let whole = readFeed(bytes)
      let cut = readFeed(bytes, chunk: Int.random(in: 1...9, using: &random))
      #expect(whole.rows == cut.rows && whole.report == cut.report)
      let skipped = whole.report.skipped.values.reduce(0) { $0 + $1.count }
      #expect(whole.report.rows == whole.report.accepted + skipped)
      #expect(whole.report.accepted == whole.rows.count)
    }
  }
}
