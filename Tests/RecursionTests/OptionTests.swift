import Recursion
import Testing

/// What options lead to.
@Suite struct OptionTests {
  private func error(_ change: (inout RecursionOptions) -> Void) -> RecursionError? {
    var options = RecursionOptions()
    change(&options)
    do {
      try Resolver(options).stop(drain: .zero)
      return nil
    } catch {
      return error
    }
  }

  @Test("The defaults are accepted, on several threads")
  func defaults() {
    #expect(error { $0.threads = 4 } == nil)
  }

  @Test("An unknown option is named in the error")
  func unknownOption() throws {
    let found = try #require(error { $0.extra = [("harden-glu", "yes")] })
    #expect("\(found)".contains("'harden-glu: yes'"))
  }

  @Test("A value libunbound does not take is named in the error")
  func badValue() throws {
    let found = try #require(error { $0.extra = [("harden-glue", "perhaps")] })
    guard case .optionRefused("harden-glue", "perhaps", _) = found else {
      Issue.record("\(found)")
      return
    }
  }

  @Test("A root hints file that is not there is named in the error")
  func missingHints() throws {
    let found = try #require(error { $0.rootHints = "/nonexistent/root.hints" })
    #expect("\(found)".contains("/nonexistent/root.hints"))
  }

  @Test("A trust anchor that cannot be read is named in the error")
  func badAnchor() throws {
    let found = try #require(error { $0.trustAnchors = [". IN DS twenty 8 2 ABCD"] })
    #expect("\(found)".contains("twenty"))
  }

  @Test("Numbers outside their range are refused")
  func ranges() {
    #expect(
      error { $0.threads = 0 } == .outOfRange(name: "threads", got: 0, allowed: 1...64))
    #expect(error { $0.outstandingPerThread = 0 } != nil)
    #expect(error { $0.answerTimeoutMilliseconds = 1 } != nil)
  }
}
