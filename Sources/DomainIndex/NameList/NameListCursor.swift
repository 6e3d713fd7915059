import DataFiles

/// Goes through the entries of a name list from the first to the last.
///
/// The list is read where it is mapped; besides one key and its rows a cursor needs no memory.
@safe public struct NameListCursor {
  private let file: MappedFile
  private var position: Int
  private let end: Int
  /// The name at hand, as a `NameKey`.
  public private(set) var key: [UInt8] = []
  /// The numbers of the rows it belongs to, ascending.
  public private(set) var rows: [UInt32] = []
  /// Whether the walk ended at octets that are no entry.
  public private(set) var isDamaged = false

  /// A cursor before the first of the entries in `start ..< end`, which lie within the file.
  init(_ file: MappedFile, start: Int, end: Int) {
    self.file = file
    position = start
    self.end = end
    key.reserveCapacity(NameKey.longest)
  }

  /// Goes to the next name; false behind the last, and at octets that are no entry.
  public mutating func next() -> Bool {
    guard position < end else { return false }
    guard readKey(), readRows() else {
      position = end
      isDamaged = true
      return false
    }
    return true
  }

  private mutating func readKey() -> Bool {
    guard let shared = number(), let added = number(), shared <= UInt64(key.count),
      added <= UInt64(NameKey.longest) - shared, added <= UInt64(end - position)
    else { return false }
    key.removeLast(key.count - Int(shared))
    unsafe key.append(contentsOf: file.octets(position, Int(added)))
    position += Int(added)
    return true
  }

  private mutating func readRows() -> Bool {
    rows.removeAll(keepingCapacity: true)
    guard let count = number(), count >= 1, count <= UInt64(end - position) else { return false }
    for _ in 0..<count {
      guard let row = number(), row <= UInt64(UInt32.max) else { return false }
      rows.append(UInt32(row))
    }
    return true
  }

  /// Reads a LEB128 number of at most five octets.
  private mutating func number() -> UInt64? {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 35, by: 7) {
      guard position < end else { return nil }
      let octet = unsafe file.base.load(fromByteOffset: position, as: UInt8.self)
      position += 1
      value |= UInt64(octet & 0x7F) << shift
      if octet < 0x80 { return value }
    }
    return nil
  }
}
