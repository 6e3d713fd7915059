/// A bounds-checked writer into memory somebody else owns, in network byte order.
///
/// Errors are sticky: once something did not fit, `overflowed` stays true and nothing more is
/// written, so a caller checks once at the end. The unsafe pointer is why this file is listed among
/// the unsafe ones: every access to it goes through `reserve`, which checks the bounds.
@safe public struct WireWriter: ~Copyable {
  // Small functions are inlined into other modules: a reply is made of some dozens of their calls.
  @usableFromInline let base: UnsafeMutablePointer<UInt8>
  private let capacity: Int
  @usableFromInline var used = 0
  @usableFromInline var hasOverflowed = false
  /// Octets written so far.
  @inlinable public var count: Int { used }
  /// Octets that may be written, at most the capacity.
  public private(set) var limit: Int
  /// Whether something did not fit.
  @inlinable public var overflowed: Bool { hasOverflowed }

  /// Writes into `buffer`, which must stay valid as long as the writer lives.
  public init(_ buffer: UnsafeMutableBufferPointer<UInt8>) {
    // An empty buffer has no address; a limit of 0 keeps the placeholder from ever being used.
    unsafe base = buffer.baseAddress ?? UnsafeMutablePointer(bitPattern: 1).unsafelyUnwrapped
    capacity = buffer.count
    limit = capacity
  }

  /// Runs `body` with a writer over a new array of at most `capacity` octets.
  ///
  /// - Returns: what was written, or nil if it did not fit.
  public static func array(
    capacity: Int, _ body: (inout WireWriter) -> Void
  ) -> [UInt8]? {
    var fits = true
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: capacity) { buffer, used in
      var writer = unsafe WireWriter(buffer)
      body(&writer)
      fits = !writer.overflowed
      used = writer.count
    }
    return fits ? bytes : nil
  }

  /// Lowers (or restores) the number of octets that may be written.
  public mutating func setLimit(_ octets: Int) {
    limit = min(max(octets, count), capacity)
  }

  /// Forgets everything behind `count` octets, and that something did not fit.
  public mutating func rewind(to octets: Int) {
    used = min(max(octets, 0), used)
    hasOverflowed = false
  }

  @inlinable
  mutating func reserve(_ octets: Int) -> Int? {
    guard !hasOverflowed, octets >= 0, limit - used >= octets else {
      hasOverflowed = true
      return nil
    }
    defer { used += octets }
    return used
  }

  /// Appends one octet.
  @inlinable public mutating func append(_ value: UInt8) {
    guard let at = reserve(1) else { return }
    unsafe base[at] = value
  }

  /// Appends 16 bits, big-endian.
  @inlinable public mutating func append16(_ value: UInt16) {
    guard let at = reserve(2) else { return }
    unsafe UnsafeMutableRawPointer(base + at).storeBytes(of: value.bigEndian, as: UInt16.self)
  }

  /// Appends 32 bits, big-endian.
  @inlinable public mutating func append32(_ value: UInt32) {
    guard let at = reserve(4) else { return }
    unsafe UnsafeMutableRawPointer(base + at).storeBytes(of: value.bigEndian, as: UInt32.self)
  }

  /// Appends 64 bits, big-endian.
  @inlinable public mutating func append64(_ value: UInt64) {
    guard let at = reserve(8) else { return }
    unsafe UnsafeMutableRawPointer(base + at).storeBytes(of: value.bigEndian, as: UInt64.self)
  }

  /// Appends octets.
  public mutating func append(_ bytes: Span<UInt8>) {
    guard !bytes.isEmpty, let at = reserve(bytes.count) else { return }
    unsafe bytes.withUnsafeBufferPointer { source in
      guard let start = source.baseAddress else { return }
      unsafe (base + at).update(from: start, count: source.count)
    }
  }

  /// Appends octets.
  public mutating func append(_ bytes: [UInt8]) {
    append(bytes.span)
  }

  /// Overwrites 16 bits already written at `offset`.
  @inlinable public mutating func patch16(_ value: UInt16, at offset: Int) {
    guard offset >= 0, offset <= used - 2 else { return }
    unsafe UnsafeMutableRawPointer(base + offset).storeBytes(of: value.bigEndian, as: UInt16.self)
  }

  /// Overwrites 32 bits already written at `offset`.
  @inlinable public mutating func patch32(_ value: UInt32, at offset: Int) {
    patch16(UInt16(truncatingIfNeeded: value >> 16), at: offset)
    patch16(UInt16(truncatingIfNeeded: value), at: offset + 2)
  }

  /// Overwrites one octet already written at `offset`.
  public mutating func patch(_ value: UInt8, at offset: Int) {
    guard offset >= 0, offset < count else { return }
    unsafe base[offset] = value
  }

  /// The octet written at `offset`; 0 outside what was written.
  @inlinable public func octet(at offset: Int) -> UInt8 {
    guard offset >= 0, offset < count else { return 0 }
    return unsafe base[offset]
  }

  /// The 16 bits written at `offset`, big-endian; 0 outside what was written.
  @inlinable public func peek16(at offset: Int) -> UInt16 {
    UInt16(octet(at: offset)) << 8 | UInt16(octet(at: offset + 1))
  }

  /// Runs `body` with what has been written so far.
  @inlinable public func withWritten<Result>(_ body: (Span<UInt8>) -> Result) -> Result {
    let written = unsafe UnsafeBufferPointer(start: base, count: count)
    return unsafe body(Span(_unsafeElements: written))
  }
}
