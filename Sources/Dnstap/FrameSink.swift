// Unsafe: file descriptors, socket addresses and libfstrm's callbacks, which take raw memory.
import Addressing
import CFstrm
import Glibc
import Synchronization

/// The connection or file under a Frame Streams writer.
///
/// libfstrm does the handshake and the framing over these four functions. Its own transports block
/// without end in the kernel, which would keep a server from stopping while a reader is stuck.
final class FrameSink {
  /// How long a reader may take for its part of the handshakes.
  private static let handshakeMilliseconds = 5000
  /// The same at the end.
  private static let lastMilliseconds = 1000
  /// How long a server that stops waits for a slow reader.
  private static let endTime = Duration.seconds(2)
  /// Octets gathered before they are written.
  private static let batchOctets = 64 << 10

  private let target: DnstapOptions.Target
  private let isEnding: () -> Bool
  private var descriptor: Int32 = -1
  private var waiting: [UInt8] = []
  /// Frames given since the last successful write.
  private(set) var unsentFrames = 0
  /// Why it does not work.
  private(set) var problem = ""
  private var isBroken = false
  private var end: ContinuousClock.Instant?

  init(_ target: DnstapOptions.Target, isEnding: @escaping () -> Bool) {
    self.target = target
    self.isEnding = isEnding
    waiting.reserveCapacity(Self.batchOctets * 2)
  }

  deinit { close() }

  /// Makes a writer over this sink, which must outlive it.
  func makeWriter() -> OpaquePointer? {
    var rdwr = fstrm_rdwr_init(Unmanaged.passUnretained(self).toOpaque())
    guard let made = rdwr else { return nil }
    fstrm_rdwr_set_open(made) { FrameSink.of($0).map { $0.open() } ?? fstrm_res_failure }
    fstrm_rdwr_set_close(made) { FrameSink.of($0).map { $0.finish() } ?? fstrm_res_failure }
    fstrm_rdwr_set_write(made) { object, parts, count in
      FrameSink.of(object).map { $0.write(parts, Int(count)) } ?? fstrm_res_failure
    }
    if case .file = target {
    } else {
      // A writer that can read does the bidirectional handshake.
      fstrm_rdwr_set_read(made) { object, data, count in
        FrameSink.of(object).map { $0.read(data, count) } ?? fstrm_res_failure
      }
    }
    var options = fstrm_writer_options_init()
    defer { fstrm_writer_options_destroy(&options) }
    let type = "protobuf:dnstap.Dnstap"
    _ = fstrm_writer_options_add_content_type(options, type, type.utf8.count)
    return fstrm_writer_init(options, &rdwr)
  }

  private static func of(_ object: UnsafeMutableRawPointer?) -> FrameSink? {
    object.map { Unmanaged<FrameSink>.fromOpaque($0).takeUnretainedValue() }
  }

  /// Notes that a frame was given to the writer.
  func noteFrame() { unsentFrames += 1 }

  // MARK: - Callbacks

  private func open() -> fstrm_res {
    switch target {
    case .file(let path): descriptor = openFile(path)
    case .socket(let path): descriptor = connectLocal(path)
    case .tcp(let endpoint): descriptor = connectTCP(endpoint)
    }
    return descriptor >= 0 ? fstrm_res_success : fstrm_res_failure
  }

  private func write(_ parts: UnsafePointer<iovec>?, _ count: Int) -> fstrm_res {
    for part in UnsafeBufferPointer(start: parts, count: count) {
      waiting += UnsafeRawBufferPointer(start: part.iov_base, count: part.iov_len)
    }
    guard waiting.count >= Self.batchOctets else { return fstrm_res_success }
    return flush() ? fstrm_res_success : fstrm_res_failure
  }

  private func read(_ data: UnsafeMutableRawPointer?, _ count: Int) -> fstrm_res {
    guard flush(), let data else { return fstrm_res_failure }
    var done = 0
    var budget = Self.handshakeMilliseconds
    while done < count {
      guard wait(POLLIN, budget: &budget) else { return fail("the reader does not answer") }
      let got = Glibc.read(descriptor, data + done, count - done)
      if got == 0 || (got < 0 && !isTransient) { return fail("closed by the reader") }
      done += max(got, 0)
    }
    return fstrm_res_success
  }

  private func finish() -> fstrm_res {
    _ = flush()
    close()
    return fstrm_res_success
  }

  // MARK: - Octets

  /// Writes all that waits; waits itself for as long as a slow reader takes, until the end.
  func flush() -> Bool {
    guard !isBroken else { return false }
    var done = 0
    while done < waiting.count {
      let sent = waiting.withUnsafeBytes { octets in
        Glibc.write(descriptor, octets.baseAddress.map { $0 + done }, octets.count - done)
      }
      if sent >= 0 {
        done += sent
        continue
      }
      guard isTransient, !isOverdue else {
        _ = fail(isTransient ? "the reader is too slow" : errorText)
        return false
      }
      var budget = 100
      _ = wait(POLLOUT, budget: &budget)
    }
    waiting.removeAll(keepingCapacity: true)
    unsentFrames = 0
    return true
  }

  /// Whether a server that stops has waited long enough for a slow reader.
  private var isOverdue: Bool {
    guard isEnding() else { return false }
    let limit = end ?? ContinuousClock.now.advanced(by: Self.endTime)
    end = limit
    return ContinuousClock.now > limit
  }

  /// Whether the reader has gone: it has nothing to say between the handshakes.
  var isAbandoned: Bool {
    if case .file = target { return false }
    var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    guard poll(&entry, 1, 0) > 0 else { return false }
    _ = fail("closed by the reader")
    return true
  }

  private func wait(_ event: Int32, budget: inout Int) -> Bool {
    var entry = pollfd(fd: descriptor, events: Int16(event), revents: 0)
    while budget > 0 {
      // Whoever stops the server, or changes where dnstap goes, waits for this.
      if isEnding() { budget = min(budget, Self.lastMilliseconds) }
      let slice = min(budget, 100)
      let ready = poll(&entry, 1, Int32(slice))
      if ready > 0 { return true }
      budget -= slice
    }
    return false
  }

  private var isTransient: Bool { errno == EAGAIN || errno == EINTR }

  private var errorText: String { String(cString: strerror(errno)) }

  private func fail(_ text: String) -> fstrm_res {
    problem = text
    isBroken = true
    return fstrm_res_failure
  }

  private func close() {
    if descriptor >= 0 { Glibc.close(descriptor) }
    descriptor = -1
  }

  // MARK: - Opening

  private func openFile(_ path: String) -> Int32 {
    var status = stat()
    // A stream starts with its own header: it cannot be continued, and is not thrown away.
    if stat(path, &status) == 0, status.st_size > 0 { rename(path, path + ".previous") }
    let file = Glibc.open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o640)
    if file < 0 { problem = "cannot write \(path): \(errorText)" }
    return file
  }

  private func connectLocal(_ path: String) -> Int32 {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let room = MemoryLayout.size(ofValue: address.sun_path)
    guard path.utf8.count < room else {
      problem = "\(path) is too long for a socket: at most \(room - 1) octets"
      return -1
    }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    return connect(AF_UNIX, path, withUnsafeBytes(of: address) { Array($0) })
  }

  private func connectTCP(_ endpoint: SocketEndpoint) -> Int32 {
    let text = endpoint.description
    if let bits = endpoint.address.ipv4 {
      var address = sockaddr_in()
      address.sin_family = sa_family_t(AF_INET)
      address.sin_port = endpoint.port.bigEndian
      address.sin_addr.s_addr = bits.bigEndian
      return connect(AF_INET, text, withUnsafeBytes(of: address) { Array($0) })
    }
    var address = sockaddr_in6()
    address.sin6_family = sa_family_t(AF_INET6)
    address.sin6_port = endpoint.port.bigEndian
    withUnsafeMutableBytes(of: &address.sin6_addr) { $0.copyBytes(from: endpoint.address.octets) }
    return connect(AF_INET6, text, withUnsafeBytes(of: address) { Array($0) })
  }

  private func connect(_ family: Int32, _ text: String, _ address: [UInt8]) -> Int32 {
    let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
    let made = socket(family, kind | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard made >= 0 else {
      problem = "no socket: \(errorText)"
      return -1
    }
    let result = address.withUnsafeBytes { octets in
      Glibc.connect(
        made, octets.baseAddress?.assumingMemoryBound(to: sockaddr.self), socklen_t(octets.count))
    }
    descriptor = made
    if result == 0 || (errno == EINPROGRESS && isConnected(made)) { return made }
    problem = "cannot connect to \(text): \(errorText)"
    close()
    return -1
  }

  private func isConnected(_ made: Int32) -> Bool {
    var budget = Self.handshakeMilliseconds
    guard wait(POLLOUT, budget: &budget) else {
      errno = ETIMEDOUT
      return false
    }
    var code: Int32 = 0
    var size = socklen_t(MemoryLayout<Int32>.size)
    getsockopt(made, SOL_SOCKET, SO_ERROR, &code, &size)
    errno = code
    return code == 0
  }
}
