package import Evidence

/// Why a line is no record: which field, and what is wrong with it.
package struct RecordError: Error, Equatable, CustomStringConvertible {
  /// One line.
  package let description: String

  init(_ description: String) { self.description = SafeText.terminal(description) }
}

/// What must hold of a record that came from outside, before a format is given it.
///
/// Formats rely on it: identifiers become file names, instants become dates.
package enum RecordCheck {
  /// The last microsecond of the year 9999, the end of RFC 3339's years.
  package static let lastInstant: Int64 = 253_402_300_799_999_999
  private static let lastSecond = UInt64(lastInstant / UTCTime.microsecondsPerSecond)
  /// The longest text of a family, variant, seed and the like, in octets.
  package static let longestText = 1_024
  /// The longest name in presentation form: 253 octets, four characters each (RFC 1035 §5.1).
  package static let longestName = 4 * 253

  /// Values of `tlp`.
  package static let trafficLights = ["clear", "green", "amber", "amber+strict", "red"]
  /// Values of `severity`.
  package static let severities = ["critical", "high", "medium", "low", "info"]
  /// Values of `transport`.
  package static let transports = ["udp", "tcp", "dot", "doh"]
  /// Values of an action.
  package static let actions = ["sinkhole", "nxdomain", "observe", "colliding"]

  /// Throws what is wrong with the record, if anything is.
  package static func check(_ record: InfectionRecord) throws(RecordError) {
    try identity(record)
    try extent(record)
    try client(record.client)
    for text in [record.family, record.variant, record.seed, record.kind, record.resolver] {
      try require(text.utf8.count <= longestText, "a text is longer than \(longestText) octets")
    }
    try require(!record.family.isEmpty, "family is empty")
    try require(ClientAddress(record.serverAddress) != nil, "server.address is no IP address")
    try lookups(record.lookups)
    try require((0...1).contains(record.confidence), "confidence is not between 0 and 1")
    try require(trafficLights.contains(record.tlp), "tlp '\(record.tlp)' is not known")
    try require(severities.contains(record.severity), "severity '\(record.severity)' is not known")
    try require(record.infectedDevicesAtLeast >= 0, "infected_devices_at_least is negative")
  }

  // MARK: - Parts

  private static func identity(_ record: InfectionRecord) throws(RecordError) {
    try require(
      record.schema == InfectionRecord.schemaVersion,
      "schema \(record.schema) is not known; this version reads \(InfectionRecord.schemaVersion)")
    try require(isUUID(record.id), "id is no UUID in lower case")
    try require(isUUID(record.episode), "episode is no UUID in lower case")
    try require(record.revision >= 1, "revision is less than 1")
    try require(
      record.caseNumber.utf8.count <= 64
        && record.caseNumber.utf8.allSatisfy { (0x21...0x7e).contains($0) },
      "case is not printable or too long")
  }

  private static func extent(_ record: InfectionRecord) throws(RecordError) {
    for instant in [record.firstMicroseconds, record.lastMicroseconds] {
      try require((0...lastInstant).contains(instant), "an instant is not within 1970 to 9999")
    }
    try require(
      (0...record.firstMicroseconds).contains(record.episodeFirstMicroseconds),
      "episode_first_us is later than first_us, or negative")
    try require(
      record.lastMicroseconds >= record.firstMicroseconds, "last_us is before first_us")
    try require(
      record.day == UTCTime.day(microseconds: record.firstMicroseconds),
      "day is not the UTC day of first_us")
    try require(record.count >= 1, "count is 0")
    try require(
      (1...record.count).contains(record.distinctNames),
      "distinct_names is 0 or more than count")
  }

  private static func client(_ client: InfectionRecord.Client) throws(RecordError) {
    guard let address = client.parsedAddress else {
      throw RecordError("client.address '\(client.address)' is no IP address")
    }
    if let length = client.prefixLength {
      try require((0...(address.isIPv4 ? 32 : 128)).contains(length), "prefix_length is too long")
    }
    if let relay = client.relay {
      try require(ClientAddress(relay) != nil, "client.relay is no IP address")
    }
    try require(transports.contains(client.transport), "client.transport is not known")
    if let country = client.country {
      try require(
        country.utf8.count == 2 && country.utf8.allSatisfy { (65...90).contains($0) },
        "client.country is not two capital letters")
    }
    for text in [client.device, client.asName, client.city] {
      try require((text ?? "").utf8.count <= longestText, "a text of client is too long")
    }
  }

  private static func lookups(_ lookups: [InfectionRecord.Lookup]) throws(RecordError) {
    try require(
      (1...InfectionRecord.maximumLookups).contains(lookups.count),
      "lookups has not 1 to \(InfectionRecord.maximumLookups) elements")
    for lookup in lookups {
      try require(
        (0...lastInstant).contains(lookup.microseconds), "an instant is not within 1970 to 9999")
      for name in [lookup.qname, lookup.listedName] {
        try require(
          (1...longestName).contains(name.utf8.count)
            && name.utf8.allSatisfy { (0x21...0x7e).contains($0) },
          "a name is not in presentation form")
      }
      for instant in [lookup.validFrom, lookup.validTo] {
        try require(
          (instant ?? 0).magnitude <= lastSecond,
          "a validity is beyond the year 9999")
      }
      try require(
        (1...16).contains(lookup.qtype.utf8.count)
          && lookup.qtype.utf8.allSatisfy { (48...57).contains($0) || (65...90).contains($0) },
        "a qtype is no mnemonic")
      try require(transports.contains(lookup.transport), "a lookup's transport is not known")
      try require(actions.contains(lookup.action), "a lookup's action is not known")
    }
  }

  private static func require(_ holds: Bool, _ what: @autoclosure () -> String) throws(RecordError)
  {
    guard holds else { throw RecordError(what()) }
  }

  /// RFC 9562 §4: 8-4-4-4-12 hexadecimal digits.
  private static func isUUID(_ text: String) -> Bool {
    let octets = Array(text.utf8)
    guard octets.count == 36 else { return false }
    return octets.indices.allSatisfy { index in
      [8, 13, 18, 23].contains(index)
        ? octets[index] == UInt8(ascii: "-")
        : (48...57).contains(octets[index]) || (97...102).contains(octets[index])
    }
  }
}
