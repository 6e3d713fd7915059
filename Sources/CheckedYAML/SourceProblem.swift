/// One thing wrong in a text file: where it is, what it is and what to do about it.
///
/// Printed as `file:line:column: message`, the form editors and terminals turn into a link.
package struct SourceProblem: Error, Equatable, Hashable, Sendable {
  /// How bad a problem is.
  package enum Severity: Sendable, Hashable {
    /// The file is used, but the operator should know.
    case warning
    /// The file (or this part of it) is refused.
    case error
  }

  /// Path as the operator gave it.
  package var file: String
  /// Line, from 1; 0 when the whole file is meant.
  package var line: Int
  /// Column in characters, from 1; 0 when the whole line is meant.
  package var column: Int
  /// What is wrong and what to do: one line, whatever text of the file it quotes.
  package var message: String
  /// How bad it is.
  package var severity: Severity

  /// Makes a problem; leave out the position when the whole file is meant.
  ///
  /// What does not print is escaped in path and message: quoted text must neither look like a line
  /// of the log nor command the terminal.
  package init(
    file: String, line: Int = 0, column: Int = 0, _ message: String, severity: Severity = .error
  ) {
    self.file = file.printable
    self.line = line
    self.column = column
    self.message = message.printable
    self.severity = severity
  }
}

extension SourceProblem: CustomStringConvertible {
  /// One line: where, then what.
  package var description: String {
    var place = file
    if line > 0 { place += ":\(line)" }
    if line > 0, column > 0 { place += ":\(column)" }
    return place + (severity == .warning ? ": warning: " : ": ") + message
  }
}

extension SourceProblem: Comparable {
  /// Orders problems by place in the file, as a reader walks through it.
  package static func < (lhs: SourceProblem, rhs: SourceProblem) -> Bool {
    (lhs.file, lhs.line, lhs.column) < (rhs.file, rhs.line, rhs.column)
  }
}

extension String {
  /// This text with what does not print written as an escape such as `\u{1B}`.
  fileprivate var printable: String {
    guard !utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else { return self }
    return unicodeScalars.reduce(into: "") { text, scalar in
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator:
        text += scalar.escaped(asASCII: true)
      default: text.unicodeScalars.append(scalar)
      }
    }
  }
}
