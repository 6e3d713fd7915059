import DNSWire

/// The memory one event loop writes its answers into, one at a time: the two length octets of
/// RFC 7766 §8, then the message.
///
/// Unsafe because `WireWriter` writes into memory somebody else owns; this class is that owner and
/// the pointer never leaves it.
final class ReplyBuffer {
  private let memory: UnsafeMutableBufferPointer<UInt8>

  init() {
    memory = .allocate(capacity: TCPLimits.lengthOctets + Limits.messageOctets)
    memory.initialize(repeating: 0)
  }

  deinit { memory.deallocate() }

  /// Runs `body` with an empty writer of 65,535 octets.
  ///
  /// - Returns: what `body` returned and how many octets it wrote; 0 if they did not fit.
  func write<Result>(_ body: (inout WireWriter) -> Result) -> (result: Result, length: Int) {
    var writer = WireWriter(.init(rebasing: memory[TCPLimits.lengthOctets...]))
    let result = body(&writer)
    return (result, writer.overflowed ? 0 : writer.count)
  }

  /// Runs `body` with the `length` octets last written.
  func withMessage<Result>(_ length: Int, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    let start = TCPLimits.lengthOctets
    return body(
      UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(memory)[start..<(start + length)]))
  }

  /// Runs `body` with the two length octets and the `length` octets last written.
  func withFrame(_ length: Int, _ body: (UnsafeRawBufferPointer) -> Void) {
    memory[0] = UInt8(truncatingIfNeeded: length >> 8)
    memory[1] = UInt8(truncatingIfNeeded: length)
    body(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(memory)[..<(2 + length)]))
  }
}
