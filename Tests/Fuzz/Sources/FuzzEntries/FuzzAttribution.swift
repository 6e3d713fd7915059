import Addressing
import Attribution
import DNSWire
import Evidence

/// A source of intervals must read the same whole and in pieces, and must count what it cannot read.
func fuzzSource(_ octets: [UInt8], _ format: SourceFormat, key: String? = nil) {
  let whole = reading(octets, pieces: octets.count, format, key: nil)
  let pieces = reading(octets, pieces: 7, format, key: nil)
  precondition(whole.summary == pieces.summary, "chunk boundaries change what is read")
  precondition(whole.flaws == pieces.flaws, "chunk boundaries change what is wrong")
  checkOutput(whole)
  if let key { checkOutput(reading(octets, pieces: octets.count, format, key: key)) }
}

private func checkOutput(_ output: ReaderOutput) {
  let summary = output.summary
  precondition(summary.intervals == output.set.count + output.set.rules.count, "intervals are lost")
  precondition(
    output.flaws.count == min(summary.malformed, ReaderOutput.shownFlaws), "flaws are lost")
  for flaw in output.flaws { checkOneLine(flaw.description) }
  if let earliest = summary.earliest, let latest = summary.latest {
    precondition(earliest <= latest, "time runs backwards")
  }
}

private func reading(
  _ octets: [UInt8], pieces: Int, _ format: SourceFormat, key: String?
) -> ReaderOutput {
  var options = ReaderOptions()
  options.key = key
  var output = ReaderOutput(
    IntervalSet(), SourceSummary(join: format.join, format: format.rawValue, path: "input"),
    source: 0)
  guard var reader = format.reader(options) else { return output }
  output.setFile("input")
  reader.beginFile(&output)
  var feeder = LineFeeder()
  for start in stride(from: 0, to: octets.count, by: max(1, pieces)) {
    feeder.push(Array(octets[start..<min(octets.count, start + pieces)]), &reader, &output)
  }
  feeder.finish(&reader, &output)
  reader.finish(&output)
  return output
}

/// A subscriber index in the short form of `PagedFile.subscribers`: damage must throw when it is
/// opened, and whatever opened must bear every look-up.
func fuzzSubscriberIndex(_ octets: [UInt8]) {
  let file = PagedFile.subscribers.expanded(octets).map(sealed) ?? octets
  withTemporaryFile(file) { path in
    guard let index = try? SubscriberIndex(path: path) else { return }
    for text in ["192.0.2.1", "100.64.0.1", "2001:db8:1::1", "::", "255.255.255.255"] {
      guard let address = IPAddress(text) else { continue }
      for instant in [Int64.min, 0, 1_795_435_200_000_000, .max] {
        for port in [nil, 0, 1500, 65_535] as [UInt16?] {
          let question = AttributionQuestion(address: address, port: port, instant: instant)
          let answer = index.answer(question, tolerance: instant == 0 ? .max : 0)
          precondition((answer.key != nil) == (answer.state == .unique), "a key without certainty")
        }
      }
    }
  }
}

/// Questions that can be read must be the same when written and read again; those that cannot are
/// refused in one line.
func fuzzQuestions(_ octets: [UInt8]) {
  do throws(ExchangeFlaw) {
    let questions = try QuestionLines.parse(octets)
    let again = try QuestionLines.parse(QuestionLines.text(questions))
    precondition(again == questions, "questions change on the way")
  } catch {
    checkOneLine(error.description)
  }
}

/// The same for answers, to as many questions as there are lines, and to one more.
func fuzzAnswers(_ octets: [UInt8]) {
  let lines = octets.count { $0 == UInt8(ascii: "\n") }
  precondition((try? AnswerLines.parse(octets, count: lines)) == nil, "an answer from nowhere")
  do throws(ExchangeFlaw) {
    let count = max(0, lines - 1)
    let answers = try AnswerLines.parse(octets, count: count)
    precondition(answers.subscribers.count == count, "answers are lost")
    precondition(
      answers.subscribers.allSatisfy { ($0.key != nil) == ($0.state == .unique) },
      "a key without certainty")
    let again = try AnswerLines.parse(AnswerLines.text(answers), count: count)
    precondition(again == answers, "answers change on the way")
  } catch {
    checkOneLine(error.description)
  }
}

private let checksumKey = SipHash.Key(low: 0x506f_6e6f_7220_7375, high: 0x6273_6372_6962_6572)

/// The file with the size and the checksums that its content calls for.
private func sealed(_ file: [UInt8]) -> [UInt8] {
  var file = file
  file.setWord(UInt64(file.count), at: 24)
  for section in 0..<16 {
    let entry = 64 + 24 * section
    let start = file.word(at: entry)
    let count = file.word(at: entry + 8)
    guard start <= UInt64(file.count), count <= UInt64(file.count) - start else { continue }
    let octets = Array(file[Int(start)..<Int(start + count)])
    file.setWord(SipHash.hash(octets.span, key: checksumKey).low, at: entry + 16)
  }
  let body = Array(file[..<(PagedFile.pageOctets - 8)])
  file.setWord(SipHash.hash(body.span, key: checksumKey).low, at: PagedFile.pageOctets - 8)
  return file
}
