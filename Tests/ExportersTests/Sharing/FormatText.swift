import Evidence
import Exporters
import Foundation
import Testing

/// What a format makes of some records, as one document.
func document(
  _ format: any InfectionFormat.Type, _ records: [InfectionRecord],
  _ options: ExportOptions = ExportOptions()
) -> String {
  var writer = DocumentWriter(format.init(options: options))
  return records.reduce(into: "") { $0 += writer.add($1) } + writer.finish()
}

/// The only line of a format of lines, read as JSON.
func jsonLine(_ format: any InfectionFormat.Type, _ record: InfectionRecord) throws -> [String: Any]
{
  let text = document(format, [record])
  #expect(text.last == "\n" && text.dropLast().contains("\n") == false)
  let any = try JSONSerialization.jsonObject(with: Data(text.utf8))
  return try #require(any as? [String: Any])
}

/// A value at a dotted path.
func value(_ object: [String: Any], _ path: String) -> Any? {
  path.split(separator: ".").reduce(object as Any?) { inner, key in
    (inner as? [String: Any])?[String(key)]
  }
}

/// A client of which a forwarder told only a prefix.
func prefixRecord() -> InfectionRecord {
  var sample = record(client: "10.20.30.0", port: 0)
  sample.client.prefixLength = 24
  sample.client.relay = "203.0.113.9"
  sample.client.relayPort = 5_353
  return sample
}
