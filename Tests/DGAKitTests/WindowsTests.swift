import DGAKit
import Testing

@Suite("What Windows computes")
struct WindowsTests {
  @Test("RtlUniform up to XP: what Wine's tests found (seeds 0 to 3)")
  func uniformUpToXP() {
    let steps: [(UInt32, UInt32)] = [
      (0, 0x7FFF_FFC3), (0x7FFF_FFC3, 0x44B), (1, 0x7FFF_FFB1), (2, 0x7FFF_FF9D),
      (3, 0x7FFF_FF8B),
    ]
    for (state, expected) in steps {
      var random = RtlUniform(state: state, as: .upToXP)
      #expect(random.next() == expected)
    }
  }

  @Test("RtlUniform from Vista: what Wine's tests found (seeds 0, 1, 2^31 - 1, 2^31)")
  func uniformFromVista() {
    let steps: [(UInt32, UInt32)] = [
      (0, 0x7FFF_FFC3), (0x7FFF_FFC3, 0x3FC), (1, 0x7FFF_FFB1), (0x7FFF_FFFF, 0x7FFF_FFC3),
      (0x8000_0000, 0x7FFF_FFB1),
    ]
    for (state, expected) in steps {
      var random = RtlUniform(state: state, as: .fromVista)
      #expect(random.next() == expected)
    }
  }

  @Test("RtlRandom: what Wine's tests found, and the thousandth draw computed elsewhere")
  func random() {
    var random = RtlRandom(state: 0)
    #expect(random.next() == 0x320A_1743)
    #expect(random.state == 0x44B)
    // The same state finds what the first draw has left in the table.
    random.state = 0
    #expect(random.next() == 0x7FFF_FFC3)
    random.state = 1
    #expect(random.next() == 0x7A50_BBC6)
    #expect(random.state == 0x5A1)

    var fresh = RtlRandom(state: 0)
    var last: UInt32 = 0
    for _ in 0..<1_000 { last = fresh.next() }
    #expect(last == 0x1239_CB7B)
    #expect(fresh.state == 0x089E_BF23)
  }

  @Test("RtlRandomEx: the shuffle, against one computed elsewhere from the same table")
  func randomEx() {
    var random = RtlRandomEx(state: 0x1234_5678)
    let expected: [UInt32] = [
      0x3C28_B0E4, 0x139D_2E78, 0x5274_C742, 0x7AF3_996F, 0x0AB6_8DB0, 0x3739_27C1,
    ]
    #expect((0..<6).map { _ in random.next() } == expected)
    #expect(random.state == 0x65DC_B646)
    var last: UInt32 = 0
    for _ in 0..<1_000 { last = random.next() }
    #expect(last == 0x04EB_E3E3)
  }

  @Test("SYSTEMTIME lies in memory as eight little-endian fields")
  func systemTime() throws {
    let time = SystemTime(try #require(Instant("2026-11-23T13:37:09Z")))
    let octets = time.octets
    #expect(
      (0..<16).map { octets[$0] } == [
        0xEA, 0x07, 0x0B, 0, 1, 0, 0x17, 0, 0x0D, 0, 0x25, 0, 9, 0, 0, 0,
      ])
    let midnight = time.atMidnight
    #expect(midnight == SystemTime(try #require(Instant("2026-11-23"))))
    #expect(midnight.dayOfWeek == 1)
  }
}
