package import DGAKit

/// The names of a file: one on each line, blank lines and lines that begin with `#` left out.
package struct ObservedFile: Sendable {
  /// The names, each once, in order.
  package let names: ObservedNames
  /// How many lines had a name, repeats included.
  package let lineCount: Int
  /// What is no name, with its line number.
  package let problems: [String]

  /// Reads the content of a file.
  package init(_ content: some Sequence<UInt8>) {
    var names: [String] = []
    var problems: [String] = []
    let lines = Array(content).split(
      separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() {
      let text = String(decoding: line.trimmingBlanks, as: UTF8.self)
      guard !text.isEmpty, !text.hasPrefix("#") else { continue }
      if ObservedFile.isName(text) {
        names.append(text)
      } else {
        // Escaped: a list of malware's names must not command the terminal it is shown on.
        let shown = text.unicodeScalars.prefix(80).map { $0.escaped(asASCII: true) }.joined()
        problems.append("line \(index + 1): \"\(shown)\" is no domain name")
      }
    }
    self.names = ObservedNames(names)
    self.lineCount = names.count
    self.problems = problems
  }

  private static func isName(_ text: String) -> Bool {
    guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else { return false }
    var name = DomainBuffer()
    name.append(text: text.hasSuffix(".") ? String(text.dropLast()) : text)
    return name.isValidDNSName
  }
}

extension ArraySlice<UInt8> {
  fileprivate var trimmingBlanks: ArraySlice<UInt8> {
    let isBlank: (UInt8) -> Bool = { $0 == 0x20 || (0x09...0x0D).contains($0) }
    var rest = drop(while: isBlank)
    while let last = rest.last, isBlank(last) { rest.removeLast() }
    return rest
  }
}
