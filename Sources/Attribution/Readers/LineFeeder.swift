import ListSources

/// Cuts the pieces of a file into lines for a reader.
package struct LineFeeder {
  private var lines = LineSplitter()
  private var line: [UInt8] = []

  /// A feeder at the start of a file.
  package init() {}

  /// Takes the next piece of the file.
  package mutating func push(
    _ chunk: [UInt8], _ reader: inout any SourceReader, _ output: inout ReaderOutput
  ) {
    var line = self.line
    lines.push(chunk) { kind, number, text in
      Self.give(kind, number, text, &line, &reader, &output)
    }
    self.line = line
  }

  /// Takes the end of the file.
  package mutating func finish(
    _ reader: inout any SourceReader, _ output: inout ReaderOutput
  ) {
    var line = self.line
    lines.finish { kind, number, text in
      Self.give(kind, number, text, &line, &reader, &output)
    }
    reader.endFile(&output)
  }

  private static func give(
    _ kind: LineSplitter.Line, _ number: Int, _ text: Span<UInt8>, _ line: inout [UInt8],
    _ reader: inout any SourceReader, _ output: inout ReaderOutput
  ) {
    output.setLine(number)
    guard kind == .whole else {
      output.countRow()
      return output.malformed("the line is longer than \(LineSplitter.longestLine) octets")
    }
    line.removeAll(keepingCapacity: true)
    for index in 0..<text.count { line.append(text[index]) }
    reader.read(line, &output)
  }
}
