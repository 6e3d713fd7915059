/// Cuts a stream of chunks into lines, whatever the chunk boundaries.
///
/// LF and CR LF end a line, a byte order mark at the start is dropped, the last line needs no end.
/// A line longer than the limit is reported as such, once, and costs no memory.
package struct LineSplitter {
  /// What a line was.
  package enum Line {
    /// All of it.
    case whole
    /// Longer than `LineSplitter.longestLine`; its bytes are not given.
    case tooLong
  }

  /// Longest line kept: a feed's fields together stay far below it.
  package static let longestLine = 16_384

  /// Number of the line given last, from 1.
  package private(set) var number = 0
  private var pending: [UInt8] = []
  private var isSkipping = false

  /// Makes a splitter at the start of a file.
  package init() {}

  /// Takes a chunk and gives every line completed by it, without its line end.
  package mutating func push(_ chunk: [UInt8], _ body: (Line, Int, Span<UInt8>) -> Void) {
    if pending.isEmpty {
      let rest = split(chunk, body)
      keep(chunk[rest...])
    } else {
      pending += chunk
      let whole = pending
      pending = []
      let rest = split(whole, body)
      keep(whole[rest...])
    }
    if pending.count > Self.longestLine {
      // Its end is dropped when it comes; only the fact is kept.
      pending = []
      isSkipping = true
    }
  }

  /// Gives the last line when the file does not end with a line end.
  package mutating func finish(_ body: (Line, Int, Span<UInt8>) -> Void) {
    if !pending.isEmpty || isSkipping {
      let last = pending
      pending = []
      emit(last, 0, last.count, body)
    }
  }

  private mutating func keep(_ tail: ArraySlice<UInt8>) {
    // While a line is skipped its bytes are not kept, but one marks that it goes on.
    pending = isSkipping ? [] : Array(tail)
  }

  /// Gives all whole lines of `bytes`; returns where the incomplete rest starts.
  private mutating func split(_ bytes: [UInt8], _ body: (Line, Int, Span<UInt8>) -> Void) -> Int {
    var start = 0
    for index in bytes.indices where bytes[index] == 0x0A {
      emit(bytes, start, index, body)
      start = index + 1
    }
    return start
  }

  private mutating func emit(
    _ bytes: [UInt8], _ from: Int, _ upTo: Int, _ body: (Line, Int, Span<UInt8>) -> Void
  ) {
    number += 1
    guard !isSkipping, upTo - from <= Self.longestLine else {
      isSkipping = false
      body(.tooLong, number, bytes.span.extracting(0..<0))
      return
    }
    var start = from
    var end = upTo
    if end > start, bytes[end - 1] == 0x0D { end -= 1 }
    if number == 1, end - start >= 3, bytes[start] == 0xEF, bytes[start + 1] == 0xBB,
      bytes[start + 2] == 0xBF
    {
      start += 3
    }
    body(.whole, number, bytes.span.extracting(start..<end))
  }
}
