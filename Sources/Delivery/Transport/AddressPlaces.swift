import CMaxMind
package import Evidence

/// What MMDB files tell of addresses: autonomous system, country, city.
///
/// Unchecked: the files are mapped read-only and libmaxminddb's look-ups may run in parallel.
package final class AddressPlaces: @unchecked Sendable {
  private let files: [UnsafeMutableRawPointer]

  /// Why a file cannot be used.
  package struct Problem: Error, CustomStringConvertible {
    /// One sentence.
    package let description: String
  }

  /// Opens files; what several know comes from the first.
  package init(_ paths: [String]) throws(Problem) {
    var files: [UnsafeMutableRawPointer] = []
    for path in paths {
      var reason = [CChar](repeating: 0, count: 256)
      guard let file = ponor_places_open(path, &reason) else {
        for file in files { ponor_places_close(file) }
        let text = String(
          decoding: reason.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        throw Problem(description: "\(path) cannot be used as an address database: \(text)")
      }
      files.append(file)
    }
    self.files = files
  }

  deinit { for file in files { ponor_places_close(file) } }

  /// The record with what the files know; what it says already stays.
  package func enrich(_ record: InfectionRecord) -> InfectionRecord {
    guard !files.isEmpty, let address = record.client.parsedAddress else { return record }
    var place = ponor_place()
    let octets = address.octets
    for file in files.reversed() { ponor_places_find(file, octets, octets.count, &place) }
    var record = record
    if record.client.asn == nil, place.asn != 0 { record.client.asn = place.asn }
    record.client.asName = record.client.asName ?? Self.text(place.as_name)
    record.client.country = record.client.country ?? Self.text(place.country)
    record.client.city = record.client.city ?? Self.text(place.city)
    return record
  }

  private static func text<Tuple>(_ tuple: Tuple) -> String? {
    withUnsafeBytes(of: tuple) { octets in
      let text = octets.prefix { $0 != 0 }
      return text.isEmpty ? nil : String(decoding: text, as: UTF8.self)
    }
  }
}
