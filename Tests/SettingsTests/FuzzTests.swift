import Addressing
import Settings
import Testing

/// A small, repeatable generator, so that a failing input can be made again from its seed.
struct SplitMix64: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }
}

@Suite struct FuzzTests {
  @Test("random bytes never trap")
  func randomBytes() {
    var random = SplitMix64(state: 1)
    for _ in 0..<2_000 {
      let count = Int.random(in: 0..<300, using: &random)
      _ = problems((0..<count).map { _ in UInt8.random(in: 0...255, using: &random) })
    }
  }

  @Test("random YAML punctuation never traps")
  func randomPunctuation() {
    var random = SplitMix64(state: 2)
    let pieces = [
      "server", "listen", "tcp", "zones", "name", ": ", ":", "- ", "[", "]", "{", "}", ",", "\n",
      "  ", "#", "'", "\"", "|", ">", "&a", "!t ", "%", "@", "~", "127.0.0.1:53", "1", "é", "\\",
    ]
    for _ in 0..<5_000 {
      let count = Int.random(in: 0..<40, using: &random)
      _ = problems((0..<count).map { _ in pieces.randomElement(using: &random) ?? "" }.joined())
    }
  }

  @Test("mutations of a good file never trap")
  func mutations() {
    var random = SplitMix64(state: 3)
    let good = Array(everything.utf8)
    for _ in 0..<1_000 {
      var bytes = good
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        let index = bytes.indices.randomElement(using: &random) ?? 0
        switch Int.random(in: 0..<3, using: &random) {
        case 0: bytes[index] = UInt8.random(in: 0x20...0x7E, using: &random)
        case 1: bytes.remove(at: index)
        default: bytes.insert(bytes[index], at: index)
        }
      }
      _ = problems(bytes)
    }
  }
}
