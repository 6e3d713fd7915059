import Addressing

/// Reads `detail` files of FreeRADIUS: records of a date line, indented `Attribute = value` lines and a
/// blank line.
///
/// The time of an event is Event-Timestamp (RFC 2869 §5.3), else when it was received less
/// Acct-Delay-Time (RFC 2866 §5.2).
package struct DetailFile: SourceReader {
  private var record = DetailRecord()
  private var book: SessionBook
  private let keyAttribute: String

  /// Makes a reader; the key is User-Name unless another attribute is named.
  package init(_ options: ReaderOptions = ReaderOptions()) {
    keyAttribute = (options.key ?? "User-Name").lowercased()
    book = SessionBook(interim: options.interim)
  }

  package mutating func read(_ line: [UInt8], _ output: inout ReaderOutput) {
    guard let first = line.first else { return endRecord(&output) }
    guard first == 0x20 || first == 0x09 else {
      endRecord(&output)
      record = DetailRecord(dateLine: line[...], number: output.currentLine)
      return
    }
    let text = line[...].trimmed
    guard !text.isEmpty else { return endRecord(&output) }
    guard let (name, value) = text.cut(at: UInt8(ascii: "=")), record.number > 0 else {
      record.isBroken = record.number > 0
      return
    }
    record.take(name.trimmed.text.lowercased(), Self.unquoted(value.trimmed), keyAttribute)
  }

  package mutating func endFile(_ output: inout ReaderOutput) { endRecord(&output) }

  package mutating func finish(_ output: inout ReaderOutput) { book.finish(&output) }

  private mutating func endRecord(_ output: inout ReaderOutput) {
    guard record.number > 0 else { return }
    let done = record
    record = DetailRecord()
    output.countRow()
    do throws(DetailRecord.Flaw) {
      guard let event = try done.event() else { return }
      if let flaw = book.take(event, &output) { output.malformed(flaw, line: done.number) }
    } catch {
      output.malformed(error.what, line: done.number)
    }
  }

  /// A value without its quotes; `\"` and `\\` stand for the second character.
  private static func unquoted(_ value: Octets) -> Octets {
    let quote = UInt8(ascii: "\"")
    guard value.count >= 2, value.first == quote, value.last == quote else { return value }
    let inner = value.dropFirst().dropLast()
    guard inner.contains(0x5C) else { return inner }
    var plain: [UInt8] = []
    var isEscaped = false
    for octet in inner {
      if octet == 0x5C, !isEscaped {
        isEscaped = true
      } else {
        plain.append(octet)
        isEscaped = false
      }
    }
    return plain[...]
  }
}
