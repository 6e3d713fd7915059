/// One parameter set of a family's algorithm, built in or read from a file.
public struct Seed: Sendable {
  /// The variant it belongs to; `""` for a family's only or default variant.
  public var variant: String
  /// The label, unique within family and variant.
  public var label: String
  /// What the algorithm needs, by the names the model documents.
  public var parameters: [String: SeedValue]
  /// When it was first seen in the wild, if known.
  public var firstSeen: Instant?
  /// When it was last seen in the wild, if known.
  public var lastSeen: Instant?
  /// Where it is published.
  public var reference: String
  /// The SHA-256 of a sample that uses it, 64 hexadecimal digits, if known.
  public var sampleSHA256: String?
  /// Traffic Light Protocol 2.0 label of this record.
  public var tlp: TrafficLight
  /// Whether it takes part in index builds.
  public var isActive: Bool
  /// Where the record came from.
  public var origin: Origin

  /// A seed from its fields.
  public init(
    variant: String = "", label: String, parameters: [String: SeedValue] = [:],
    firstSeen: Instant? = nil, lastSeen: Instant? = nil, reference: String = "",
    sampleSHA256: String? = nil, tlp: TrafficLight = .clear, isActive: Bool = true,
    origin: Origin = .builtIn
  ) {
    self.variant = variant
    self.label = label
    self.parameters = parameters
    self.firstSeen = firstSeen
    self.lastSeen = lastSeen
    self.reference = reference
    self.sampleSHA256 = sampleSHA256
    self.tlp = tlp
    self.isActive = isActive
    self.origin = origin
  }

  /// Where a seed record came from.
  public enum Origin: Sendable, Hashable {
    /// The model's source file.
    case builtIn
    /// A seed file, by its path, and the seed's line in it, from 1; 0 when that is not known.
    case file(String, line: Int = 0)
  }
}

extension Seed.Origin: CustomStringConvertible {
  /// `built in`, or `file:line`.
  public var description: String {
    switch self {
    case .builtIn: "built in"
    case .file(let path, let line): line > 0 ? "\(path):\(line)" : path
    }
  }
}

/// Traffic Light Protocol 2.0 labels (FIRST).
public enum TrafficLight: String, Sendable, CaseIterable {
  /// No limit on disclosure.
  case clear
  /// The community.
  case green
  /// The organisation and its clients.
  case amber
  /// The organisation only.
  case amberStrict = "amber+strict"
  /// The named recipients only.
  case red
}

/// The value of one seed parameter.
public enum SeedValue: Sendable, Hashable {
  /// A whole number.
  case integer(Int64)
  /// A text.
  case text(String)
  /// A list of texts, for example suffixes.
  case list([String])
}

extension SeedValue: ExpressibleByIntegerLiteral, ExpressibleByStringLiteral,
  ExpressibleByArrayLiteral
{
  /// A whole number.
  public init(integerLiteral value: Int64) { self = .integer(value) }
  /// A text.
  public init(stringLiteral value: String) { self = .text(value) }
  /// A list of texts.
  public init(arrayLiteral elements: String...) { self = .list(elements) }
}

// MARK: - Reading parameters

extension Seed {
  /// A whole number in a range; a text such as `0x1F` or `31` is read as one.
  ///
  /// Throws when it is missing and there is no default, is no number, or is outside the range.
  public func integer(
    _ name: String, in range: ClosedRange<Int64> = .min ... .max, default standard: Int64? = nil
  ) throws(ModelError) -> Int64 {
    guard let value = parameters[name] else {
      guard let standard else { throw missing(name) }
      return standard
    }
    guard let number = value.number else { throw invalid(name, "is not a whole number") }
    guard range.contains(number) else {
      throw invalid(name, "\(number) is outside \(range.lowerBound)...\(range.upperBound)")
    }
    return number
  }

  /// An unsigned 32-bit number, read as `integer` does.
  public func uint32(_ name: String, default standard: UInt32? = nil) throws(ModelError) -> UInt32 {
    let number = try integer(
      name, in: 0...Int64(UInt32.max), default: standard.map { Int64($0) })
    return UInt32(truncatingIfNeeded: number)
  }

  /// A text that is not empty; throws when it is missing or is none.
  public func text(_ name: String) throws(ModelError) -> String {
    guard let value = parameters[name] else { throw missing(name) }
    guard case .text(let text) = value, !text.isEmpty else {
      throw invalid(name, "is not a text")
    }
    return text
  }

  /// A list of texts with at least one entry; one text counts as a list of one.
  public func list(
    _ name: String, default standard: [String]? = nil
  ) throws(ModelError) -> [String] {
    switch parameters[name] {
    case .list(let entries) where !entries.isEmpty: return entries
    case .text(let entry) where !entry.isEmpty: return [entry]
    case nil:
      guard let standard else { throw missing(name) }
      return standard
    default: throw invalid(name, "is not a list of texts")
    }
  }

  /// How many names to give: the parameter `count`, or the model's default.
  ///
  /// At most `maximumCount`, so that a slip in a seed file cannot fill the memory.
  public func count(default standard: Int) throws(ModelError) -> Int {
    Int(try integer("count", in: 1...Seed.maximumCount, default: Int64(standard)))
  }

  /// The longest list a seed may ask for; the longest known (bazarbackdoor) has about 55,000.
  public static let maximumCount: Int64 = 1_000_000

  private func missing(_ name: String) -> ModelError {
    .missingParameter(seed: label, parameter: name)
  }

  private func invalid(_ name: String, _ problem: String) -> ModelError {
    .invalidParameter(seed: label, parameter: name, problem: problem)
  }
}

extension SeedValue {
  /// The value as a whole number, if it is one or its text is one (decimal, or `0x` and hex).
  public var number: Int64? {
    switch self {
    case .integer(let value): return value
    case .text(let text):
      guard text.hasPrefix("0x") || text.hasPrefix("0X") else { return Int64(text) }
      return Int64(text.dropFirst(2), radix: 16)
    case .list: return nil
    }
  }
}
