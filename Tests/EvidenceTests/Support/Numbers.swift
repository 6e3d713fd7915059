import WireSamples

extension SeededGenerator {
  /// A number from 0 up to, but not, 1.
  mutating func unit() -> Double { Double(next() >> 11) / Double(1 << 53) }

  /// True with the probability.
  mutating func chance(_ probability: Double) -> Bool { unit() < probability }
}
