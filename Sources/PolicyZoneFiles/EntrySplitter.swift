/// Cuts a stream of chunks into the entries of a master file (RFC 1035 §5.1), in bounded memory.
///
/// An entry is one line, or several where parentheses are open. Lines without quotes, escapes and
/// parentheses, nearly all of a policy zone, are told from the rest, so that they can be read fast.
struct EntrySplitter {
  /// What an entry is.
  enum Shape {
    /// One line with nothing special in it; a comment is cut off.
    case plain
    /// Anything else, with its line ends and comments.
    case special
    /// Longer than `longestEntry`; its octets are not given.
    case tooLong
  }

  /// Longest entry kept: as in zone files, rdata of 65,535 octets is never needed.
  static let longestEntry = 65_000

  private var pending: [UInt8] = []
  /// Octets of `pending` that have been looked at.
  private var scanned = 0
  private var depth = 0
  private var isSkipping = false

  /// Takes a chunk and gives every entry that it completes.
  mutating func push(_ chunk: [UInt8], _ body: (Shape, Span<UInt8>) -> Void) {
    if pending.isEmpty, depth == 0, !isSkipping {
      let rest = split(chunk, from: 0, body)
      pending.append(contentsOf: chunk[rest...])
    } else {
      pending.append(contentsOf: chunk)
      let whole = pending
      pending = []
      let rest = split(whole, from: 0, body)
      pending = Array(whole[rest...])
    }
    if pending.count > Self.longestEntry {
      pending = []
      depth = 0
      if !isSkipping { body(.tooLong, pending.span) }
      isSkipping = true
    }
  }

  /// Gives the last entry when its line has no end.
  mutating func finish(_ body: (Shape, Span<UInt8>) -> Void) {
    guard !isSkipping, !pending.isEmpty else { return }
    let last = pending + [UInt8(ascii: "\n")]
    pending = []
    if split(last, from: 0, body) < last.count { body(.special, last.span) }
  }

  /// Gives the whole entries of `octets`; the offset where the unfinished rest starts.
  private mutating func split(
    _ octets: [UInt8], from: Int, _ body: (Shape, Span<UInt8>) -> Void
  ) -> Int {
    let span = octets.span
    var start = from
    depth = 0
    if isSkipping {
      guard let end = octets.firstIndex(of: UInt8(ascii: "\n")) else { return octets.count }
      isSkipping = false
      start = end + 1
    }
    var lineStart = start
    while lineStart < span.count {
      let line = Self.scan(span, lineStart)
      guard let line else { return start }
      if depth == 0, !line.isSpecial {
        if line.end - lineStart > Self.longestEntry {
          body(.tooLong, span.extracting(start..<start))
        } else if line.textEnd > lineStart {
          body(.plain, span.extracting(lineStart..<line.textEnd))
        }
        start = line.end
      } else {
        depth += line.opened
        if depth <= 0 || line.end - start > Self.longestEntry {
          depth = 0
          let isLong = line.end - start > Self.longestEntry
          body(isLong ? .tooLong : .special, span.extracting(start..<(isLong ? start : line.end)))
          start = line.end
        }
      }
      lineStart = line.end
    }
    return start
  }

  private struct Line {
    /// Behind the line feed.
    var end: Int
    /// Behind the last octet before a comment or the line's end.
    var textEnd: Int
    var isSpecial: Bool
    /// Parentheses opened less those closed.
    var opened: Int
  }

  /// Looks at the line that starts at `start`; nil when its end is not there yet.
  private static func scan(_ octets: Span<UInt8>, _ start: Int) -> Line? {
    var at = start
    var isSpecial = false
    var opened = 0
    var isQuoted = false
    while at < octets.count {
      let octet = octets[at]
      // The octets that mean something are all below 'A', but for the backslash.
      if octet > 0x3B, octet != UInt8(ascii: "\\") {
        at += 1
        continue
      }
      switch octet {
      case UInt8(ascii: "\n"):
        return Line(
          end: at + 1, textEnd: textEnd(octets, start, at), isSpecial: isSpecial, opened: opened)
      case UInt8(ascii: ";") where !isQuoted:
        let textEnd = textEnd(octets, start, at)
        while at < octets.count, octets[at] != UInt8(ascii: "\n") { at += 1 }
        guard at < octets.count else { return nil }
        return Line(end: at + 1, textEnd: textEnd, isSpecial: isSpecial, opened: opened)
      case UInt8(ascii: "\""):
        isSpecial = true
        isQuoted.toggle()
      case UInt8(ascii: "\\"):
        isSpecial = true
        if at + 1 < octets.count, octets[at + 1] != UInt8(ascii: "\n") { at += 1 }
      case UInt8(ascii: "(") where !isQuoted:
        isSpecial = true
        opened += 1
      case UInt8(ascii: ")") where !isQuoted:
        isSpecial = true
        opened -= 1
      case 0...8, 0x0B, 0x0C, 0x0E...0x1F, UInt8(ascii: "$"):
        isSpecial = true
      default: break
      }
      at += 1
    }
    return nil
  }

  private static func textEnd(_ octets: Span<UInt8>, _ start: Int, _ end: Int) -> Int {
    var end = end
    while end > start, octets[end - 1] <= 0x20 { end -= 1 }
    return end
  }
}
