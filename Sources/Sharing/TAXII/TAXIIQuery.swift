/// What a request wants of a collection (TAXII 2.1 §3.4, §5.4).
package struct TAXIIQuery: Equatable, Sendable {
  /// Which versions of an object.
  package enum Version: Equatable, Sendable {
    /// The newest.
    case last
    /// The oldest.
    case first
    /// All.
    case all
    /// The one with this text.
    case exact(String)
  }

  /// Only what was added later, microseconds since 1970.
  package var addedAfter: Int64?
  /// Row of the last object of the page before.
  package var after: Int64 = 0
  /// Most objects of a page.
  package var limit = TAXIIQuery.pageLimit
  /// Only these objects; empty = all.
  package var ids: [String] = []
  /// Only these types; empty = all.
  package var types: [String] = []
  /// Only these versions.
  package var versions: [Version] = [.last]
  /// Whether only versions of STIX are asked for that there are none of.
  package var isOfOtherSpecification = false

  /// Most objects of a page: some hundred kilobytes.
  package static let pageLimit = 500
  /// Most words of one filter.
  static let filterLimit = 100

  /// What is wrong with a query.
  package struct Problem: Error, Equatable, Sendable {
    /// One sentence.
    package let text: String
  }

  /// Everything.
  package init() {}

  /// Reads a query; parameters it does not know are passed over (TAXII 2.1 §3.4).
  package init(_ parameters: [(name: String, value: String)]) throws(Problem) {
    for (name, value) in parameters {
      switch name {
      case "added_after":
        guard let instant = TAXIITime.parse(value) else {
          throw Problem(text: "added_after is no timestamp such as 2026-11-23T06:07:08.123456Z")
        }
        addedAfter = instant
      case "limit":
        guard let number = Int(value), number > 0 else {
          throw Problem(text: "limit is no number above 0")
        }
        limit = min(number, Self.pageLimit)
      case "next":
        guard let row = Int64(value), row >= 0 else {
          throw Problem(text: "next is not from an answer of this server")
        }
        after = row
      case "match[id]": ids = try words(value, name)
      case "match[type]": types = try words(value, name)
      case "match[spec_version]":
        isOfOtherSpecification = try !words(value, name).contains("2.1")
      case "match[version]":
        versions = []
        for word in try words(value, name) { versions.append(try Self.version(word)) }
      default: break
      }
    }
  }

  private func words(_ value: String, _ name: String) throws(Problem) -> [String] {
    let words = value.split(separator: ",").map(String.init)
    guard !words.isEmpty, words.count <= Self.filterLimit, value.utf8.count < 8_192 else {
      throw Problem(text: "\(name) needs between 1 and \(Self.filterLimit) values")
    }
    return words
  }

  private static func version(_ word: String) throws(Problem) -> Version {
    switch word {
    case "last": return .last
    case "first": return .first
    case "all": return .all
    default:
      guard TAXIITime.parse(word) != nil else {
        throw Problem(text: "match[version] takes last, first, all or a timestamp")
      }
      return .exact(word)
    }
  }
}
