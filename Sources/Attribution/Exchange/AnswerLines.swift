package import Evidence

/// The answers of `ponor attribution serve`, as text.
///
/// The first line is `known-until` and an instant in microseconds since 1970, then comes one line for each question:
/// `unique SOURCE KEY` (the key may have blanks: it ends the line), `ambiguous` or `unknown`.
package enum AnswerLines {
  private static let knownUntil = "known-until "
  private static let blank = UInt8(ascii: " ")

  /// The text of answers.
  package static func text(_ answers: SubscriberAnswers) -> [UInt8] {
    var text = Array("\(knownUntil)\(answers.knownUntil)\n".utf8)
    for subscriber in answers.subscribers {
      if subscriber.state == .unique, let key = subscriber.key {
        text += "unique \(subscriber.source ?? "unknown") \(key)\n".utf8
      } else {
        text += "\(subscriber.state == .ambiguous ? "ambiguous" : "unknown")\n".utf8
      }
    }
    return text
  }

  /// Reads the answers to `count` questions; the error names the first line that is wrong.
  package static func parse(
    _ text: [UInt8], count: Int
  ) throws(ExchangeFlaw) -> SubscriberAnswers {
    let lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    guard lines.last?.isEmpty == true, lines.count == count + 2 else {
      throw ExchangeFlaw(line: 0, what: "\(lines.count - 2) answers to \(count) questions")
    }
    guard let first = String(validating: lines[0], as: UTF8.self), first.hasPrefix(knownUntil),
      let instant = Int64(first.dropFirst(knownUntil.count))
    else { throw ExchangeFlaw(line: 1, what: "want \(knownUntil)and microseconds") }
    var answers = SubscriberAnswers(subscribers: [], knownUntil: instant)
    answers.subscribers.reserveCapacity(count)
    for line in lines.dropFirst().dropLast() {
      guard let subscriber = subscriber(line) else {
        throw ExchangeFlaw(line: answers.subscribers.count + 2, what: "no answer")
      }
      answers.subscribers.append(subscriber)
    }
    return answers
  }

  private static func subscriber(_ line: ArraySlice<UInt8>) -> InfectionRecord.Subscriber? {
    let fields = line.split(separator: blank, maxSplits: 2, omittingEmptySubsequences: false)
    switch (String(decoding: fields[0], as: UTF8.self), fields.count) {
    case ("ambiguous", 1): return InfectionRecord.Subscriber(state: .ambiguous)
    case ("unknown", 1): return InfectionRecord.Subscriber(state: .unknown)
    case ("unique", 3):
      guard !fields[1].isEmpty, SubscriberKey.isValid(fields[2]) else { return nil }
      return InfectionRecord.Subscriber(
        state: .unique, key: String(decoding: fields[2], as: UTF8.self),
        source: String(decoding: fields[1], as: UTF8.self))
    default: return nil
    }
  }
}
