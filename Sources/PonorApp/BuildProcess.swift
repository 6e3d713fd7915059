import DGAKit
import Foundation
import Generation

/// Runs `ponor index build` as a process of its own, so that generating names can neither slow down
/// nor bring down the resolver.
struct BuildProcess: Sendable {
  /// Path of the configuration file the server was started with.
  let configuration: String?
  /// Path of the program.
  let executable: String

  /// Builds an index.
  ///
  /// - Parameter names: where the sorted names go besides, nil for nowhere.
  /// - Throws: `BuildFailure` with the last line the process wrote to standard error.
  func run(
    output: String, generation: UInt64, window: GenerationWindow, names: String? = nil
  ) async throws -> GenerationReport {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: executable)
    process.arguments = arguments(output, generation, window, names)
    let result = Pipe()
    let errors = Pipe()
    process.standardOutput = result
    process.standardError = errors
    process.standardInput = FileHandle.nullDevice
    try process.run()
    async let text = Self.read(result)
    async let complaint = Self.read(errors)
    let (output, message) = await (text, complaint)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      let lines = String(decoding: message, as: UTF8.self).split(separator: "\n")
      throw BuildFailure(
        message: lines.last.map(String.init) ?? "ended with status \(process.terminationStatus)")
    }
    return try JSONDecoder().decode(GenerationReport.self, from: output)
  }

  private func arguments(
    _ output: String, _ generation: UInt64, _ window: GenerationWindow, _ names: String?
  ) -> [String] {
    var arguments = ["index", "build", "--json", "--background", "--output", output]
    arguments += ["--generation", String(generation)]
    arguments += [
      "--from", String(window.start.unixSeconds), "--until", String(window.end.unixSeconds),
    ]
    if let names { arguments += ["--names", names] }
    if let configuration { arguments += ["--config", configuration] }
    return arguments
  }

  @concurrent
  private static func read(_ pipe: Pipe) async -> Data {
    (try? pipe.fileHandleForReading.readToEnd()) ?? Data()
  }
}

/// Why an index could not be built.
struct BuildFailure: Error, CustomStringConvertible {
  let message: String
  var description: String { message }
}
