import Foundation
import Glibc

/// A child process, in the calling thread's network namespace.
///
/// It starts without the blocked signals of the threads tests run on: with them inherited, servers
/// would not see SIGTERM.
final class Child {
  private let pid: pid_t

  /// Starts `command`, a path or a name to be found in PATH, with both outputs going to `output`.
  init(_ command: String, _ arguments: [String], in directory: URL, output: String) throws {
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_APPEND, 0o600)
    posix_spawn_file_actions_adddup2(&actions, 1, 2)
    // `env -C` changes the directory, which plain posix_spawn cannot.
    let words = ["env", "-C", directory.path, command] + arguments
    var pointers: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
    defer { for pointer in pointers { free(pointer) } }
    pointers.append(nil)
    var pid = pid_t()
    let code = posix_spawn(&pid, "/usr/bin/env", &actions, &attributes, pointers, environ)
    guard code == 0 else { throw LabError(description: "\(command): errno \(code)") }
    self.pid = pid
  }

  /// Waits for its end; returns whether it ended well.
  @discardableResult
  func wait() -> Bool {
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0, errno == EINTR {}
    return status == 0
  }

  /// Ends it and waits.
  func terminate() {
    kill(pid, SIGTERM)
    wait()
  }
}

/// A tool of the laboratory failed.
struct LabError: Error, CustomStringConvertible {
  var description: String
}

/// Runs a tool to its end and returns what it printed.
@discardableResult
func run(_ tool: String, _ arguments: [String], in directory: URL) throws -> String {
  let file = directory.appending(path: "output-\(UUID().uuidString)").path
  defer { unlink(file) }
  let succeeded = try Child(tool, arguments, in: directory, output: file).wait()
  let text = (try? String(contentsOfFile: file, encoding: .utf8)) ?? ""
  guard succeeded else { throw LabError(description: "\(tool) \(arguments): \(text)") }
  return text
}
