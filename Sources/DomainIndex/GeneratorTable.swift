/// The generators section: kind, clock, then family, variant and seed, each with a 16-bit length.
enum GeneratorTable {
  static func encode(_ generators: [IndexGenerator]) -> [UInt8] {
    var octets: [UInt8] = []
    for generator in generators {
      octets.append(generator.kind.rawValue)
      octets.append(generator.clock.rawValue)
      for text in [generator.family, generator.variant, generator.seed] {
        let utf8 = Array(text.utf8.prefix(Int(UInt16.max)))
        octets.append(UInt8(truncatingIfNeeded: utf8.count))
        octets.append(UInt8(truncatingIfNeeded: utf8.count >> 8))
        octets += utf8
      }
    }
    return octets
  }

  /// Reads the section back; nil if it is not well formed.
  static func decode(_ octets: [UInt8]) -> [IndexGenerator]? {
    var generators: [IndexGenerator] = []
    var rest = octets[...]
    while let first = rest.popFirst() {
      guard let kind = IndexGenerator.Kind(rawValue: first),
        let clock = rest.popFirst().flatMap({ IndexGenerator.Clock(rawValue: $0) }),
        let family = text(&rest), let variant = text(&rest), let seed = text(&rest)
      else { return nil }
      generators.append(
        IndexGenerator(family: family, variant: variant, seed: seed, kind: kind, clock: clock))
    }
    return generators
  }

  private static func text(_ rest: inout ArraySlice<UInt8>) -> String? {
    guard let low = rest.popFirst(), let high = rest.popFirst() else { return nil }
    let length = Int(low) | Int(high) << 8
    guard rest.count >= length else { return nil }
    defer { rest = rest.dropFirst(length) }
    return String(decoding: rest.prefix(length), as: UTF8.self)
  }
}
