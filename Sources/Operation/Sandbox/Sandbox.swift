import COperation
import Foundation
import Glibc

/// Why the sandbox could not be put up.
package enum SandboxError: Error, Equatable, Sendable, CustomStringConvertible {
  /// A system call failed.
  case system(String, Int32)
  /// The kernel lacks something and the configuration requires it.
  case missing(String)

  /// One line: what, and what to do.
  package var description: String {
    switch self {
    case .system(let what, let code):
      "sandbox: \(what): \(strerror(code).map { String(cString: $0) } ?? "error \(code)")"
    case .missing(let what):
      "sandbox: \(what); sandbox: auto takes what the kernel has"
    }
  }
}

/// Confines the process to what a resolver needs, so that a flaw in it gives little away.
///
/// Landlock bounds files and TCP ports. It holds for the thread that asks and for what that thread
/// starts, so `confineFiles` comes first of all, while there is one thread. The system call filter
/// holds for all threads whenever it is put up: `confineCalls` comes last.
package struct Sandbox: Sendable {
  /// Whether to confine.
  package enum Wish: String, Sendable, CaseIterable {
    /// With whatever the kernel has.
    case auto
    /// Not at all.
    case off
    /// With everything, or the server does not start.
    case required
  }

  /// What is in force, in words for the status.
  package private(set) var measures: [String] = []
  /// What is not in force although it was wished, one sentence each.
  package private(set) var problems: [String] = []
  /// What may be touched; nil when files are not confined.
  package private(set) var rules: SandboxRules?
  private let wish: Wish

  /// Confines nothing yet.
  package init(_ wish: Wish) { self.wish = wish }

  /// Bounds files and TCP ports of this process and its children.
  ///
  /// - Throws: `SandboxError` when it is required and cannot be had.
  package mutating func confineFiles(_ rules: SandboxRules) throws(SandboxError) {
    guard wish != .off else { return }
    let version = Landlock.version
    guard version > 0 else {
      return try lack("the kernel has no Landlock, files are not confined")
    }
    guard Self.isSingleThreaded else {
      return try lack("threads run already, files are not confined")
    }
    do throws(SandboxError) {
      _ = try Landlock.enforce(rules, version: version)
    } catch {
      return try lack("files are not confined (\(error))")
    }
    self.rules = rules
    measures.append("landlock \(version): files\(version >= 4 ? ", tcp ports" : "")")
    if version < 4 { problems.append("sandbox: the kernel's Landlock cannot confine TCP ports") }
  }

  /// Forbids system calls that a resolver does not need, to all threads.
  ///
  /// - Throws: `SandboxError` when it is required and cannot be had.
  package mutating func confineCalls() throws(SandboxError) {
    guard wish != .off else { return }
    let code = ponor_seccomp_enforce()
    guard code == 0 else {
      return try lack("system calls are not filtered (error \(-code))")
    }
    measures.append("seccomp: \(ponor_seccomp_count()) calls forbidden")
  }

  /// Notes that the server runs as another user now.
  package mutating func note(_ measure: String) { measures.append(measure) }

  private mutating func lack(_ what: String) throws(SandboxError) {
    guard wish != .required else { throw .missing(what) }
    problems.append("sandbox: \(what)")
  }

  private static var isSingleThreaded: Bool {
    let threads = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task")
    return threads?.count == 1
  }
}
