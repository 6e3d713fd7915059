import Addressing
import ControlPlane
import DNSServer
import Foundation
import Glibc
import HitLog
import Logging
import Operation
import Settings

/// The first steps of a server, in the order that privileges and confinement ask for.
///
/// Landlock holds for the thread that asks for it and its children, so all of this runs before
/// anything starts a thread. Sockets are opened while the process may still bind low ports; files
/// are opened by the user the server then is.
struct StartUp {
  let notifier: ServiceNotifier
  let sockets: ListenSockets
  /// The server that is taken over from.
  let successor: Successor?
  /// The data directory's lock; nil while a server is taken over from.
  ///
  /// Held before the first socket is open: a second server by mistake must not draw queries to
  /// itself (`SO_REUSEPORT`).
  let lock: DataDirectoryLock?
  private(set) var sandbox: Sandbox
  let inherited: Int

  /// Opens the sockets, gives up root and bounds files.
  ///
  /// - Throws: an error that says what to do.
  init(
    _ settings: Settings, configuration: String?, takeover: Bool, processors: Int, _ logger: Logger
  ) throws {
    notifier = .fromEnvironment()
    let given = try ServiceSockets.take()
    let user = try settings.server.user.map {
      try ServerUser(name: $0, group: settings.server.group)
    }
    try? FileManager.default.createDirectory(
      atPath: settings.dataDirectory, withIntermediateDirectories: true)
    let made = Self.makeFolders(settings.exports.compactMap(\.folder))
    Self.keepTemporaryFiles(in: settings.dataDirectory)
    sandbox = Sandbox(Sandbox.Wish(rawValue: settings.sandbox.rawValue) ?? .auto)
    try sandbox.confineFiles(.make(settings, configuration: configuration))
    successor = takeover ? try Self.ask(settings, logger) : nil
    lock =
      try successor == nil
      ? DataDirectoryLock.acquire(HitLogPaths(dataDirectory: settings.dataDirectory)) : nil
    let all = given + (successor?.sockets ?? [])
    inherited = all.count
    sockets = ListenSockets(inherited: all, fixed: Set(given.map(\.endpoint)))
    try Self.openSockets(settings, sockets, given, processors: processors)
    if let user, !user.isCurrent {
      try user.adopt(directory: settings.dataDirectory)
      for folder in made { try user.adopt(directory: folder) }
      let ports = settings.streamListeners(plain: settings.server.listen).map(\.endpoint.port)
      let opener = try user.become(keepsBinding: ports.contains { $0 < 1024 && $0 > 0 })
      if let opener { sockets.setOpener(opener) }
      sandbox.note("runs as \(user.name)")
    }
  }

  /// Forbids system calls; everything has been started by now.
  mutating func confineCalls() throws(SandboxError) { try sandbox.confineCalls() }

  /// Makes folders that are written later, since a confined process cannot be let into what is not
  /// there.
  ///
  /// - Returns: those that were missing; others belong to whom they do.
  private static func makeFolders(_ paths: [String]) -> [String] {
    paths.filter { path in
      !FileManager.default.fileExists(atPath: path)
        && (try? FileManager.default.createDirectory(
          atPath: path, withIntermediateDirectories: true)) != nil
    }
  }

  /// Other directories for temporary files are closed to a confined process; SQLite and Foundation
  /// ask these variables.
  private static func keepTemporaryFiles(in directory: String) {
    for name in ["SQLITE_TMPDIR", "TMPDIR"] { setenv(name, directory, 1) }
  }

  private static func ask(_ settings: Settings, _ logger: Logger) throws -> Successor? {
    do throws(HandoverError) {
      return try Successor(askingAt: takeoverPath(settings))
    } catch {
      guard case .nobody = error else { throw error }
      logger.notice("no server to take over from: starting as usual")
      return nil
    }
  }

  static func takeoverPath(_ settings: Settings) -> String {
    "\(settings.dataDirectory)/\(Successor.socketName)"
  }

  private static func openSockets(
    _ settings: Settings, _ sockets: ListenSockets, _ given: [InheritedSocket], processors: Int
  ) throws {
    let plan = settings.udpPlan(processors: processors)
    let encrypted = settings.streamListeners(plain: plan.endpoints).filter { $0.service != .dns }
    let wanted = Set(plan.endpoints + encrypted.map(\.endpoint))
    // The service manager keeps its sockets: queries to this one would be read by nobody.
    for socket in given where !wanted.contains(socket.endpoint) {
      throw UnlistedSocket(endpoint: socket.endpoint)
    }
    // An address that left the configuration goes with the server that is taken over from.
    for endpoint in sockets.endpoints.subtracting(wanted) { sockets.forget(endpoint) }
    for endpoint in plan.endpoints {
      _ = try sockets.udp(endpoint, wanted: plan.workers)
      close(try sockets.tcp(endpoint).descriptor)
    }
    for listener in encrypted { close(try sockets.tcp(listener.endpoint).descriptor) }
  }
}

/// A socket of the service manager that the configuration does not know.
struct UnlistedSocket: Error, CustomStringConvertible {
  let endpoint: SocketEndpoint
  var description: String {
    "the service manager hands over a socket for \(endpoint), which server.listen does not name; "
      + "add it there, or take it out of the socket unit"
  }
}

extension SandboxRules {
  /// What a server with these settings touches.
  static func make(_ settings: Settings, configuration: String?) -> SandboxRules {
    var rules = SandboxRules()
    // A policy zone's file is renamed into place, and dnstap's out of it, which takes the directory.
    let files = settings.rpzOut.compactMap(\.file) + [settings.dnstap.file].compactMap(\.self)
    rules.writable = [settings.dataDirectory] + files.map(directory(of:))
    // Delivering is done by a process that inherits these bounds.
    rules.writable += settings.exports.compactMap(\.folder)
    rules.readable = SandboxRules.system + programDirectories()
    if let configuration { rules.readable.append(place(of: absolute(configuration))) }
    rules.readable += settings.inputPaths.map { path in
      isDirectory(path) ? path : place(of: absolute(path))
    }
    rules.executable = [
      "/proc/self/exe", "/lib64/ld-linux-x86-64.so.2", "/lib/ld-linux-aarch64.so.1",
      "/lib64/ld-linux-riscv64-lp64d.so.1",
    ]
    let listen = settings.streamListeners(plain: ListenAddresses.expand(settings.server.listen))
      .map(\.endpoint.port)
    rules.listenPorts = Set(listen + [settings.http.listen?.port].compactMap(\.self))
    rules.connectPorts = settings.sandboxConnectPorts.map { ports in
      Set(ports.compactMap { UInt16(exactly: $0) })
    }
    return rules
  }

  private static func absolute(_ path: String) -> String {
    path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
  }

  private static func directory(of path: String) -> String {
    let whole = absolute(path)
    return whole.lastIndex(of: "/").map { String(whole[..<$0]) } ?? whole
  }

  private static func isDirectory(_ path: String) -> Bool {
    var isDirectory: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory)
      && isDirectory.boolValue
  }

  /// Directories of the shared libraries the program runs with, wherever they are.
  private static func programDirectories() -> [String] {
    // To the end: reading as much as the file's size says stops after one page of a /proc file.
    let octets = FileHandle(forReadingAtPath: "/proc/self/maps")?.readDataToEndOfFile() ?? Data()
    let maps = String(decoding: octets, as: UTF8.self)
    let libraries = maps.split(separator: "\n").compactMap { line -> String? in
      guard let start = line.firstIndex(of: "/"), line.contains("r-xp") else { return nil }
      let path = line[start...]
      guard path.contains(".so"), let slash = path.lastIndex(of: "/") else { return nil }
      return String(path[..<slash])
    }
    return Array(Set(libraries)).sorted()
  }
}
