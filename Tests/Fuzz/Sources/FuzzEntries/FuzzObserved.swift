import DGAKit
import Identification

/// A list of observed names: every line is a name, a problem or nothing.
func fuzzObserved(_ octets: [UInt8]) {
  let file = ObservedFile(octets)
  precondition(file.names.count <= file.lineCount, "more names than lines")
  for position in 0..<file.names.count {
    let name = file.names[position]
    precondition(name == name.lowercased() && !name.hasSuffix("."), "not a folded name: \(name)")
  }
  for problem in file.problems { checkOneLine(problem) }
}
