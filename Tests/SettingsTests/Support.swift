import Addressing
import CheckedYAML
import Foundation
import Settings

/// Parses configuration text under the name the example uses.
func parsed(_ yaml: String, directory: String = "") throws(ConfigurationFile.Invalid) -> Settings {
  try ConfigurationFile.parse(Array(yaml.utf8), file: "ponor.yaml", directory: directory).settings
}

/// The problems of configuration text as printed, empty when it is accepted.
func problems(_ yaml: String) -> [String] { problems(Array(yaml.utf8)) }

func problems(_ bytes: [UInt8]) -> [String] {
  do {
    return try ConfigurationFile.parse(bytes, file: "ponor.yaml").warnings.map(\.description)
  } catch {
    return error.problems.map(\.description)
  }
}

/// The package's root directory, found from this file's place in it.
let packageRoot = URL(filePath: #filePath).deletingLastPathComponent()
  .deletingLastPathComponent().deletingLastPathComponent()

/// Compares a generated text with the file that is committed; `PONOR_UPDATE=1` rewrites the file.
func committed(_ path: String, updatingTo text: (String) -> String) throws -> String {
  let url = packageRoot.appending(path: path)
  let old = (try? String(contentsOf: url, encoding: .utf8)) ?? ""
  if ProcessInfo.processInfo.environment["PONOR_UPDATE"] == "1" {
    try Data(text(old).utf8).write(to: url)
    return text(old)
  }
  return old
}
