import DGAKit
import Foundation
import Testing

@Suite("The template for a new family")
struct TemplateTests {
  @Test(
    "names become type names",
    arguments: [
      ("my-bot_2", "MyBot2"), ("Zeus", "Zeus"), ("seed", "FamilySeed"), ("360bot", "Family360bot"),
    ])
  func names(name: String, typeName: String) throws {
    let template = try ModelTemplate(named: name)
    #expect(template.typeName == typeName)
    #expect(template.fileName == typeName + ".swift")
    #expect(template.family == name.lowercased())
    #expect(template.source.contains("struct \(typeName): DGAModel"))
  }

  @Test(
    "names that cannot be a family's are refused",
    arguments: ["", "a b", "../x", "é", "1-2", "a\"b", String(repeating: "a", count: 64)])
  func refused(name: String) {
    #expect(throws: TemplateError.unusableName(name)) { try ModelTemplate.source(named: name) }
  }

  /// Where this test run's modules are: next to its executable.
  private static let modules = URL(fileURLWithPath: CommandLine.arguments[0])
    .resolvingSymlinksInPath().deletingLastPathComponent().appending(path: "Modules")

  private static let haveModules: Comment = "the compiled DGAKit module is not beside the tests"
  private static var areModulesThere: Bool {
    FileManager.default.fileExists(atPath: modules.appending(path: "DGAKit.swiftmodule").path)
  }

  @Test(
    "the text compiles under the settings of the models",
    .enabled(if: areModulesThere, haveModules), arguments: ["my-bot_2", "seed"])
  func compiles(name: String) throws {
    try expectToCompile(try ModelTemplate.source(named: name))
  }

  @Test("so do the Swift examples in the README", .enabled(if: areModulesThere, haveModules))
  func readme() throws {
    let file = URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "DGAModels/README.md")
    let parts = try String(contentsOf: file, encoding: .utf8).components(separatedBy: "```")
    // Text and fenced blocks alternate, and both ends are text.
    #expect(!parts.count.isMultiple(of: 2))
    let examples = parts.enumerated().filter { place, part in
      !place.isMultiple(of: 2) && part.hasPrefix("swift\n")
    }
    #expect(!examples.isEmpty)
    for (_, example) in examples {
      try expectToCompile(String(example.dropFirst("swift\n".count)))
    }
  }

  private func expectToCompile(_ source: String) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "Model.swift")
    try source.write(to: file, atomically: true, encoding: .utf8)
    let compiler = Process()
    compiler.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    compiler.arguments =
      [
        "swiftc", "-typecheck", file.path, "-I", Self.modules.path, "-swift-version", "6",
        "-warnings-as-errors", "-strict-memory-safety", "-module-name", "DGAModels",
        "-module-cache-path", folder.appending(path: "cache").path,
      ]
      + ["ExistentialAny", "MemberImportVisibility", "InternalImportsByDefault"].flatMap {
        ["-enable-upcoming-feature", $0]
      }
    let output = Pipe()
    compiler.standardError = output
    try compiler.run()
    let message = output.fileHandleForReading.readDataToEndOfFile()
    compiler.waitUntilExit()
    #expect(compiler.terminationStatus == 0, "\(String(decoding: message, as: UTF8.self))")
  }
}
