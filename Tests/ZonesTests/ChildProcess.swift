import Foundation
import Glibc

/// A child process, started and awaited with the system's own calls.
///
/// The test runner's threads block signals and a child would inherit that, so that SIGTERM would
/// never reach it: Foundation's `Process` cannot change it, `posix_spawn` can.
final class ChildProcess {
  private var pid: pid_t = 0

  /// Starts `path`; its standard output goes to `output`, its standard error nowhere.
  init(_ path: String, _ arguments: [String], directory: URL, output: String? = nil) throws {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(
      &actions, 1, output ?? "/dev/null", O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var noSignals = sigset_t()
    sigemptyset(&noSignals)
    posix_spawnattr_setsigmask(&attributes, &noSignals)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    // `env -C` changes the directory before it runs the program in its own place.
    let env = "/usr/bin/env"
    var strings = ([env, "-C", directory.path, path] + arguments).map { strdup($0) }
    defer { for string in strings { free(string) } }
    strings.append(nil)
    let status = posix_spawn(&pid, env, &actions, &attributes, strings, environ)
    guard status == 0 else { throw POSIXError(.init(rawValue: status) ?? .EIO) }
  }

  /// Whether it has not ended yet.
  var isRunning: Bool {
    var status: CInt = 0
    if pid != 0, waitpid(pid, &status, WNOHANG) == pid { pid = 0 }
    return pid != 0
  }

  /// Waits for the end; the exit status, or nil if a signal ended it.
  func awaitExit() -> CInt? {
    var status: CInt = 0
    guard pid != 0, waitpid(pid, &status, 0) == pid else { return nil }
    pid = 0
    return status & 0x7F == 0 ? (status >> 8) & 0xFF : nil
  }

  /// Asks it to end, makes it end after two seconds, and waits.
  func stop() {
    if pid != 0 { kill(pid, SIGTERM) }
    for _ in 0..<40 where isRunning { usleep(50_000) }
    if pid != 0 { kill(pid, SIGKILL) }
    _ = awaitExit()
  }
}
