import Addressing

/// The attributes of one record of a detail file that matter.
struct DetailRecord {
  struct Flaw: Error { var what: String }

  /// Line of the date, 0 before the first record.
  var number = 0
  /// Whether a line was no attribute.
  var isBroken = false
  private var dateLine: Octets = []
  private var status: Octets?
  private var key: Octets?
  private var server: String?
  private var session: Octets?
  private var eventTime: Octets?
  private var received: Int64?
  private var delay: Int64?
  private var duration: Int64?
  private var interim: Int64?
  private var addresses: [AccountingEvent.Address] = []
  private var badAddress: String?

  init() {}

  init(dateLine: Octets, number: Int) {
    self.dateLine = dateLine
    self.number = number
  }

  /// Takes an attribute; `name` is lower case.
  mutating func take(_ name: String, _ value: Octets, _ keyAttribute: String) {
    if name == keyAttribute { key = key ?? value }
    switch name {
    case "acct-status-type": status = value
    case "acct-session-id": session = value
    case "nas-ip-address", "nas-ipv6-address": server = server ?? value.text
    case "nas-identifier": server = server ?? value.text
    case "event-timestamp": eventTime = value
    case "timestamp": received = value.decimal
    case "acct-delay-time": delay = value.decimal
    case "acct-session-time": duration = value.decimal
    case "acct-interim-interval": interim = value.decimal
    case "framed-ip-address": add(.ipv4, value)
    case "framed-ipv6-address": add(.ipv6, value)
    case "framed-ipv6-prefix": add(.linkPrefix, value)
    case "delegated-ipv6-prefix": add(.delegated, value)
    default: break
    }
  }

  private mutating func add(_ kind: AccountingEvent.AddressKind, _ value: Octets) {
    guard let prefix = value.prefix, prefix.address.isIPv4 == (kind == .ipv4) else {
      badAddress = shown(value)
      return
    }
    guard addresses.count < AccountingEvent.addressLimit else { return }
    addresses.append(.init(kind: kind, prefix: prefix))
  }

  /// What the record says; nil when it is about something else.
  func event() throws(Flaw) -> AccountingEvent? {
    guard !isBroken else { throw Flaw(what: "a line of the record is no 'Attribute = value'") }
    guard let status else { throw Flaw(what: "the record has no Acct-Status-Type") }
    guard let kind = Self.kind(status) else { return nil }
    guard let time else {
      throw Flaw(what: "the record has neither a readable Event-Timestamp nor a Timestamp")
    }
    guard let server else { throw Flaw(what: "the record does not name its access server") }
    if let badAddress { throw Flaw(what: "address \(badAddress) cannot be read") }
    if let key, !SubscriberKey.isValid(key) {
      throw Flaw(what: "the subscriber key is empty, too long or has control characters")
    }
    guard kind == .serverChange || session != nil else {
      throw Flaw(what: "the record has no Acct-Session-Id")
    }
    return AccountingEvent(
      kind: kind, time: time, id: .init(server: server, session: session?.text ?? ""), key: key,
      duration: seconds(duration), interim: seconds(interim), addresses: addresses)
  }

  /// Acct-Status-Type by name or number (RFC 2866 §5.1); nil for those without a session.
  private static func kind(_ status: Octets) -> AccountingEvent.Kind? {
    switch status.text.lowercased() {
    case "start", "1": .start
    case "stop", "2": .stop
    case "interim-update", "alive", "3": .interim
    case "accounting-on", "accounting-off", "7", "8": .serverChange
    default: nil
    }
  }

  /// Longest span of time believed, seconds: ten years; more would make sums overflow.
  private static let longestSeconds: Int64 = 10 * 366 * 86_400

  private func seconds(_ value: Int64?) -> Int64? {
    value.flatMap { $0 <= Self.longestSeconds ? $0 * InstantText.microseconds : nil }
  }

  // MARK: - Time

  private var time: Int64? {
    if let eventTime, let instant = instant(eventTime) { return instant }
    guard let received, received < 1 << 40 else { return nil }
    return (received - min(delay ?? 0, Self.longestSeconds)) * InstantText.microseconds
  }

  /// An Event-Timestamp: seconds, or `Nov 23 2026 13:37:00 CET`.
  private func instant(_ text: Octets) -> Int64? {
    if let instant = InstantText.parse(text) { return instant }
    let words = text.split(separator: 0x20)
    guard words.count >= 4,
      let local = Self.local(month: words[0], day: words[1], year: words[2], clock: words[3])
    else { return nil }
    // The zone's abbreviation is ambiguous; the record's date line is the same local time as Timestamp.
    guard let offset = words.count > 4 ? InstantText.zone(words[4]) ?? lineOffset : lineOffset
    else { return nil }
    return (local - offset) * InstantText.microseconds
  }

  /// Seconds east of UTC of the server's clock: its date line against Timestamp, in quarter hours.
  private var lineOffset: Int64? {
    // Mon Nov 23 13:37:00 2026
    let words = dateLine.split(separator: 0x20)
    guard let received, received < 1 << 40, words.count == 5,
      let local = Self.local(month: words[1], day: words[2], year: words[4], clock: words[3])
    else { return nil }
    let quarter: Int64 = 900
    let difference = local - received
    let offset = (difference + difference.signum() * quarter / 2) / quarter * quarter
    return abs(offset) <= 14 * 3600 ? offset : nil
  }

  private static func local(month: Octets, day: Octets, year: Octets, clock: Octets) -> Int64? {
    let parts = clock.split(separator: UInt8(ascii: ":")).map(\.decimal)
    guard parts.count == 3, let hour = parts[0], let minute = parts[1], let second = parts[2],
      let month = InstantText.month(month), let day = day.decimal, let year = year.decimal
    else { return nil }
    return InstantText.seconds(
      year: year, month: month, day: day, hour: hour, minute: minute, second: second)
  }
}
