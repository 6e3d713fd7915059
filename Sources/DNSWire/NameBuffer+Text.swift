extension NameBuffer {
  /// Loads a name as generators write it: labels separated by dots, no escapes, final dot optional.
  ///
  /// - Throws: `WireError` at the octet of `text` at fault; the buffer is then empty.
  public mutating func load(text: Span<UInt8>) throws(WireError) {
    clear()
    let end = text.count > 0 && text[text.count - 1] == 0x2E ? text.count - 1 : text.count
    guard end > 0 else { throw WireError(.emptyLabel, at: 0) }
    var start = 0
    for position in 0...end where position == end || text[position] == 0x2E {
      guard position > start else {
        clear()
        throw WireError(.emptyLabel, at: position)
      }
      do throws(WireError) {
        try appendLabel(text, from: start, length: position - start)
      } catch {
        clear()
        throw error
      }
      start = position + 1
    }
    appendRoot()
  }
}
