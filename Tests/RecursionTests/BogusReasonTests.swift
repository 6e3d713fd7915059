import DNSWire
import Recursion
import Testing

/// The table of explanations, with texts as libunbound 1.17.1 gives them.
@Suite struct BogusReasonTests {
  @Test(
    "libunbound's text leads to the code Unbound itself gives",
    arguments: [
      ("signature expired from 127.0.0.1", 7),
      ("signature before inception date from 127.0.0.1", 8),
      ("ECDSA signature verification failed from 127.0.0.1", 6),
      ("no signatures from 127.0.0.1", 10),
      ("no signatures over NSECs from 127.0.0.1 for DS x. while building chain of trust", 12),
      ("No DNSKEY record from 127.0.0.1 for key x. while building chain of trust", 9),
      ("SERVFAIL no DS from 127.0.0.1 for DS x. while building chain of trust", 23),
      ("nameerror proof failed from 127.0.0.1", 12),
      ("no DNSSEC records from 127.0.0.1 for DS x. while building chain of trust", 12),
      ("zone has no known algorithms", 1),
      ("misc failure", 6),
      (
        "key for validation x. is marked as invalid because of a previous validation failure "
          + "<x. A IN>: signature expired from 127.0.0.1 for key x.", 7
      ),
    ])
  func table(text: String, code: UInt16) {
    let reason = "validation failure <www.x. A IN>: " + text
    let found = ExtendedError.explaining(.noError, .bogus, reason: reason)
    #expect(found == ExtendedError(rawValue: code))
  }

  @Test("The name in the text does not decide")
  func nameIsIgnored() {
    let reason = "validation failure <signature expired A IN>: signature crypto failed"
    #expect(ExtendedError.explaining(.noError, .bogus, reason: reason) == .dnssecBogus)
  }

  @Test("Answers that are not bogus are explained only when they are SERVFAIL")
  func others() {
    #expect(ExtendedError.explaining(.noError, .secure, reason: nil) == nil)
    #expect(ExtendedError.explaining(.nameError, .insecure, reason: nil) == nil)
    #expect(
      ExtendedError.explaining(.serverFailure, .insecure, reason: nil) == .noReachableAuthority)
    #expect(
      ExtendedError.explaining(.serverFailure, .insecure, reason: RecursionFailure.timedOut)
        == .noReachableAuthority)
    #expect(
      ExtendedError.explaining(.serverFailure, .insecure, reason: RecursionFailure.stopping)
        == .notReady)
    #expect(ExtendedError.explaining(.noError, .bogus, reason: nil) == .dnssecBogus)
  }
}
