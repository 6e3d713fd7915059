import ArgumentParser
import Foundation
import Glibc

/// The end of a command that did not do what it was asked for.
struct CommandFailure: Error {
  /// Exit status: 1 = found nothing or failed, 2 = usage.
  let status: Int32
  /// Lines for standard error; none when there is nothing to say.
  let messages: [String]

  /// Nothing was found: no message, as with grep.
  static let nothingFound = CommandFailure(status: 1, messages: [])

  /// Something failed.
  static func failed(_ message: String) -> CommandFailure {
    CommandFailure(status: 1, messages: [message])
  }

  /// The command was called in a wrong way.
  static func usage(_ message: String) -> CommandFailure {
    CommandFailure(status: 2, messages: [message])
  }

  func report() {
    for message in messages { StandardError.write(message) }
  }
}

/// Lines to standard error.
enum StandardError {
  static func write(_ line: String) {
    FileHandle.standardError.write(Data("ponor: \(line)\n".utf8))
  }
}

/// Buffered standard output that ends the program quietly when nobody reads it any more.
struct StandardOutput: ~Copyable {
  private var buffer: [UInt8] = []
  private static let chunk = 1 << 16

  mutating func write(_ line: String) {
    buffer.append(contentsOf: line.utf8)
    buffer.append(UInt8(ascii: "\n"))
    if buffer.count >= Self.chunk { flush() }
  }

  /// Text without a line end of its own.
  mutating func append(_ text: String) {
    buffer.append(contentsOf: text.utf8)
    if buffer.count >= Self.chunk { flush() }
  }

  mutating func write(_ octets: Span<UInt8>) {
    for index in octets.indices { buffer.append(octets[index]) }
    buffer.append(UInt8(ascii: "\n"))
    if buffer.count >= Self.chunk { flush() }
  }

  mutating func flush() {
    var start = 0
    while start < buffer.count {
      let written = buffer[start...].withUnsafeBytes { Glibc.write(1, $0.baseAddress, $0.count) }
      guard written > 0 else {
        if errno == EINTR { continue }
        // A closed pipe (`ponor … | head`) is no error.
        exit(errno == EPIPE ? 0 : 1)
      }
      start += written
    }
    buffer.removeAll(keepingCapacity: true)
  }
}

/// A command that only holds others; called alone it says which, as wrong usage.
protocol CommandGroup: ParsableCommand {}

extension CommandGroup {
  func run() throws {
    let names = Self.configuration.subcommands.map { $0.configuration.commandName ?? $0._name }
    throw CommandFailure.usage("which one? \(names.joined(separator: ", ")) (see --help)")
  }
}

extension ParsableCommand {
  static var _name: String { "\(Self.self)".lowercased() }
}
