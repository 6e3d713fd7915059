import CZlib

// Unsafe code: zlib reads and fills buffers through pointers; none of them leaves `compress`.

/// Compression as in zip archives: raw DEFLATE (RFC 1951), and the checksum that goes with it.
enum Deflate {
  /// Compresses octets; nil if zlib has no memory.
  static func compress(_ octets: [UInt8]) -> [UInt8]? {
    var stream = unsafe z_stream()
    // Negative: no header of zlib's own around the data. 8 is zlib's usual memory level.
    guard
      unsafe deflateInit2_(
        &stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY,
        zlibVersion(), Int32(MemoryLayout<z_stream>.size)) == Z_OK
    else { return nil }
    defer { unsafe deflateEnd(&stream) }
    var input = octets
    let bound = Int(unsafe deflateBound(&stream, UInt(octets.count)))
    var output = [UInt8](repeating: 0, count: bound)
    let status = unsafe input.withUnsafeMutableBufferPointer { source in
      unsafe output.withUnsafeMutableBufferPointer { target in
        unsafe stream.next_in = source.baseAddress
        unsafe stream.avail_in = UInt32(source.count)
        unsafe stream.next_out = target.baseAddress
        unsafe stream.avail_out = UInt32(target.count)
        return unsafe deflate(&stream, Z_FINISH)
      }
    }
    guard status == Z_STREAM_END else { return nil }
    return unsafe Array(output.prefix(Int(stream.total_out)))
  }

  /// CRC-32 of octets.
  static func checksum(_ octets: [UInt8]) -> UInt32 {
    unsafe octets.withUnsafeBufferPointer { buffer in
      UInt32(truncatingIfNeeded: unsafe crc32(0, buffer.baseAddress, UInt32(buffer.count)))
    }
  }
}
