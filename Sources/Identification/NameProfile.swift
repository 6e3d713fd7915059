package import DGAKit

/// What the names of an algorithm look like, learnt from names it made: suffixes, lengths, octets
/// and which octet follows which.
package struct NameProfile: Sendable {
  /// How many names it was learnt from.
  package private(set) var sampleCount = 0
  /// Lengths of the names without their suffix.
  private var lengths: [Int: Int] = [:]
  /// How often each suffix (with its dot) was seen; declared ones are there from the start.
  private var suffixes: [[UInt8]: Int]
  private var letters = [Int](repeating: 0, count: Symbol.count)
  /// By the symbol before (the last row stands for the start of a name) and the symbol.
  private var pairs = [Int](repeating: 0, count: (Symbol.count + 1) * Symbol.count)

  /// An empty profile; `["*"]` declares no suffix.
  package init(declaredSuffixes: [String]) {
    suffixes = [:]
    for suffix in declaredSuffixes where suffix != "*" {
      suffixes[[UInt8(ascii: ".")] + suffix.lowercased().utf8] = 0
    }
  }

  /// How an observed name compares.
  package enum Fit: Sendable, Equatable {
    /// The algorithm can make it; its probability is 2 to the power of minus `bits`.
    case fits(bits: Double)
    /// Its suffix is none of the algorithm's.
    case otherSuffix
    /// It is shorter or longer than any the algorithm makes.
    case otherLength
    /// It has an octet the algorithm never uses.
    case otherLetter
  }
}

// MARK: - Learning

extension NameProfile {
  /// Takes in a name.
  package mutating func add(_ name: borrowing DomainBuffer) {
    var octets: [UInt8] = []
    for place in 0..<name.count { octets.append(Symbol.lowered(name[place])) }
    add(octets)
  }

  private mutating func add(_ octets: [UInt8]) {
    let (stem, suffix) = split(octets)
    sampleCount += 1
    suffixes[Array(suffix), default: 0] += 1
    lengths[stem.count, default: 0] += 1
    var before = Symbol.start
    for octet in stem {
      let symbol = Symbol.of(octet)
      letters[symbol] += 1
      pairs[before * Symbol.count + symbol] += 1
      before = symbol
    }
  }

  /// The longest known suffix and what stands before it; else the last label.
  private func split(_ octets: [UInt8]) -> (stem: ArraySlice<UInt8>, suffix: ArraySlice<UInt8>) {
    var lastDot = octets.endIndex
    // From left to right: the first dot that begins a known suffix begins the longest.
    for (place, octet) in octets.enumerated() where octet == UInt8(ascii: ".") && place > 0 {
      lastDot = place
      if suffixes[Array(octets[place...])] != nil { break }
    }
    return (octets[..<lastDot], octets[lastDot...])
  }
}

// MARK: - Comparing

extension NameProfile {
  /// Whether the algorithm can make a name (in lower case), and how likely it is to.
  package func fit(_ name: String) -> Fit {
    let (stem, suffix) = split(Array(name.utf8))
    guard let timesSeen = suffixes[Array(suffix)] else { return .otherSuffix }
    guard allowedLengths.contains(stem.count) else { return .otherLength }
    guard stem.allSatisfy({ letters[Symbol.of($0)] > 0 }) else { return .otherLetter }
    let suffixShare =
      (Double(timesSeen) + 0.5) / (Double(sampleCount) + 0.5 * Double(suffixes.count))
    let lengthShare =
      (Double(lengths[stem.count] ?? 0) + 0.5)
      / (Double(sampleCount) + 0.5 * Double(allowedLengths.count))
    return .fits(bits: -log2(suffixShare) - log2(lengthShare) + bits(of: stem))
  }

  /// The probability that a name the algorithm makes is this one.
  package func probability(_ name: String) -> Double {
    guard case .fits(let bits) = fit(name) else { return 0 }
    return exp2(-bits)
  }

  /// By the octets alone or with those before them, whichever makes the name likelier: pairs tell
  /// words, but some generators have other pairs with each seed.
  private func bits(of stem: ArraySlice<UInt8>) -> Double {
    let total = Double(letters.reduce(0, +))
    var before = Symbol.start
    var (alone, paired) = (0.0, 0.0)
    for octet in stem {
      let symbol = Symbol.of(octet)
      let row = before * Symbol.count
      let rowTotal = Double(pairs[row..<row + Symbol.count].reduce(0, +))
      let share = Double(letters[symbol]) / total
      alone -= log2(share)
      // Pairs count fully where many were seen; where few were, single octets stand in.
      paired -= log2((Double(pairs[row + symbol]) + weight * share) / (rowTotal + weight))
      before = symbol
    }
    return min(alone, paired)
  }

  /// So many pairs weigh as much as the single octets.
  private var weight: Double { 40 }

  /// The lengths seen; one more on a side where the extreme was seen so rarely that a rarer one
  /// may exist.
  package var allowedLengths: ClosedRange<Int> {
    guard let least = lengths.keys.min(), let most = lengths.keys.max() else { return 0...0 }
    let isRare: (Int) -> Bool = { lengths[$0, default: 0] < 20 && lengths.count > 3 }
    return max(1, least - (isRare(least) ? 1 : 0))...(most + (isRare(most) ? 1 : 0))
  }

  /// The octets names have before the suffix, runs shortened: `a-y0-8`.
  package var alphabet: String {
    Symbol.ranges(letters.indices.filter { letters[$0] > 0 })
  }

  /// The suffixes without their dot, the most frequent first.
  package var suffixTexts: [String] {
    suffixes.sorted { ($1.value, $0.key.count) < ($0.value, $1.key.count) }
      .map { String(decoding: $0.key.dropFirst(), as: UTF8.self) }
  }
}

// MARK: - Symbols

/// Octets told apart in a profile: letters, digits, hyphen, dot, and all others as one.
private enum Symbol {
  static let count = 39
  static let start = 39
  private static let texts =
    (0x61...0x7A).map { String(UnicodeScalar(UInt8($0))) }
    + (0...9).map { "\($0)" } + ["-", ".", "others"]

  static func of(_ octet: UInt8) -> Int {
    switch octet {
    case 0x61...0x7A: Int(octet) - 0x61
    case 0x30...0x39: Int(octet) - 0x30 + 26
    case UInt8(ascii: "-"): 36
    case UInt8(ascii: "."): 37
    default: 38
    }
  }

  static func lowered(_ octet: UInt8) -> UInt8 {
    (0x41...0x5A).contains(octet) ? octet | 0x20 : octet
  }

  /// `a-e` for runs of at least three, single symbols otherwise.
  static func ranges(_ symbols: [Int]) -> String {
    var text = ""
    var rest = symbols[...]
    while let first = rest.first {
      // A run stays within the letters or within the digits.
      let limit = first < 26 ? 25 : first < 36 ? 35 : first
      var last = first
      rest = rest.dropFirst()
      while let next = rest.first, next == last + 1, next <= limit {
        last = next
        rest = rest.dropFirst()
      }
      let middle = last - first < 2 ? "" : "-"
      text += texts[first] + (last == first ? "" : middle + texts[last])
    }
    return text
  }
}

/// Logarithm and power to base 2, by squaring: no C library in this layer, and these are estimates.
private func log2(_ value: Double) -> Double {
  guard value > 0 else { return -1_074 }
  var fraction = value.significand
  var result = Double(value.exponent)
  var bit = 0.5
  for _ in 0..<24 {
    fraction *= fraction
    if fraction >= 2 {
      fraction /= 2
      result += bit
    }
    bit /= 2
  }
  return result
}

func exp2(_ exponent: Double) -> Double {
  guard exponent > -1_000 else { return 0 }
  let whole = exponent.rounded(.down)
  var result = 1.0
  var root = 1.4142135623730951
  var rest = exponent - whole
  for _ in 0..<24 {
    rest *= 2
    if rest >= 1 {
      rest -= 1
      result *= root
    }
    root = root.squareRoot()
  }
  return result * Double(sign: .plus, exponent: Int(whole), significand: 1)
}
