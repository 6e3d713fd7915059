/// The fields of one CSV line (RFC 4180), as ranges of a line held elsewhere; reused line by line.
package struct FieldSplitter {
  /// Fields looked at, further columns are ignored: the widest table read, radacct, has 30.
  static let fieldLimit = 64

  /// What stands between fields.
  package var separator = UInt8(ascii: ",")
  /// Whether quotes hold a field together; without it they are text like any other.
  package var honoursQuotes = true

  /// Where the fields begin, quotes resolved and blanks around them dropped.
  package private(set) var starts = [Int](repeating: 0, count: fieldLimit)
  /// Where the fields end.
  package private(set) var ends = [Int](repeating: 0, count: fieldLimit)
  /// Number of fields found.
  package private(set) var count = 0
  /// The line's text when it had quotes; the ranges then refer to this.
  package private(set) var unquoted: [UInt8] = []
  /// Whether the ranges refer to `unquoted`.
  package private(set) var hasQuotes = false

  /// Makes a splitter of comma-separated fields.
  package init() {}

  /// Splits a line; false when its quotes are wrong.
  package mutating func split(_ line: Span<UInt8>) -> Bool {
    count = 0
    hasQuotes = false
    var start = 0
    for index in 0..<line.count {
      let octet = line[index]
      if octet == separator {
        add(line, start, index)
        start = index + 1
      } else if octet == UInt8(ascii: "\""), honoursQuotes {
        return splitQuoted(line)
      }
    }
    add(line, start, line.count)
    return true
  }

  private mutating func add(_ line: Span<UInt8>, _ from: Int, _ upTo: Int) {
    guard count < Self.fieldLimit else { return }
    var start = from
    var end = upTo
    while start < end, isBlank(line[start]) { start += 1 }
    while end > start, isBlank(line[end - 1]) { end -= 1 }
    starts[count] = start
    ends[count] = end
    count += 1
  }

  private func isBlank(_ octet: UInt8) -> Bool { octet == 0x20 || octet == 0x09 }

  /// The slow path: copies the fields without their quotes.
  private mutating func splitQuoted(_ line: Span<UInt8>) -> Bool {
    count = 0
    hasQuotes = true
    unquoted.removeAll(keepingCapacity: true)
    var index = 0
    while index <= line.count {
      while index < line.count, isBlank(line[index]) { index += 1 }
      let start = unquoted.count
      if index < line.count, line[index] == UInt8(ascii: "\"") {
        guard let after = copyQuoted(line, from: index + 1) else { return false }
        index = after
      } else {
        while index < line.count, line[index] != separator {
          guard line[index] != UInt8(ascii: "\"") else { return false }
          unquoted.append(line[index])
          index += 1
        }
        while unquoted.count > start, isBlank(unquoted[unquoted.count - 1]) {
          unquoted.removeLast()
        }
      }
      if count < Self.fieldLimit {
        starts[count] = start
        ends[count] = unquoted.count
        count += 1
      }
      index += 1
    }
    return true
  }

  /// Copies up to the closing quote; returns where the field's comma or the line's end is.
  private mutating func copyQuoted(_ line: Span<UInt8>, from: Int) -> Int? {
    let quote = UInt8(ascii: "\"")
    var index = from
    while index < line.count {
      if line[index] == quote {
        guard index + 1 < line.count, line[index + 1] == quote else { break }
        index += 1
      }
      unquoted.append(line[index])
      index += 1
    }
    guard index < line.count else { return nil }
    index += 1
    while index < line.count, isBlank(line[index]) { index += 1 }
    guard index == line.count || line[index] == separator else { return nil }
    return index
  }
}
