import COperation
import Glibc

/// File and port rules of Landlock (landlock(7)), for the calling thread and all it starts later.
enum Landlock {
  /// Rights on files and directories, by the version of the interface that brought them.
  private enum Right {
    static let execute: UInt64 = 1 << 0
    static let writeFile: UInt64 = 1 << 1
    static let readFile: UInt64 = 1 << 2
    static let readDirectory: UInt64 = 1 << 3
    /// Making, removing: bits 4 to 12.
    static let change: UInt64 = 0x1FF0
    /// Renaming between directories, version 2.
    static let refer: UInt64 = 1 << 13
    /// Version 3.
    static let truncate: UInt64 = 1 << 14
    /// Version 5.
    static let deviceControl: UInt64 = 1 << 15
    static let read = readFile | readDirectory
  }

  /// Rights on TCP ports, version 4.
  private enum PortRight {
    static let bind: UInt64 = 1 << 0
    static let connect: UInt64 = 1 << 1
  }

  /// No signals to processes outside, version 6.
  private static let scopeSignal: UInt64 = 1 << 1

  /// Version of the kernel's interface; 0 when it has none, or it is switched off.
  static var version: Int { Int(max(0, ponor_landlock_version())) }

  /// Puts the calling thread under the rules.
  ///
  /// - Returns: paths that do not exist, which stay closed.
  /// - Throws: `SandboxError.system`.
  static func enforce(_ rules: SandboxRules, version: Int) throws(SandboxError) -> [String] {
    let files = handledFiles(version)
    var network: UInt64 = 0
    if version >= 4 {
      network = PortRight.bind | (rules.connectPorts == nil ? 0 : PortRight.connect)
    }
    let set = ponor_landlock_create(files, network, version >= 6 ? scopeSignal : 0)
    guard set >= 0 else { throw .system("landlock_create_ruleset", -set) }
    var missing: [String] = []
    do throws(SandboxError) {
      let write = files & ~Right.execute & ~Right.deviceControl
      for path in rules.writable { try allow(set, path, write, &missing) }
      for path in rules.readable { try allow(set, path, Right.read, &missing) }
      for path in rules.executable {
        try allow(set, path, Right.readFile | Right.execute, &missing)
      }
      try allow(set, "/dev/null", Right.readFile | Right.writeFile, &missing)
      if version >= 4 { try allowPorts(set, rules) }
    } catch {
      close(set)
      throw error
    }
    let code = ponor_landlock_enforce(set)
    guard code == 0 else { throw .system("landlock_restrict_self", -code) }
    return missing
  }

  private static func handledFiles(_ version: Int) -> UInt64 {
    var files = Right.execute | Right.writeFile | Right.read | Right.change
    if version >= 2 { files |= Right.refer }
    if version >= 3 { files |= Right.truncate }
    if version >= 5 { files |= Right.deviceControl }
    return files
  }

  private static func allow(
    _ set: Int32, _ path: String, _ access: UInt64, _ missing: inout [String]
  ) throws(SandboxError) {
    var isDirectory: Int32 = 0
    let code = ponor_landlock_allow_path(set, path, access, &isDirectory)
    switch -code {
    case 0: break
    case ENOENT, ENOTDIR, EACCES: missing.append(path)
    default: throw .system("landlock_add_rule \(path)", -code)
    }
  }

  private static func allowPorts(_ set: Int32, _ rules: SandboxRules) throws(SandboxError) {
    // Port 0 lets the system choose: outgoing connections are bound so.
    for port in rules.listenPorts.union([0]) { try allow(set, port, PortRight.bind) }
    for port in rules.connectPorts ?? [] { try allow(set, port, PortRight.connect) }
  }

  private static func allow(
    _ set: Int32, _ port: UInt16, _ right: UInt64
  ) throws(SandboxError) {
    let code = ponor_landlock_allow_port(set, port, right)
    guard code == 0 else { throw .system("landlock_add_rule port \(port)", -code) }
  }
}
