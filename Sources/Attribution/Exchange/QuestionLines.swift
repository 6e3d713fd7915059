package import Evidence

/// The questions that the resolver asks of `ponor attribution serve`, as text.
///
/// One line each: address, port (0 = not known), protocol number (0 = any) and instant in microseconds
/// since 1970, separated by blanks.
package enum QuestionLines {
  /// Questions of one request at most.
  package static let questionsMax = 16_384
  /// Longest line: 39 octets of address, 5 of port, 3 of protocol, 20 of instant, blanks and end.
  static let lineMax = 71
  /// Longest text of a request.
  package static let octetsMax = questionsMax * lineMax

  /// The text of questions.
  package static func text(_ questions: [SubscriberQuestion]) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(questions.count * lineMax)
    for question in questions {
      text +=
        ("\(question.address) \(question.port) \(question.transport.rawValue) "
        + "\(question.microseconds)\n").utf8
    }
    return text
  }

  /// Reads questions; the error names the first line that is none.
  package static func parse(_ text: [UInt8]) throws(ExchangeFlaw) -> [SubscriberQuestion] {
    guard text.count <= octetsMax else { throw ExchangeFlaw(line: 0, what: "too long") }
    var questions: [SubscriberQuestion] = []
    for line in text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      .dropLast()
    {
      guard questions.count < questionsMax, let question = question(line) else {
        throw ExchangeFlaw(
          line: questions.count + 1, what: "want address, port, protocol and microseconds")
      }
      questions.append(question)
    }
    guard text.last ?? UInt8(ascii: "\n") == UInt8(ascii: "\n") else {
      throw ExchangeFlaw(line: questions.count + 1, what: "it has no end")
    }
    return questions
  }

  private static func question(_ line: ArraySlice<UInt8>) -> SubscriberQuestion? {
    let fields = line.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
      .map { String(decoding: $0, as: UTF8.self) }
    guard fields.count == 4, let address = ClientAddress(fields[0]), let port = UInt16(fields[1]),
      let number = UInt8(fields[2]), let instant = Int64(fields[3])
    else { return nil }
    return SubscriberQuestion(
      address: address, port: port, transport: IPProtocol(rawValue: number), microseconds: instant)
  }
}

/// A text that is not what was agreed on.
package struct ExchangeFlaw: Error, Equatable, Sendable, CustomStringConvertible {
  /// The line, counted from 1; 0 = the whole.
  package var line: Int
  /// What is wrong with it.
  package var what: String

  /// `line 3: …`.
  package var description: String { "line \(line): \(what)" }
}
