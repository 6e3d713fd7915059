import Foundation
import Settings

/// Reads secrets from where the configuration says they stand; none is ever printed or logged.
enum SecretReader {
  /// Most octets of a file with a secret.
  private static let limit = 4_096

  /// Why a secret cannot be had; says where, never what.
  struct Problem: Error, CustomStringConvertible {
    let description: String
  }

  /// The secret without white space around it.
  static func read(_ source: SecretSource) throws(Problem) -> String {
    switch source {
    case .environment(let name):
      guard let text = ProcessInfo.processInfo.environment[name], !text.isEmpty else {
        throw Problem(description: "the secret env:\(name) is not in the environment")
      }
      return text.trimmingCharacters(in: .whitespacesAndNewlines)
    case .file(let path):
      guard let file = FileHandle(forReadingAtPath: path),
        let octets = try? file.read(upToCount: limit)
      else { throw Problem(description: "the secret file:\(path) cannot be read") }
      let text = String(decoding: octets, as: UTF8.self)
        .trimmingCharacters(in: .whitespacesAndNewlines)
      guard !text.isEmpty else { throw Problem(description: "the secret file:\(path) is empty") }
      return text
    }
  }
}
