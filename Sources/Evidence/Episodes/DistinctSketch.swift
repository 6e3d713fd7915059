/// Counts distinct names when they are too many to keep: HyperLogLog (Flajolet and others, 2007).
///
/// 256 registers of an octet; the standard error is 1.04 / √256 = 6.5 %.
package struct DistinctSketch: Equatable, Sendable {
  /// Registers: powers of two of 8 bits of the key select one.
  static let size = 256
  /// Largest rank that the other 56 bits give.
  static let maximumRank = 57

  private(set) var registers: [UInt8]

  /// An empty sketch.
  init() { registers = Array(repeating: 0, count: Self.size) }

  /// Takes stored registers; nil when they cannot be a sketch's.
  init?(registers: [UInt8]) {
    guard registers.count == Self.size, registers.allSatisfy({ $0 <= Self.maximumRank }) else {
      return nil
    }
    self.registers = registers
  }

  /// Adds a name by its key.
  mutating func add(_ key: UInt64) {
    let slot = Int(key & 0xFF)
    let rank = UInt8(min((key >> 8).leadingZeroBitCount - 8 + 1, Self.maximumRank))
    registers[slot] = max(registers[slot], rank)
  }

  /// How many distinct names were added, about.
  var estimate: UInt64 {
    let size = Double(Self.size)
    // alpha_m = 0.7213 / (1 + 1.079 / m), for m ≥ 128.
    let alpha = 0.7213 / (1 + 1.079 / size)
    let sum = registers.reduce(0.0) { $0 + Self.inversePower($1) }
    let raw = alpha * size * size / sum
    let empty = registers.count { $0 == 0 }
    // Small numbers: count the empty registers instead (linear counting).
    guard raw <= 2.5 * size, empty > 0 else { return UInt64(raw.rounded()) }
    return UInt64((size * NaturalLogarithm.of(size / Double(empty))).rounded())
  }

  private static func inversePower(_ rank: UInt8) -> Double {
    Double(sign: .plus, exponent: -Int(rank), significand: 1)
  }
}
