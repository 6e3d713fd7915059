extension ValueKind where Value == ByteCount {
  /// A size with unit, within a range.
  static func size(_ range: ClosedRange<ByteCount>) -> ValueKind {
    let allowed = "\(range.lowerBound) … \(range.upperBound)"
    return .scalar(
      "size", allowed: allowed,
      parse: { (text) throws(BadValue) in
        let value = try ByteCount(text: text)
        guard range.contains(value) else { throw BadValue("is outside of \(allowed)") }
        return value
      }, encode: { $0.description })
  }
}

extension ValueKind where Value == Duration {
  /// A duration with unit, within a range; a bare number means seconds.
  static func duration(_ range: ClosedRange<Duration>) -> ValueKind {
    let allowed = [range.lowerBound, range.upperBound]
      .map { DurationText.render(milliseconds: $0.milliseconds) }.joined(separator: " … ")
    return .scalar(
      "duration", allowed: allowed,
      parse: { (text) throws(BadValue) in
        let value = Duration.milliseconds(try DurationText.milliseconds(text))
        guard range.contains(value) else { throw BadValue("is outside of \(allowed)") }
        return value
      }, encode: { DurationText.render(milliseconds: $0.milliseconds) })
  }
}

extension ValueKind where Value == UInt32 {
  /// A time to live in whole seconds; units may be written.
  static func ttl(_ range: ClosedRange<UInt32>) -> ValueKind {
    let allowed = "\(range.lowerBound) … \(range.upperBound)"
    return .scalar(
      "TTL, seconds", allowed: allowed,
      parse: { (text) throws(BadValue) in
        let milliseconds = try DurationText.milliseconds(text)
        guard milliseconds % 1000 == 0, let seconds = UInt32(exactly: milliseconds / 1000),
          range.contains(seconds)
        else { throw BadValue("is outside of \(allowed) seconds") }
        return seconds
      }, encode: { String($0) })
  }
}

extension ValueKind where Value == TimeOfDay {
  /// A time of day in UTC.
  static var timeOfDay: ValueKind {
    .scalar(
      "time of day, UTC", allowed: "\"00:00\" … \"23:59\"",
      parse: { (text) throws(BadValue) in try TimeOfDay(text: text) },
      encode: { YAMLText.quoted($0.description) })
  }
}

extension Duration {
  /// Whole milliseconds, rounded toward zero.
  package var milliseconds: Int64 {
    components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
  }
}
