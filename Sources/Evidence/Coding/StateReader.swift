/// Reads the binary form that `StateWriter` makes; hostile octets give an error, never a trap.
struct StateReader {
  /// The octets are not what the writer makes.
  struct Malformed: Error {}

  private let octets: [UInt8]
  private var position = 0

  /// Starts at the first octet.
  init(_ octets: [UInt8]) { self.octets = octets }

  /// Whether everything was read.
  var isAtEnd: Bool { position == octets.count }

  /// One octet.
  mutating func octet() throws(Malformed) -> UInt8 {
    guard position < octets.count else { throw Malformed() }
    defer { position += 1 }
    return octets[position]
  }

  /// An unsigned number in its shortest form: each value has one spelling.
  mutating func number() throws(Malformed) -> UInt64 {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while true {
      let next = try octet()
      let bits = UInt64(next & 0x7F)
      guard shift < 63 || shift == 63 && bits <= 1 else { throw Malformed() }
      value |= bits << shift
      if next & 0x80 == 0 {
        guard next != 0 || shift == 0 else { throw Malformed() }
        return value
      }
      shift += 7
    }
  }

  /// A count or an index, at most `limit`.
  mutating func count(atMost limit: Int) throws(Malformed) -> Int {
    let value = try number()
    guard value <= UInt64(limit) else { throw Malformed() }
    return Int(value)
  }

  /// A 32-bit number.
  mutating func number32() throws(Malformed) -> UInt32 {
    guard let value = UInt32(exactly: try number()) else { throw Malformed() }
    return value
  }

  /// A signed number.
  mutating func signed() throws(Malformed) -> Int64 {
    let value = try number()
    return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
  }

  /// A signed number that was written as a distance.
  mutating func signed(from base: Int64) throws(Malformed) -> Int64 { base &+ (try signed()) }

  /// An optional signed number.
  mutating func optional(from base: Int64 = 0) throws(Malformed) -> Int64? {
    try flag() ? try signed(from: base) : nil
  }

  /// A truth value: 0 or 1.
  mutating func flag() throws(Malformed) -> Bool {
    let value = try octet()
    guard value <= 1 else { throw Malformed() }
    return value == 1
  }

  /// Counted octets, at most `limit`.
  mutating func bytes(atMost limit: Int) throws(Malformed) -> [UInt8] {
    let count = try count(atMost: limit)
    guard count <= octets.count - position else { throw Malformed() }
    defer { position += count }
    return Array(octets[position..<position + count])
  }

  /// Counted UTF-8, at most `limit` octets.
  mutating func text(atMost limit: Int) throws(Malformed) -> String {
    guard let text = String(validating: try bytes(atMost: limit), as: UTF8.self) else {
      throw Malformed()
    }
    return text
  }

  /// Counted items, at most `limit`.
  mutating func list<Item>(
    atMost limit: Int, _ read: (inout StateReader) throws(Malformed) -> Item
  ) throws(Malformed) -> [Item] {
    let count = try count(atMost: limit)
    var items: [Item] = []
    for _ in 0..<count { items.append(try read(&self)) }
    return items
  }
}
