import Attribution
import Evidence
import Testing

@Suite("Questions and answers at the socket") struct ExchangeTests {
  private func questions() throws -> [SubscriberQuestion] {
    [
      SubscriberQuestion(
        address: try #require(ClientAddress("192.0.2.1")), port: 4000, transport: .udp,
        microseconds: 1_795_402_800_000_001),
      SubscriberQuestion(
        address: try #require(ClientAddress("2001:db8:1:2ab::7")), port: 0, transport: .any,
        microseconds: .min),
    ]
  }

  @Test("questions survive") func questionsSurvive() throws {
    let text = QuestionLines.text(try questions())
    #expect(
      String(decoding: text, as: UTF8.self)
        == "192.0.2.1 4000 17 1795402800000001\n2001:db8:1:2ab::7 0 0 -9223372036854775808\n")
    #expect(try QuestionLines.parse(text) == questions())
    #expect(try QuestionLines.parse([]) == [])
  }

  @Test(
    "bad questions are refused with their line",
    arguments: [
      ("192.0.2.1 1 17\n", 1), ("192.0.2.1 1 17 0\nx 1 17 0\n", 2), ("192.0.2.1 65536 17 0\n", 1),
      ("192.0.2.1 1 256 0\n", 1), ("192.0.2.1 1 17 0", 1), ("192.0.2.1 1 17 0 \n", 1), ("\n", 1),
    ])
  func badQuestions(text: String, line: Int) {
    #expect { try QuestionLines.parse(Array(text.utf8)) } throws: { error in
      (error as? ExchangeFlaw)?.line == line
    }
  }

  @Test("more questions than allowed are refused") func tooMany() {
    let text = Array(
      String(repeating: "192.0.2.1 1 17 0\n", count: QuestionLines.questionsMax + 1).utf8)
    #expect(throws: ExchangeFlaw.self) { try QuestionLines.parse(text) }
  }

  @Test("answers survive, keys with blanks too") func answersSurvive() throws {
    let answers = SubscriberAnswers(
      subscribers: [
        .init(state: .unique, key: "line 1  x", source: "radius"), .init(state: .ambiguous),
        .init(state: .unknown), .init(state: .unique, key: "ünïque", source: "cgnat"),
      ], knownUntil: -5)
    #expect(try AnswerLines.parse(AnswerLines.text(answers), count: 4) == answers)
    let none = SubscriberAnswers(subscribers: [], knownUntil: 7)
    #expect(try AnswerLines.parse(AnswerLines.text(none), count: 0) == none)
  }

  @Test(
    "bad answers are refused",
    arguments: [
      "", "known-until 5\nunknown", "known-until x\nunknown\n", "unknown\nunknown\n",
      "known-until 5\n", "known-until 5\nunknown\nunknown\n", "known-until 5\nunique radius\n",
      "known-until 5\nunique  key\n", "known-until 5\nunique radius \n", "known-until 5\nperhaps\n",
      "known-until 5\nunknown key\n", "known-until 5\nunique radius a\u{7F}b\n",
    ])
  func badAnswers(text: String) {
    #expect(throws: ExchangeFlaw.self) { try AnswerLines.parse(Array(text.utf8), count: 1) }
  }
}
