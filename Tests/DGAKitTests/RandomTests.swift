import DGAKit
import Testing

@Suite("Generators agree with published sequences")
struct RandomTests {
  @Test("Microsoft C: srand(1)")
  func microsoftC() {
    var random = LinearCongruential32.microsoftC(seed: 1)
    #expect((0..<5).map { _ in random.next15() } == [41, 18_467, 6_334, 26_500, 19_169])
  }

  @Test("ISO C example: srand(1)")
  func ansiC() {
    var random = LinearCongruential32.ansiC(seed: 1)
    #expect((0..<5).map { _ in random.next15() } == [16_838, 5_758, 10_113, 17_515, 31_051])
  }

  @Test("Borland C: srand(1)")
  func borlandC() {
    var random = LinearCongruential32.borlandC(seed: 1)
    #expect((0..<5).map { _ in random.next15() } == [346, 130, 10_982, 1_090, 11_656])
  }

  @Test("Numerical Recipes, chapter 7.1: from 0")
  func numericalRecipes() {
    var random = LinearCongruential32.numericalRecipes(seed: 0)
    let expected: [UInt32] = [
      0x3C6E_F35F, 0x4750_2932, 0xD1CC_F6E9, 0xAAF9_5334, 0x6252_E503, 0x9F2E_C686,
    ]
    #expect((0..<6).map { _ in random.next() } == expected)
  }

  @Test("Delphi: the high half of the product with the bound")
  func delphi() {
    var random = LinearCongruential32.delphi(seed: 1)
    // 1 * 134775813 + 1 = 0x08088406; times 1000, divided by 2^32.
    #expect(random.next(below: 1_000) == 31)
    #expect(random.state == 0x0808_8406)
  }

  @Test("VAX: the ten thousandth draw from 1 (test suite of the GNU Scientific Library)")
  func vax() {
    var random = LinearCongruential32.vax(seed: 1)
    #expect(random.next() == 69_070)
    for _ in 1..<9_999 { _ = random.next() }
    #expect(random.next() == 3_051_034_865)
  }

  @Test("ISO C example, 31 bits: the ten thousandth draw from 1 (the same test suite's `rand`)")
  func thirtyOneBits() {
    var random = LinearCongruential32.ansiC(seed: 1)
    for _ in 0..<9_999 { _ = random.next31() }
    #expect(random.next31() == 1_910_041_713)
  }

  @Test("Visual Basic: the five numbers Rnd gives in a fresh program")
  func visualBasic() {
    var random = LinearCongruential32.visualBasic(state: 327_680)
    let expected = [0.7055475, 0.533424, 0.5795186, 0.2895625, 0.301948]
    for number in expected { #expect(abs(Double(random.next24()) * 0x1p-24 - number) < 1e-7) }
  }

  @Test("64-bit congruential generator: constants and wrap-around")
  func sixtyFourBits() {
    var random = LinearCongruential64.pcg(state: 0)
    #expect(random.next() == 0x1405_7B7E_F767_814F)
    #expect(random.next() == 0x1A08_EE11_84BA_6D32)
    random = .mmix(state: 0)
    #expect(random.next() == 1_442_695_040_888_963_407)
  }

  @Test("minimal standard: the ten thousandth draw from 1 (Park and Miller 1988)")
  func parkMiller() {
    var random = ParkMiller(seed: 1)
    #expect(random.next() == 16_807)
    var last: UInt32 = 0
    for _ in 1..<10_000 { last = random.next() }
    #expect(last == 1_043_618_065)
  }

  @Test("without its last correction, Schrage's step goes on with the wrapped value")
  func schrage() {
    var random = Schrage(state: 0xFFFF_FFFF)
    // 16807 * (4294967295 mod 127773) - 2836 * (4294967295 div 127773), modulo 2^32.
    let expected = (16_807 * (4_294_967_295 % 127_773) - 2_836 * (4_294_967_295 / 127_773))
    #expect(random.next() == UInt32(truncatingIfNeeded: expected))
  }

  @Test("MT19937: the ten thousandth draw from 5489 (ISO C++ 29.6.5)")
  func mersenneTwister() {
    var random = MersenneTwister(seed: 5_489)
    #expect(random.next() == 3_499_211_612)
    var last: UInt32 = 0
    for _ in 1..<10_000 { last = random.next() }
    #expect(last == 4_123_659_995)
  }

  @Test("java.util.Random: the sequences of OpenJDK")
  func java() {
    var random = JavaRandom(seed: 42)
    #expect(random.nextInt() == -1_170_105_035)
    #expect(random.nextInt() == 234_785_527)
    random = JavaRandom(seed: 42)
    #expect((0..<5).map { _ in random.nextInt(100) } == [30, 63, 48, 84, 70])
    random = JavaRandom(seed: -1)
    #expect((0..<5).map { _ in random.nextInt(16) } == [4, 7, 0, 8, 10])
    // A bound just above 2^30 rejects nearly every second draw.
    random = JavaRandom(seed: 7)
    #expect(
      (0..<5).map { _ in random.nextInt(1_073_741_825) } == [
        20678044, 747989380, 1053566254, 755731200, 259278708,
      ])
  }

  @Test("rotations count modulo the width")
  func rotation() {
    #expect((0x8000_0001 as UInt32).rotatedLeft(1) == 3)
    #expect((3 as UInt32).rotatedRight(1) == 0x8000_0001)
    #expect((0x1234_5678 as UInt32).rotatedLeft(32) == 0x1234_5678)
    #expect((0x1234_5678 as UInt32).rotatedRight(0) == 0x1234_5678)
    #expect((0x81 as UInt8).rotatedLeft(9) == 3)
  }

  @Test("Ranbyus' registers: names seen of Ranbyus on 2015-05-19 and of Mirai on 2016-12-05")
  func ranbyusRegisters() {
    var registers = RanbyusRegisters(
      day: CalendarDay(year: 2015, month: 5, day: 19), seed: 0xC5F1_28F3)
    #expect(letters(14, &registers) == "ugytupofwqrpyn")
    registers = RanbyusRegisters(day: CalendarDay(year: 2016, month: 12, day: 5), seed: 0)
    #expect(letters(12, &registers) == "xpknpxmywqsr")
  }

  private func letters(_ count: Int, _ registers: inout RanbyusRegisters) -> String {
    var name = DomainBuffer()
    for _ in 0..<count { name.append(letter: registers.next() % 25) }
    return name.text
  }
}

@Suite("The x87 sine")
struct X87Tests {
  @Test(
    "agrees bit by bit with the instruction",
    arguments: [
      (3903281828133846016, 0x3feffbf4ce359e8f),
      (3982542395516869632, 0x3fc7f3210b9a1b8f),
      (7235451519828103168, 0x3fe9121feb9ab0aa),
      (7444378057285734400, 0x3feda4fba172f807),
      (2940898654937031680, 0xbfc1b8bb223aa89f),
      (2673908247805139968, 0xbfce6376dad5aa5d),
      (4983929315642882048, 0xbfe53f72430715de),
      (3859184855763008512, 0x3fe9bf05368beba6),
      (3536039481876, 0xbfec06f20f7d093b),
      (6382516541, 0xbfe7e0f4727c53da),
      (3985348165029, 0xbfded4b3f787d682),
      (55058, 0xbfeffeae2c72eea2),
      (195880715, 0x3fd3401acf7b22a9),
      (646, 0xbfed70a8e5f36137),
    ] as [(UInt64, UInt64)])
  func sine(argument: UInt64, bits: UInt64) {
    #expect(X87.sine(ofWhole: argument).bitPattern == bits)
  }

  @Test("is the sine for small arguments, and leaves large ones alone")
  func range() {
    #expect(X87.sine(ofWhole: 0) == 0)
    #expect(X87.sine(ofWhole: 1) == 0.8414709848078965)
    #expect(X87.sine(ofWhole: 1 << 63) == 0x1p63)
  }
}
