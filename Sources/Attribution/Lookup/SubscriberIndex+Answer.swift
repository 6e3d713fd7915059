import Addressing
import Evidence

extension SubscriberIndex {
  /// Different inside addresses looked into before an answer is called ambiguous: more than that many
  /// on one port within the tolerance is a translator whose log nobody should trust.
  private static let insideLimit = 8

  /// Who had the address at that instant, if clocks may be wrong by `tolerance` microseconds.
  ///
  /// The longest prefix that anybody had within the tolerance decides. If more than one line had it,
  /// the answer is ambiguous: none is ever picked. An address that stands for somebody inside a
  /// translator is followed there, once.
  package func answer(
    _ question: AttributionQuestion, tolerance: Int64
  ) -> AttributionAnswer {
    answer(question, window: Self.window(question.instant, tolerance), mayFollow: true)
  }

  private static func window(_ instant: Int64, _ tolerance: Int64) -> ClosedRange<Int64> {
    let width = max(0, tolerance)
    let (low, under) = instant.subtractingReportingOverflow(width)
    let (high, over) = instant.addingReportingOverflow(width)
    return (under ? .min : low)...(over ? .max : high)
  }

  private func answer(
    _ question: AttributionQuestion, window: ClosedRange<Int64>, mayFollow: Bool
  ) -> AttributionAnswer {
    var found = Found()
    if mayFollow { addComputed(question, window, &found) }
    var length = 128
    for group in groups {
      // All groups of one length count before shorter prefixes are looked at.
      if group.length != length, !found.isEmpty { break }
      length = group.length
      guard let place = place(of: question.address, in: group) else { continue }
      forEachHolder(
        at: place, port: question.port, transport: question.transport, window: window
      ) { number in
        guard let (holder, source) = holder(number) else { return true }
        found.add(holder, source, mayFollow: mayFollow)
        return !found.isEnough
      }
    }
    return conclude(found, question, window)
  }

  /// Adds what translators with a computed mapping say.
  private func addComputed(
    _ question: AttributionQuestion, _ window: ClosedRange<Int64>, _ found: inout Found
  ) {
    guard let address = question.address.ipv4 else { return }
    for rule in rules
    where rule.outside.contains(address) && rule.from <= window.upperBound
      && rule.to > window.lowerBound
    {
      guard let port = question.port else {
        // Without a port it may be any of the users.
        found.isUncertain = true
        continue
      }
      // The pool given out as needed is in the log, if there is one.
      guard case .inside(let inside) = rule.holder(of: address, port: port) else { continue }
      found.add(.inside(inside), Int(rule.source), mayFollow: true)
    }
  }

  /// Follows translators and counts the lines that are left.
  private func conclude(
    _ found: Found, _ question: AttributionQuestion, _ window: ClosedRange<Int64>
  ) -> AttributionAnswer {
    guard !found.isEmpty else { return .unknown }
    guard !found.isUncertain, found.inside.count <= Self.insideLimit else { return .ambiguous }
    var lines = found.lines
    var isAmbiguous = false
    var unknownCount = 0
    for address in found.inside {
      // Inside, the address alone tells the line: its ports there are another matter.
      let inner = AttributionQuestion(address: address, instant: question.instant)
      let answer = answer(inner, window: window, mayFollow: false)
      switch answer.state {
      case .unique:
        lines.add(Array((answer.key ?? "").utf8)[...], sourceName: answer.source ?? "")
      case .ambiguous: isAmbiguous = true
      case .unknown: unknownCount += 1
      }
    }
    let inside = found.inside.count == 1 ? found.inside[0] : nil
    if isAmbiguous || lines.count > 1 || (unknownCount > 0 && found.inside.count > 1)
      || (unknownCount > 0 && lines.count > 0)
    {
      return AttributionAnswer(state: .ambiguous, inside: inside)
    }
    guard let line = lines.first else {
      return AttributionAnswer(state: .unknown, inside: inside)
    }
    let source = line.sourceName ?? name(ofSource: line.source)
    return AttributionAnswer(
      state: .unique, key: String(decoding: line.key, as: UTF8.self), source: source,
      inside: inside)
  }

  private func name(ofSource number: Int) -> String {
    sources.indices.contains(number) ? sources[number].join : "unknown"
  }
}

/// Who may have had an address.
private struct Found {
  var lines = Lines()
  var inside: [IPAddress] = []
  var isUncertain = false

  var isEmpty: Bool { lines.count == 0 && inside.isEmpty && !isUncertain }
  /// Whether the answer can only be ambiguous any more.
  var isEnough: Bool { lines.count > 1 || inside.count > 8 }

  mutating func add(_ holder: Holder, _ source: Int, mayFollow: Bool) {
    switch holder {
    case .subscriber(let key): lines.add(key, source: source)
    case .inside(let address):
      if mayFollow, !inside.contains(address) { inside.append(address) }
    }
  }
}

/// Different lines, at most two: more make no difference.
private struct Lines {
  struct Line {
    var key: ArraySlice<UInt8>
    var source = 0
    /// Name of the source when the number is not known.
    var sourceName: String?
  }

  private(set) var first: Line?
  private(set) var count = 0

  mutating func add(_ key: ArraySlice<UInt8>, source: Int = 0, sourceName: String? = nil) {
    guard let known = first else {
      first = Line(key: key, source: source, sourceName: sourceName)
      count = 1
      return
    }
    guard known.key == key else {
      count += 1
      return
    }
    // One line told by several sources: the first of the configuration counts, whatever the order.
    if sourceName == nil, known.sourceName == nil { first?.source = min(known.source, source) }
  }
}
