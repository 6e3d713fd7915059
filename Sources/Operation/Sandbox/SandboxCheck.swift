import COperation
import Foundation
import Glibc

/// Tries from inside what an attacker would, and says what came of it.
package enum SandboxCheck {
  /// One attempt.
  package struct Attempt: Sendable {
    /// What was tried.
    package let what: String
    /// The error number the kernel gave; 0 = it worked.
    package let code: Int32
    /// Whether it is meant to work.
    package let isAllowed: Bool
    /// Whether what happened is what should.
    package var isRight: Bool { isAllowed == (code == 0) }
  }

  /// Makes all attempts in this process, which should be confined.
  ///
  /// - Parameters:
  ///   - outside: a file that may not be read, and a directory that may not be written.
  ///   - inside: a directory that may be written.
  ///   - program: a program that may be run, with an argument that makes it end.
  package static func run(inside: String, program: String) -> [Attempt] {
    let mine = "\(inside)/.sandbox-check"
    var attempts = [
      attempt("read /etc/shadow") { reading("/etc/shadow") },
      attempt("list /root") { reading("/root", O_DIRECTORY) },
      attempt("write /tmp") { writing("/tmp/.ponor-sandbox-check") },
      attempt("write /etc") { writing("/etc/.ponor-sandbox-check") },
      attempt("run /bin/sh") { running("/bin/sh", ["-c", "exit 0"]) },
      attempt("trace the parent process") { -ponor_try_ptrace(getppid()) },
      attempt("listen on TCP port 1") { binding(1) },
      attempt("connect to TCP port 25") { connecting(25) },
      attempt("mount") { mount("none", "/mnt", "tmpfs", 0, nil) == 0 ? 0 : errno },
      attempt("make a user namespace") { -ponor_try_user_namespace() },
    ]
    attempts += [
      attempt("write the data directory", isAllowed: true) { writing(mine) },
      attempt("run the program itself", isAllowed: true) { running(program, ["--version"]) },
    ]
    unlink(mine)
    return attempts
  }

  private static func attempt(
    _ what: String, isAllowed: Bool = false, _ body: () -> Int32
  ) -> Attempt {
    Attempt(what: what, code: body(), isAllowed: isAllowed)
  }

  private static func reading(_ path: String, _ flags: Int32 = 0) -> Int32 {
    outcome(open(path, O_RDONLY | O_CLOEXEC | flags))
  }

  private static func writing(_ path: String) -> Int32 {
    let code = outcome(open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600))
    if code == 0 { unlink(path) }
    return code
  }

  private static func outcome(_ descriptor: Int32) -> Int32 {
    guard descriptor >= 0 else { return errno }
    close(descriptor)
    return 0
  }

  private static func running(_ program: String, _ arguments: [String]) -> Int32 {
    var words: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    var process = pid_t()
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
    let code = posix_spawn(&process, program, &actions, nil, &words, environ)
    guard code == 0 else { return code }
    var status: Int32 = 0
    waitpid(process, &status, 0)
    return status == 0 ? 0 : ENOEXEC
  }

  private static func binding(_ port: UInt16) -> Int32 {
    withSocket(port) { bind($0, $1, socklen_t(MemoryLayout<sockaddr_in>.size)) }
  }

  private static func connecting(_ port: UInt16) -> Int32 {
    withSocket(port) { connect($0, $1, socklen_t(MemoryLayout<sockaddr_in>.size)) }
  }

  private static func withSocket(
    _ port: UInt16, _ body: (Int32, UnsafePointer<sockaddr>) -> Int32
  ) -> Int32 {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { return errno }
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        body(descriptor, $0) == 0 ? 0 : errno
      }
    }
  }
}
