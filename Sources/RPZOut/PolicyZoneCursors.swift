import DNSWire
import DomainIndex
import ZoneRecords

/// Writes the records of one listed name: those at the name, then those at its wildcard.
struct RuleRecords {
  private let ttl: UInt32
  private let apex: [UInt8]
  private let withWildcard: Bool
  private var owner: [UInt8] = []
  private var rules: [PolicyZoneForm.Rule] = []
  private var position = 0

  init(_ form: PolicyZoneForm) {
    ttl = form.ttl
    apex = form.apex.wire
    withWildcard = form.coversSubdomains
    owner.reserveCapacity(Limits.nameOctets + 2)
  }

  /// Records of one name.
  static func count(_ rules: [PolicyZoneForm.Rule], _ form: PolicyZoneForm) -> Int {
    rules.count * (form.coversSubdomains ? 2 : 1)
  }

  mutating func start(_ key: [UInt8], _ rules: [PolicyZoneForm.Rule]) {
    owner.removeAll(keepingCapacity: true)
    owner += [1, 0x2A]
    guard NameKey.appendLabels(of: key, to: &owner) else {
      self.rules = []
      return
    }
    owner += apex
    self.rules = rules
    position = 0
  }

  mutating func next(_ record: inout ZoneRecord) -> Bool {
    let isWildcard = position >= rules.count
    guard position < rules.count || (withWildcard && position < 2 * rules.count) else {
      return false
    }
    let rule = rules[isWildcard ? position - rules.count : position]
    record.owner.removeAll(keepingCapacity: true)
    record.owner += isWildcard ? owner[...] : owner[2...]
    record.type = rule.type
    record.ttl = ttl
    record.rdata = rule.rdata
    position += 1
    return true
  }
}

/// All records of a version but its SOA record.
struct PolicyZoneCursor: RecordCursor {
  private let form: PolicyZoneForm
  private var names: ListedNames
  private var records: RuleRecords
  private var isAtApex = true

  init(_ version: PolicyZoneVersion) {
    form = version.form
    names = ListedNames(version)
    records = RuleRecords(version.form)
  }

  mutating func next(_ record: inout ZoneRecord) throws -> Bool {
    if isAtApex {
      isAtApex = false
      record = form.ns
      return true
    }
    while !records.next(&record) {
      guard try names.next() else { return false }
      records.start(names.key, form.rules(names.listing))
    }
    return true
  }
}

/// The records of one version that another one of the same form has not.
struct PolicyDifferenceCursor: RecordCursor {
  private var names: DifferingNames
  private var records: RuleRecords

  init(in version: PolicyZoneVersion, notIn other: PolicyZoneVersion) {
    names = DifferingNames(in: version, notIn: other)
    records = RuleRecords(version.form)
  }

  mutating func next(_ record: inout ZoneRecord) throws -> Bool {
    while !records.next(&record) {
      guard try names.next() else { return false }
      records.start(names.key, names.rules)
    }
    return true
  }
}

/// The names of which one version has records that another has not, found by walking both lists
/// side by side.
struct DifferingNames {
  private let form: PolicyZoneForm
  private var own: ListedNames
  private var other: ListedNames
  private var otherIsThere = true
  private var otherKey: [UInt8] = []
  /// The records at the name at hand that the other version lacks.
  private(set) var rules: [PolicyZoneForm.Rule] = []

  init(in version: PolicyZoneVersion, notIn other: PolicyZoneVersion) {
    form = version.form
    own = ListedNames(version)
    self.other = ListedNames(other)
  }

  var key: [UInt8] { own.key }

  mutating func next() throws(PolicyZoneError) -> Bool {
    while try own.next() {
      let key = own.key
      while otherIsThere, otherKey.isEmpty || otherKey.lexicographicallyPrecedes(key) {
        otherIsThere = try other.next()
        otherKey = other.key
      }
      let mine = form.rules(own.listing)
      guard otherIsThere, otherKey == key else {
        rules = mine
        return true
      }
      guard other.listing != own.listing else { continue }
      let theirs = form.rules(other.listing)
      rules = mine.filter { !theirs.contains($0) }
      if !rules.isEmpty { return true }
    }
    return false
  }
}
