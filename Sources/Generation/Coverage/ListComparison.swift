import CheckedYAML
package import DGAKit
import ListSources

/// Where a generator's list first differs from the reference.
package struct ListDifference: Sendable, Equatable {
  /// The ordinal at which it does, from 0; nil when that cannot be told.
  package var ordinal: Int?
  /// What the reference has there, a name as a rule.
  package var expected: String
  /// What the generator gives.
  package var got: String

  /// One line.
  package var text: String {
    (ordinal.map { "ordinal \($0): " } ?? "") + "expected \(expected), got \(got)"
  }
}

extension ReferenceList {
  /// Compares the generator's list with this one, octet by octet; nil when they are equal.
  ///
  /// A list that is not on disk is compared by its count, SHA-256, first and last name.
  package func difference(from generator: Generator) -> ListDifference? {
    let found = GeneratedList(generator, self)
    guard let file else { return difference(from: found) }
    let expected: [UInt8]
    do throws(SourceProblem) {
      expected = try GzipFile.read(file)
    } catch {
      return ListDifference(expected: "a readable list", got: error.description)
    }
    guard SHA256.hash(expected).hexadecimal == sha256 else {
      return ListDifference(
        expected: "a list with the SHA-256 of index.tsv", got: "another one in \(file)")
    }
    return expected == found.octets ? nil : Self.firstDifference(expected, found.octets)
  }

  private func difference(from found: GeneratedList) -> ListDifference? {
    guard found.count > 0 else {
      return ListDifference(ordinal: 0, expected: first, got: Self.end)
    }
    if found.first != first { return ListDifference(ordinal: 0, expected: first, got: found.first) }
    guard found.count == count else {
      return ListDifference(expected: "\(count) names", got: "\(found.count)")
    }
    if found.last != last {
      return ListDifference(ordinal: count - 1, expected: last, got: found.last)
    }
    let sum = SHA256.hash(found.octets).hexadecimal
    return sum == sha256
      ? nil : ListDifference(expected: "SHA-256 \(sha256)", got: "SHA-256 \(sum)")
  }

  private static let end = "the end of the list"

  private static func firstDifference(_ expected: [UInt8], _ found: [UInt8]) -> ListDifference {
    let equal = zip(expected, found).prefix { $0 == $1 }.count
    let ordinal = expected[..<equal].count { $0 == UInt8(ascii: "\n") }
    let start = (expected[..<equal].lastIndex(of: UInt8(ascii: "\n")) ?? -1) + 1
    return ListDifference(
      ordinal: ordinal, expected: line(expected, from: start), got: line(found, from: start))
  }

  private static func line(_ octets: [UInt8], from start: Int) -> String {
    guard start < octets.count else { return end }
    return String(decoding: octets[start...].prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
  }
}

/// The part of a generator's list that a reference list is of, each name followed by a line feed.
private struct GeneratedList {
  private(set) var octets: [UInt8] = []
  private(set) var count = 0

  init(_ generator: Generator, _ reference: ReferenceList) {
    var skipped = 0
    if reference.part == .lastNames {
      skipped = max(0, Self.length(generator, reference.instant) - reference.count)
    }
    // One name too many is enough to see that a list is too long.
    let most = reference.part == .firstNames ? reference.count : reference.count + 1
    generator.forEachName(at: reference.instant) { name, ordinal in
      guard ordinal >= skipped else { return true }
      for index in name.bytes.indices { octets.append(name.bytes[index]) }
      octets.append(UInt8(ascii: "\n"))
      count += 1
      return count < most
    }
  }

  private static func length(_ generator: Generator, _ instant: Instant) -> Int {
    var length = 0
    generator.forEachName(at: instant) { _, ordinal in
      length = ordinal + 1
      return length < NameWalk.longestList
    }
    return length
  }

  var first: String {
    String(decoding: octets.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
  }

  var last: String {
    let end = octets.dropLast()
    let start = (end.lastIndex(of: UInt8(ascii: "\n")) ?? -1) + 1
    return String(decoding: end[start...], as: UTF8.self)
  }
}
