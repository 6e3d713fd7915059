import DGAKit

/// Interns (family, seed, from, to): text is read once per combination, not once per row.
struct FeedKeyTable {
  /// One combination as it stood in the file, and what came of it.
  private struct Entry {
    var hash: UInt64
    /// Where its text lies in `texts`, fields joined by `separator`.
    var text: Range<Int>
    /// Index into `keys`, or the reason rows with this text are skipped.
    var result: Result<Int, Refusal>
  }

  private struct Refusal: Error { var flaw: FeedFlaw }

  /// The combinations, by number.
  private(set) var keys: [FeedKey] = []

  private var entries: [Entry] = []
  private var texts: [UInt8] = []
  /// Open addressing: entry number + 1, 0 for a free slot; a power of two, at most half full.
  private var slots = [Int32](repeating: 0, count: 64)
  private var numbers: [FeedKey: Int] = [:]
  /// Rows of a feed mostly come in runs with the same key.
  private var last = -1
  /// Makes bucket chains unpredictable for who writes the feed.
  private let secret = UInt64.random(in: .min ... .max)

  private static let separator: UInt8 = 0x1F

  /// The number of the key with this text: family, seed, from and to, joined by `join`.
  mutating func number(of text: [UInt8]) throws(FeedFlaw) -> Int {
    if last >= 0, matches(entries[last], text) { return try value(entries[last]) }
    let hash = hash(text)
    var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
    while slots[slot] != 0 {
      let index = Int(slots[slot]) - 1
      if entries[index].hash == hash, matches(entries[index], text) {
        last = index
        return try value(entries[index])
      }
      slot = (slot + 1) & (slots.count - 1)
    }
    guard entries.count < FeedParser.keyLimit else { throw .tooManyKeys }
    insert(text, hash)
    return try value(entries[last])
  }

  /// Appends a field to a key's text.
  static func join(_ field: Span<UInt8>, to text: inout [UInt8]) {
    for index in 0..<field.count { text.append(field[index]) }
    text.append(separator)
  }

  private func value(_ entry: Entry) throws(FeedFlaw) -> Int {
    switch entry.result {
    case .success(let number): return number
    case .failure(let refusal): throw refusal.flaw
    }
  }

  private func matches(_ entry: Entry, _ text: [UInt8]) -> Bool {
    guard entry.text.count == text.count else { return false }
    var offset = entry.text.lowerBound
    for octet in text {
      guard texts[offset] == octet else { return false }
      offset += 1
    }
    return true
  }

  /// FNV-1a with a secret start.
  private func hash(_ text: [UInt8]) -> UInt64 {
    var hash = secret
    for octet in text { hash = (hash ^ UInt64(octet)) &* 0x0000_0100_0000_01B3 }
    return hash ^ hash >> 32
  }

  private mutating func insert(_ text: [UInt8], _ hash: UInt64) {
    let start = texts.count
    texts += text
    let result: Result<Int, Refusal>
    do throws(FeedFlaw) {
      result = .success(intern(try FeedKey(fields: text, separator: Self.separator)))
    } catch {
      result = .failure(Refusal(flaw: error))
    }
    last = entries.count
    entries.append(Entry(hash: hash, text: start..<texts.count, result: result))
    if entries.count * 2 > slots.count { grow() } else { place(last) }
  }

  /// Different spellings of one key ("" and a date far away) share its number.
  private mutating func intern(_ key: FeedKey) -> Int {
    if let number = numbers[key] { return number }
    numbers[key] = keys.count
    keys.append(key)
    return keys.count - 1
  }

  private mutating func grow() {
    slots = [Int32](repeating: 0, count: slots.count * 2)
    for index in entries.indices { place(index) }
  }

  private mutating func place(_ index: Int) {
    var slot = Int(truncatingIfNeeded: entries[index].hash) & (slots.count - 1)
    while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
    slots[slot] = Int32(index + 1)
  }
}

extension FeedKey {
  /// Longest family or seed label.
  private static let longestLabel = 128

  /// Reads the four fields of a row's key.
  fileprivate init(fields text: [UInt8], separator: UInt8) throws(FeedFlaw) {
    let fields = text.split(separator: separator, omittingEmptySubsequences: false)
    // A field with the separator in it makes more: no label may hold control characters.
    guard fields.count == 5 else { throw .family }
    guard !fields[0].isEmpty, fields[0].count <= Self.longestLabel,
      fields[0].allSatisfy({ $0 > 0x20 && $0 < 0x7F })
    else { throw .family }
    guard fields[1].count <= Self.longestLabel,
      fields[1].allSatisfy({ $0 >= 0x20 && $0 < 0x7F })
    else { throw .seed }
    let start = try Self.instant(fields[2])?.instant ?? .distantPast
    let last = try Self.instant(fields[3])
    // A day as the end includes that day; an instant is the first one no longer valid.
    let end = last.map { $0.isDay ? $0.instant.adding(days: 1) : $0.instant } ?? .distantFuture
    guard start < end else { throw .emptyInterval }
    family = String(decoding: fields[0], as: UTF8.self).lowercased()
    seed = String(decoding: fields[1], as: UTF8.self)
    validity = Period(start: start, end: end)
  }

  private static func instant(_ field: ArraySlice<UInt8>) throws(FeedFlaw)
    -> (instant: Instant, isDay: Bool)?
  {
    guard !field.isEmpty else { return nil }
    guard let instant = Instant(String(decoding: field, as: UTF8.self)) else { throw .date }
    return (instant, field.count == 10)
  }
}
