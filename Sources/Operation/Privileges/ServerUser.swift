import COperation
package import DNSServer
import Glibc
import Synchronization

/// Why root could not be given up.
package enum PrivilegeError: Error, Equatable, Sendable, CustomStringConvertible {
  /// There is no such user.
  case noUser(String)
  /// There is no such group.
  case noGroup(String)
  /// Only root can become somebody else.
  case notRoot(String)
  /// A system call failed.
  case system(String, Int32)

  /// One line: what, and what to do.
  package var description: String {
    switch self {
    case .noUser(let name): "server.user: there is no user '\(name)'; make it or name another"
    case .noGroup(let name): "server.group: there is no group '\(name)'; make it or name another"
    case .notRoot(let name):
      "server.user is '\(name)' but the server runs as another user and not as root; "
        + "start it as root, or leave server.user out"
    case .system(let what, let code):
      "giving up root: \(what): \(strerror(code).map { String(cString: $0) } ?? "error \(code)")"
    }
  }
}

/// The user a server runs as once its sockets are open.
package struct ServerUser: Sendable, Equatable {
  /// Login name.
  package let name: String
  let user: uid_t
  let group: gid_t

  /// Looks a user up, with its own group unless another is named.
  package init(name: String, group: String?) throws(PrivilegeError) {
    guard let entry = getpwnam(name) else { throw .noUser(name) }
    self.name = name
    user = entry.pointee.pw_uid
    let own = entry.pointee.pw_gid
    if let group {
      guard let entry = getgrnam(group) else { throw .noGroup(group) }
      self.group = entry.pointee.gr_gid
    } else {
      self.group = own
    }
  }

  /// Whether the process is this user already.
  package var isCurrent: Bool { geteuid() == user }

  /// Becomes this user for good, in all threads.
  ///
  /// - Parameter keepsBinding: whether low ports may still be bound, by the returned thread alone.
  /// - Returns: how sockets are opened from now on.
  package func become(keepsBinding: Bool) throws(PrivilegeError) -> ListenSockets.Opener? {
    if isCurrent { return nil }
    guard geteuid() == 0 else { throw .notRoot(name) }
    let binder = keepsBinding ? BindingThread() : nil
    let code = ponor_become(name, user, group)
    guard code == 0 else { throw .system("setresuid", -code) }
    guard let binder else { return nil }
    let kept = binder.reduce()
    guard kept == 0 else { throw .system("capset", -kept) }
    return { body in binder.run(body) }
  }

  /// Gives the data directory to this user, the first time it is used by it.
  ///
  /// Only a directory that is root's is given away: nobody but root can have put anything into it.
  package func adopt(directory: String) throws(PrivilegeError) {
    guard geteuid() == 0 else { return }
    var status = stat()
    guard lstat(directory, &status) == 0, status.st_mode & S_IFMT == S_IFDIR, status.st_uid == 0
    else { return }
    // The directory itself comes last: once it is the user's, things may appear in it.
    for path in Self.tree(directory).reversed() where lchown(path, user, group) != 0 {
      throw .system("chown \(path)", errno)
    }
  }

  private static func tree(_ root: String) -> [String] {
    var found = [root]
    guard let directory = opendir(root) else { return found }
    defer { closedir(directory) }
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      guard name != ".", name != ".." else { continue }
      let path = "\(root)/\(name)"
      found += Int32(entry.pointee.d_type) == Int32(DT_DIR) ? tree(path) : [path]
    }
    return found
  }
}

/// The one thread that keeps CAP_NET_BIND_SERVICE after root was given up.
///
/// Capabilities belong to threads: with this one alone holding it, a flaw in a query thread does
/// not bring the right to low ports with it.
private final class BindingThread: Sendable {
  private typealias Job = @Sendable () -> Void
  private let jobs = Mutex<[Job]>([])
  private let turn = Mutex(())
  private let reduced: ReducedCode
  private let wake: SendableSemaphore
  private let done: SendableSemaphore

  init() {
    reduced = ReducedCode()
    wake = SendableSemaphore()
    done = SendableSemaphore()
    _ = WorkerThread(name: "ponor-bind") { [self] in
      _ = ponor_keep_capabilities()
      done.signal()
      while true {
        wake.wait()
        let next = jobs.withLock { $0.isEmpty ? nil : $0.removeFirst() }
        next?()
        done.signal()
      }
    }
    done.wait()
  }

  /// Lets go of all capabilities but the one; call it after root was given up.
  func reduce() -> Int32 {
    run { [reduced] in reduced.value.withLock { $0 = ponor_reduce_capabilities(1) } }
    return reduced.value.withLock { $0 }
  }

  /// Runs `body` on the thread and waits for its end.
  func run(_ body: @escaping @Sendable () -> Void) {
    // One at a time: the end that is waited for is then that of this job.
    turn.withLock { _ in
      jobs.withLock { $0.append(body) }
      wake.signal()
      done.wait()
    }
  }
}

private final class ReducedCode: Sendable {
  let value = Mutex<Int32>(-EINVAL)
}

/// A POSIX semaphore; Dispatch's would start threads of its own before the sandbox is up.
private final class SendableSemaphore: Sendable {
  // Semaphores are made to be shared by threads, and the pointer never changes.
  private nonisolated(unsafe) let semaphore: UnsafeMutablePointer<sem_t>

  init() {
    semaphore = .allocate(capacity: 1)
    sem_init(semaphore, 0, 0)
  }

  deinit {
    sem_destroy(semaphore)
    semaphore.deallocate()
  }

  func signal() { sem_post(semaphore) }
  func wait() { while sem_wait(semaphore) != 0 {} }
}
