import DGAKit
import DNSWire
import DomainIndex
import Evidence
import Generation
import PonorApp
import Settings

/// Prints the names of a window, each once per list it is in.
struct NameListLines: ~Copyable {
  private let format: IndexCommands.IndexExport.Format
  private let settings: Settings
  private(set) var count = 0

  init(_ format: IndexCommands.IndexExport.Format, _ settings: Settings) {
    self.format = format
    self.settings = settings
  }

  mutating func write(_ window: GenerationWindow) throws {
    var output = StandardOutput()
    var row: (IndexGenerator, Int64, Int64)?
    var written = 0
    // RPZ and text want each name once; colliding ones are never to be swallowed by anybody.
    var seen: Set<Name> = []
    header(window, &output)
    var walk = NameWalk(settings.generationInputs, window: window)
    try walk.run { generator, from, to in
      row = (generator, from, to)
    } take: { item in
      guard let row, !item.isColliding else { return }
      let name = Name(item.name)
      if format != .csv, !seen.insert(name).inserted { return }
      for line in lines(name, row, item.ordinal) { output.write(line) }
      written += 1
    }
    output.flush()
    for problem in walk.report.problems { StandardError.write(problem) }
    count = written
  }

  private func header(_ window: GenerationWindow, _ output: inout StandardOutput) {
    switch format {
    case .csv: output.write("domain,family,variant,seed,valid_from,valid_to,ordinal")
    case .text: break
    case .rpz:
      let serial = UInt32(truncatingIfNeeded: window.end.unixSeconds)
      output.write("$TTL \(settings.sinkhole.ttl)")
      output.write("@ SOA localhost. hostmaster.localhost. \(serial) 3600 600 86400 60")
      output.write("@ NS localhost.")
    }
  }

  private func lines(
    _ name: Name, _ row: (IndexGenerator, Int64, Int64), _ ordinal: Int
  ) -> [String] {
    let text = String(name.description.lowercased().dropLast())
    switch format {
    case .text:
      return [text]
    case .csv:
      let (generator, from, to) = row
      let fields = [
        text, generator.family, generator.variant, generator.seed,
        from == .min ? "" : UTCTime.rfc3339(seconds: from),
        to == .max ? "" : UTCTime.rfc3339(seconds: to), String(ordinal),
      ]
      return [fields.map(Self.quoted).joined(separator: ",")]
    case .rpz:
      return [text, "*.\(text)"].flatMap { owner in
        settings.sinkhole.ipv4.map { "\(owner) A \($0)" }
          + settings.sinkhole.ipv6.map { "\(owner) AAAA \($0)" }
      }
    }
  }

  /// RFC 4180 §2: quotes around what has a comma or a quote in it.
  private static func quoted(_ field: String) -> String {
    guard field.contains(where: { $0 == "," || $0 == "\"" }) else { return field }
    return "\"" + field.replacing("\"", with: "\"\"") + "\""
  }
}
