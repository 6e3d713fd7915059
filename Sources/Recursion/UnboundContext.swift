// Unsafe: C handles of libunbound and of its event loop, and the C strings they are set up with.

import CEventLoop
import CUnbound
import Glibc
import Synchronization

/// One libunbound context on an event loop of its own, ready to resolve.
///
/// Whoever holds it uses it from one thread at a time: first the one that creates it, then the
/// recursion thread it is handed to, which also deletes it.
///
/// `@unchecked Sendable`: two pointers handed from the creating thread to the recursion thread;
/// starting the thread orders the accesses, and the creator does not use them any more.
struct UnboundContext: @unchecked Sendable {
  let handle: OpaquePointer
  let loop: OpaquePointer

  /// libunbound keeps the log, its hash seed and some limits in globals which creating, finishing
  /// and deleting a context write without a lock (NLnetLabs/unbound#1492).
  private static let lifecycle = Mutex<Void>(())

  // MARK: - Creation

  /// Creates a context and brings it to the point where it takes questions.
  static func create(_ settings: UnboundSettings) throws(RecursionError) -> UnboundContext {
    try lifecycle.withLock { _ throws(RecursionError) in
      guard let loop = ponor_loop_create() else {
        throw .system(call: "epoll_create1", errno: errno)
      }
      guard let handle = ub_ctx_create_ub_event(ponor_loop_base(loop)) else {
        ponor_loop_destroy(loop)
        throw .setupFailed(reason: "out of memory")
      }
      let context = UnboundContext(handle: handle, loop: loop)
      do throws(RecursionError) {
        try context.configure(settings)
        return context
      } catch {
        context.deleteUnlocked()
        throw error
      }
    }
  }

  /// Deletes the context.
  ///
  /// Questions under way are called back at once with SERVFAIL (libunbound's `mesh_delete`).
  func delete() {
    Self.lifecycle.withLock { _ in deleteUnlocked() }
  }

  private func deleteUnlocked() {
    // The context takes its events off the loop, so it goes first.
    ub_ctx_delete(handle)
    ponor_loop_destroy(loop)
  }

  // MARK: - Configuration

  private func configure(_ settings: UnboundSettings) throws(RecursionError) {
    let log = LogCapture(handle)
    defer { log.end() }
    for (name, value) in settings.values {
      try check(ub_ctx_set_option(handle, "\(name):", value), name, value, log)
    }
    for (name, value) in settings.valuesIfKnown {
      _ = ub_ctx_set_option(handle, "\(name):", value)
    }
    try read(settings.clauses, log)
    // The first question finishes the configuration and opens sockets. One that is answered from
    // local data gets that done, and its errors seen, without a packet being sent.
    let code = ub_resolve_event(
      handle, DefaultLocalZones.probeName, 1, 1, nil, { _, _, _, _, _, _, _ in }, nil)
    guard code == 0 else {
      throw .setupFailed(reason: Self.reason(code, log) + (settings.usesTLS ? Self.noTLS : ""))
    }
    for zone in DefaultLocalZones.names {
      try check(ub_ctx_zone_remove(handle, zone), "local-zone", "\(zone) nodefault", log)
    }
  }

  /// Has libunbound read clauses of its configuration language, from memory.
  private func read(_ clauses: String, _ log: borrowing LogCapture) throws(RecursionError) {
    guard !clauses.isEmpty else { return }
    let descriptor = ponor_memory_file("unbound.conf")
    guard descriptor >= 0 else { throw .system(call: "memfd_create", errno: errno) }
    defer { close(descriptor) }
    let octets = Array(clauses.utf8)
    guard write(descriptor, octets, octets.count) == octets.count else {
      throw .system(call: "write", errno: errno)
    }
    let code = ub_ctx_config(handle, "/proc/self/fd/\(descriptor)")
    try check(code, "zones", "forward, stub, authority zones, DNS64", log)
  }

  private func check(
    _ code: Int32, _ name: String, _ value: String, _ log: borrowing LogCapture
  ) throws(RecursionError) {
    guard code != 0 else { return }
    throw .optionRefused(name: name, value: value, reason: Self.reason(code, log))
  }

  /// Debian builds libunbound, other than unbound itself, with Nettle, which offers no TLS.
  private static let noTLS =
    "; asking servers over TLS takes a certificate bundle that can be read, and a libunbound "
    + "built with OpenSSL (Debian's is not): ask a local resolver that does it instead"

  private static func reason(_ code: Int32, _ log: borrowing LogCapture) -> String {
    let general = ub_strerror(code).map { String(cString: $0) } ?? "error \(code)"
    let detail = log.text
    return detail.isEmpty ? general : "\(general): \(detail)"
  }
}

// MARK: -

/// Collects what libunbound logs while a context is set up: the only place where it says which
/// trust anchor or file it could not read.
private struct LogCapture: ~Copyable {
  private let context: OpaquePointer
  private let stream: UnsafeMutablePointer<FILE>?
  private let buffer: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
  private let size: UnsafeMutablePointer<Int>

  init(_ context: OpaquePointer) {
    self.context = context
    buffer = .allocate(capacity: 1)
    buffer.initialize(to: nil)
    size = .allocate(capacity: 1)
    size.initialize(to: 0)
    stream = open_memstream(buffer, size)
    if let stream { ub_ctx_debugout(context, stream) }
  }

  /// The messages so far, in one line, without time stamps.
  var text: String {
    guard let stream else { return "" }
    fflush(stream)
    guard let start = buffer.pointee else { return "" }
    let lines = String(cString: start).split(separator: "\n")
    return lines.map { line in
      line.split(separator: ": ", maxSplits: 1).last.map(String.init) ?? String(line)
    }.joined(separator: "; ")
  }

  /// Puts the log back to standard error.
  func end() {
    ub_ctx_debugout(context, ponor_standard_error())
    if let stream { fclose(stream) }
    free(buffer.pointee)
    buffer.deallocate()
    size.deallocate()
  }
}
