import DGAKit
import Testing

@Suite("Xorshift generators")
struct XorshiftTests {
  @Test("32 bits: from the paper's y = 2463534242")
  func thirtyTwo() {
    var random = Xorshift32(state: 2_463_534_242)
    #expect(random.next() == 723_471_715)
    #expect(random.next() == 2_497_366_906)
    #expect(random.next() == 2_064_144_800)
    var other = Xorshift32(state: 1, distances: (left: 1, right: 3, lastLeft: 10))
    // 1 ^ 2 = 3; 3 ^ 0 = 3; 3 ^ 3072.
    #expect(other.next() == 3_075)
  }

  @Test("64 bits: from the paper's x = 88172645463325252")
  func sixtyFour() {
    var random = Xorshift64(state: 88_172_645_463_325_252)
    #expect(random.next() == 8_748_534_153_485_358_512)
    #expect(random.next() == 3_040_900_993_826_735_515)
    #expect(random.next() == 3_453_997_556_048_239_312)
  }

  @Test("128 bits: from the paper's four words")
  func fourWords() {
    var random = Xorshift128()
    #expect(
      (0..<4).map { _ in random.next() } == [
        3_701_687_786, 458_299_110, 2_500_872_618, 3_633_119_408,
      ])
  }

  @Test("zero stays zero")
  func zero() {
    var small = Xorshift32(state: 0)
    var large = Xorshift64(state: 0)
    #expect(small.next() == 0)
    #expect(large.next() == 0)
  }
}
