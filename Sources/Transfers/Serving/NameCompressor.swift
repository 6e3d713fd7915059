import DNSWire

/// Writes names into one message as pointers to what stands there already (RFC 1035 §4.1.4).
///
/// Letter case is kept: only names that are equal octet for octet are pointed to (RFC 5936 §3.4).
/// A table of fixed size finds them: a name that finds no place in it costs octets, never time.
struct NameCompressor {
  private static let slots = 4_096
  private static let probes = 4
  /// First offset that a pointer cannot reach.
  private static let offsetLimit = 0x4000

  /// Offsets plus 1 of names in the message; 0 is free.
  private var table = [UInt16](repeating: 0, count: NameCompressor.slots)
  private var starts = InlineArray<128, UInt8>(repeating: 0)
  private var hashes = InlineArray<128, UInt32>(repeating: 0)

  /// Forgets all names, for the next message.
  mutating func reset() {
    for slot in table.indices { table[slot] = 0 }
  }

  /// Appends `name`, a whole name in wire form.
  mutating func append(_ name: Span<UInt8>, to writer: inout WireWriter) {
    let labels = split(name)
    for label in 0..<labels {
      let start = Int(starts[label])
      if let target = find(name, from: start, hash: hashes[label], in: writer) {
        return writer.append16(0xC000 | target)
      }
      if writer.count < Self.offsetLimit { note(hashes[label], at: writer.count) }
      writer.append(name.extracting(start..<start + 1 + Int(name[start])))
    }
    writer.append(0)
  }

  /// Finds the labels and the hash of each suffix; the number of labels.
  private mutating func split(_ name: Span<UInt8>) -> Int {
    var count = 0
    var position = 0
    while position < name.count, name[position] != 0, count < Limits.labels {
      starts[count] = UInt8(truncatingIfNeeded: position)
      count += 1
      position += 1 + Int(name[position])
    }
    var hash: UInt32 = 0x811C_9DC5
    for label in stride(from: count - 1, through: 0, by: -1) {
      let start = Int(starts[label])
      // FNV-1a; not keyed, as collisions cost compression only.
      for index in start..<min(start + 1 + Int(name[start]), name.count) {
        hash = (hash ^ UInt32(name[index])) &* 0x0100_0193
      }
      hashes[label] = hash
    }
    return count
  }

  private mutating func note(_ hash: UInt32, at offset: Int) {
    for probe in 0..<Self.probes {
      let slot = (Int(hash) + probe) & (Self.slots - 1)
      if table[slot] == 0 {
        table[slot] = UInt16(truncatingIfNeeded: offset + 1)
        return
      }
    }
  }

  private func find(
    _ name: Span<UInt8>, from start: Int, hash: UInt32, in writer: borrowing WireWriter
  ) -> UInt16? {
    for probe in 0..<Self.probes {
      let entry = table[(Int(hash) + probe) & (Self.slots - 1)]
      if entry == 0 { return nil }
      if isEqual(name, from: start, to: Int(entry) - 1, in: writer) { return entry - 1 }
    }
    return nil
  }

  /// Whether the rest of `name` is what stands at `offset` of the message, pointers followed.
  private func isEqual(
    _ name: Span<UInt8>, from start: Int, to offset: Int, in writer: borrowing WireWriter
  ) -> Bool {
    var position = start
    var offset = offset
    while position < name.count {
      let length = writer.octet(at: offset)
      if length >= 0xC0 {
        // Our own pointers only: each points to what stood there before it.
        offset = Int(writer.peek16(at: offset) & 0x3FFF)
        continue
      }
      guard length == name[position] else { return false }
      if length == 0 { return true }
      for index in 1...Int(length)
      where writer.octet(at: offset + index) != name[position + index] {
        return false
      }
      position += 1 + Int(length)
      offset += 1 + Int(length)
    }
    return false
  }
}
