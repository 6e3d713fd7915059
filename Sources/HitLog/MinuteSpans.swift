/// Which row numbers of a batch touch which minute.
struct MinuteSpans {
  /// A minute and the smallest and largest row number whose hits touch it.
  struct Span {
    let minute: Int64
    let first: Int64
    var last: Int64
  }

  private static let microsecondsPerMinute: Int64 = 60_000_000
  /// Longest span that is entered minute by minute: a clock that jumped must not fill the table.
  private static let longestSpanMinutes: Int64 = 1440

  private(set) var spans: ContiguousArray<Span> = []
  private var indices: [Int64: Int] = [:]
  /// Nearly every hit falls into the minute of the one before it.
  private var latest = -1

  mutating func removeAll() {
    spans.removeAll(keepingCapacity: true)
    indices.removeAll(keepingCapacity: true)
    latest = -1
  }

  /// Notes a row, whose number is larger than all before, and the times of its lookups.
  mutating func note(_ id: Int64, from first: Int64, to last: Int64) {
    let from = first / Self.microsecondsPerMinute
    let to = min(last / Self.microsecondsPerMinute, from + Self.longestSpanMinutes)
    for minute in from...max(from, to) { spans[index(of: minute, id)].last = id }
  }

  private mutating func index(of minute: Int64, _ id: Int64) -> Int {
    if latest >= 0, spans[latest].minute == minute { return latest }
    if let known = indices[minute] {
      latest = known
      return known
    }
    latest = spans.count
    indices[minute] = latest
    spans.append(Span(minute: minute, first: id, last: id))
    return latest
  }
}
