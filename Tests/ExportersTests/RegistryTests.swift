import Evidence
import Exporters
import Foundation
import Testing

/// What must hold of every format, also of those added later.
@Suite struct RegistryTests {
  static let names = FormatRegistry.infections.map { $0.name }

  private func samples() -> [InfectionRecord] {
    var prefix = record(number: 6, client: "10.0.0.0", port: 0)
    prefix.client.prefixLength = 8
    return [
      record(number: 1), record(number: 2, client: "2001:db8::1", transport: "doh"),
      record(number: 3, scope: .forwarder, tlp: "red"), record(number: 4, change: .withdrawn),
      record(number: 5, isTest: true), prefix, hostileRecord(),
      record(number: 8, change: .closed, count: .max, scope: .shared, tlp: "amber+strict"),
    ]
  }

  private func document(_ name: String, _ options: ExportOptions) throws -> (String, ExportCounts) {
    let format = try #require(FormatRegistry.infection(name))
    var writer = DocumentWriter(format.init(options: options))
    let text = samples().reduce(into: "") { $0 += writer.add($1) } + writer.finish()
    return (text, writer.counts)
  }

  @Test("Names are distinct, plain, and found")
  func distinctNames() {
    let all = Self.names + FormatRegistry.folders.map { $0.name }
    #expect(Set(all).count == all.count)
    for name in all {
      #expect(
        name.allSatisfy { $0.isASCII && ($0.isLowercase || $0.isNumber || "-_".contains($0)) })
      #expect((FormatRegistry.infection(name) != nil) != (FormatRegistry.folder(name) != nil))
    }
    #expect(FormatRegistry.infection("none") == nil && FormatRegistry.domain("none") == nil)
  }

  @Test(
    "Every record is written or counted, and the same records give the same text", arguments: names)
  func complete(_ name: String) throws {
    var options = ExportOptions()
    options.now = 1_795_400_000_000_000
    let (text, counts) = try document(name, options)
    #expect(counts.written + counts.skipped.values.reduce(0, +) == samples().count)
    #expect(counts.written > 0)
    #expect(try document(name, options).0 == text)
    #expect(text.last?.isNewline == true)
  }

  @Test(
    "No format lets a control character or a mark of writing direction through", arguments: names)
  func clean(_ name: String) throws {
    var options = ExportOptions()
    options.organisation = "Evil\r\n\u{202e}\u{0}\"Org\""
    options.includesSubscriber = true
    let (text, _) = try document(name, options)
    let bad = text.unicodeScalars.filter { scalar in
      scalar.value < 0x20 && scalar != "\n" && scalar != "\r" && scalar != "\t"
        || (0x7f...0x9f).contains(scalar.value)
    }
    #expect(bad.isEmpty, "\(bad.map(\.value))")
  }

  @Test("The subscriber stays inside unless the operator says so", arguments: names)
  func subscriber(_ name: String) throws {
    #expect(try !document(name, ExportOptions()).0.contains("line-0815"))
  }

  @Test("A document without records is still a document", arguments: names)
  func empty(_ name: String) throws {
    let format = try #require(FormatRegistry.infection(name)).init(options: ExportOptions())
    #expect(DocumentWriter(format).finish() == format.head + format.tail)
  }
}
