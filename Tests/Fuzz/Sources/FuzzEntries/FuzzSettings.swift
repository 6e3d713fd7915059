import CheckedYAML
import Settings

/// A configuration file: what is accepted must read back from the reference made of it.
func fuzzSettings(_ octets: [UInt8]) {
  do {
    let loaded = try ConfigurationFile.parse(
      octets, file: "ponor.yaml", directory: "/etc/ponor", families: ["simda", "matsnu/1"])
    for warning in loaded.warnings { checkOneLine(warning.description) }
    check(loaded.settings)
  } catch {
    precondition(!error.problems.isEmpty, "refused without a reason")
    for problem in error.problems { checkOneLine(problem.description) }
  }
}

private func check(_ settings: Settings) {
  let text = ReferenceFile.render(settings)
  do {
    let again = try ConfigurationFile.parse(Array(text.utf8), file: "again", directory: "/")
    precondition(again.settings == settings, "the reference says something else")
  } catch {
    preconditionFailure("the reference is refused: \(error)")
  }
}
