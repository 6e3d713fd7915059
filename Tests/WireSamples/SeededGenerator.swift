/// A random number generator whose whole run follows from one seed (SplitMix64).
package struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  /// Starts the sequence of `seed`.
  package init(seed: UInt64) { state = seed }

  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }

  /// Octets with values from `range`.
  package mutating func octets(_ count: Int, in range: ClosedRange<UInt8> = 0...255) -> [UInt8] {
    (0..<count).map { _ in UInt8.random(in: range, using: &self) }
  }

  /// True once in `denominator` times.
  package mutating func oneIn(_ denominator: Int) -> Bool {
    Int.random(in: 0..<denominator, using: &self) == 0
  }

  /// Changes up to `changes` places of `octets`: flips, inserts, removes, copies, cuts.
  package mutating func mutate(_ octets: [UInt8], changes: Int = 4) -> [UInt8] {
    var result = octets
    for _ in 0..<Int.random(in: 1...changes, using: &self) where !result.isEmpty {
      let place = Int.random(in: 0..<result.count, using: &self)
      switch Int.random(in: 0..<8, using: &self) {
      case 0: result[place] ^= 1 << UInt8.random(in: 0..<8, using: &self)
      case 1: result[place] = UInt8.random(in: 0...255, using: &self)
      case 2: result[place] = [0, 1, 63, 64, 127, 128, 192, 255].randomElement(using: &self) ?? 0
      case 3: result[place] &+= oneIn(2) ? 1 : 255
      case 4: result.insert(UInt8.random(in: 0...255, using: &self), at: place)
      case 5: result.remove(at: place)
      case 6: result.removeSubrange(place...)
      default:
        let end = min(result.count, place + Int.random(in: 1...16, using: &self))
        result.insert(contentsOf: result[place..<end], at: place)
      }
    }
    return result
  }
}
