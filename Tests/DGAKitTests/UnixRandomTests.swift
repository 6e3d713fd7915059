import DGAKit
import Testing

@Suite("What C libraries of Unix compute")
struct UnixRandomTests {
  @Test(
    "random of glibc: first four and thousandth result of the library itself",
    arguments: [
      (1, [1_804_289_383, 846_930_886, 1_681_692_777, 1_714_636_915], 1_143_565_421),
      (0, [1_804_289_383, 846_930_886, 1_681_692_777, 1_714_636_915], 1_143_565_421),
      (42, [71_876_166, 708_592_740, 1_483_128_881, 907_283_241], 896_784_309),
      (0xDEAD_BEEF, [352_217_057, 918_588_210, 499_345_174, 513_054_021], 993_976_480),
      (0x8000_0000, [1_336_741_213, 1_210_407_648, 1_447_044_896, 337_392_383], 193_932_953),
      (0xFFFF_FFFF, [254_925_627, 1_205_188_300, 366_127_624, 1_401_405_153], 1_892_540_048),
    ] as [(UInt32, [UInt32], UInt32)])
  func glibc(seed: UInt32, first: [UInt32], thousandth: UInt32) {
    var random = GlibcRandom(seed: seed)
    #expect((0..<4).map { _ in random.next() } == first)
    for _ in 4..<999 { _ = random.next() }
    #expect(random.next() == thousandth)
  }

  @Test("drand48, lrand48 and mrand48: results of the library itself")
  func drand48() {
    var random = Drand48(seed: 42)
    #expect(random.next31() == 1_598_855_263)
    #expect(random.next31() == 735_945_821)
    #expect(random.next32() == 477_107_655)
    #expect(random.nextFraction() == 0.42233895798830901)
    #expect(random.next32() == 348_369_827)
    random = Drand48(seed: 0xDEAD_BEEF)
    #expect(random.next32() == 1_536_452_767)
    #expect(random.next31() == 1_109_990_596)
    #expect(Drand48(state: .max).state == 0xFFFF_FFFF_FFFF)
  }
}
