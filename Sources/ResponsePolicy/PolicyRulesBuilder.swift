import Addressing
public import DNSWire

/// Turns the records of a policy zone into rules, one record at a time.
///
/// A record that means nothing is left out and counted by reason; the zone always loads.
public struct PolicyRulesBuilder {
  /// Most records left out that are described in words.
  private static let exampleLimit = 8
  /// Most names of all kinds: offsets in a table have 32 bits, a hundred times the largest feeds.
  public static let ruleLimit = 1 << 29

  /// Tells whether a rule must not be: it would take a name that has to stay reachable.
  ///
  /// Its parameters are the canonical name in wire form, and whether all names below it are meant.
  public typealias Guard = @Sendable (Span<UInt8>, Bool) -> Bool

  /// The name of the zone.
  public let apex: Name
  private let apexWire: [UInt8]
  private let isProtected: Guard?
  private var names: NameTable.Builder
  private var serverNames: NameTable.Builder
  private var data = LocalData.Builder()
  private var rules = PolicyRules()
  // Reused for every record.
  private var offsets: [Int] = []
  private var trigger: [UInt8] = []

  /// Starts a zone.
  ///
  /// - Parameters:
  ///   - key: the key that all zones of a `ResponsePolicy` share.
  ///   - isProtected: nil to take every rule.
  public init(apex: Name, key: SipHash.Key, isProtected: Guard?) {
    self.apex = apex
    apexWire = apex.canonical
    self.isProtected = isProtected
    names = NameTable.Builder(key: key)
    serverNames = NameTable.Builder(key: key)
  }

  // MARK: - Records

  /// Counts a record that could not even be read.
  public mutating func skip(_ reason: SkipReason, _ text: @autoclosure () -> String) {
    rules.recordCount += 1
    leaveOut(reason)
    note(reason, text)
  }

  /// Takes a record as zones and transfers have it.
  ///
  /// - Parameters:
  ///   - owner: uncompressed wire form, any letter case.
  ///   - data: uncompressed.
  public mutating func add(
    owner: Span<UInt8>, type: RRType, ttl: UInt32, data: Span<UInt8>
  ) {
    trigger.removeAll(keepingCapacity: true)
    for index in owner.indices { trigger.append(owner[index].asciiLowercased) }
    let start = trigger.count - apexWire.count
    guard start >= 0, trigger[start...].elementsEqual(apexWire), isLabelStart(start) else {
      rules.recordCount += 1
      return leaveOut(.outOfZone, type)
    }
    if start == 0 { return addApex(type, ttl, data) }
    trigger.removeSubrange(start...)
    trigger.append(0)
    addTrigger(type, ttl, data)
  }

  /// Takes a rule with an action for a name that is relative to the apex: the short way for the
  /// lines nearly all policy zones consist of.
  ///
  /// - Parameter name: wire form in lower case, with a root label at the end.
  public mutating func add(relative name: [UInt8], _ rule: PolicyRule) {
    trigger.removeAll(keepingCapacity: true)
    trigger.append(contentsOf: name)
    rules.recordCount += 1
    place(.cname, { _ in rule })
  }

  private func isLabelStart(_ offset: Int) -> Bool {
    var at = 0
    while at < offset, at < trigger.count { at += Int(trigger[at]) + 1 }
    return at == offset
  }

  private mutating func addApex(_ type: RRType, _ ttl: UInt32, _ data: Span<UInt8>) {
    rules.recordCount += 1
    switch type {
    case .soa:
      guard data.count >= 22, rules.soa.isEmpty else {
        return leaveOut(.duplicate, type)
      }
      rules.soa = data.indices.map { data[$0] }
      rules.serial = Self.word(rules.soa.dropLast(16).suffix(4))
      rules.soaTTL = min(ttl, Self.word(rules.soa.suffix(4)))
    case .ns:
      break
    case let type where Self.servesDNSSEC(type):
      leaveOut(.dnssec, type)
    default:
      // Data of the zone itself, such as a TXT record that says who made it: no rule, no fault.
      if type == .cname { leaveOut(.root, type) }
    }
  }

  private mutating func addTrigger(_ type: RRType, _ ttl: UInt32, _ data: Span<UInt8>) {
    rules.recordCount += 1
    if Self.servesDNSSEC(type) { return leaveOut(.dnssec, type) }
    if type == .dname || type == .soa || type == .ns {
      return leaveOut(.unsupportedType, type)
    }
    if type == .cname {
      switch PolicyAlias.read(data, trigger: trigger) {
      case .rule(let rule):
        return place(type) { _ in rule }
      case .unknown:
        return leaveOut(.unknownAction, type)
      case .name:
        break
      }
    }
    let octets = data.indices.map { data[$0] }
    place(type) { $0.intern(type, ttl: ttl, octets.span) }
  }

  private static func servesDNSSEC(_ type: RRType) -> Bool {
    switch type {
    case .rrsig, .nsec, .nsec3, .nsec3param, .dnskey, .ds: true
    // SIG, KEY, NXT, DLV, CDS, CDNSKEY.
    case let type: [24, 25, 30, 32769, 59, 60].contains(type.rawValue)
    }
  }

  // MARK: - Triggers

  /// Files the rule for `trigger` under the kind its last label names.
  private mutating func place(
    _ type: RRType, _ makeRule: (inout LocalData.Builder) -> PolicyRule?
  ) {
    guard findLabels() else { return leaveOut(.tooLong, type) }
    guard let last = offsets.last else { return leaveOut(.root, type) }
    guard let kind = kind(ofLabelAt: last) else {
      return placeName(offsets[...], type, in: .name, makeRule)
    }
    if kind == .serverName {
      // The kind's own label is not part of the name.
      trigger.removeSubrange(last...)
      trigger.append(0)
      return placeName(offsets.dropLast(), type, in: .serverName, makeRule)
    }
    let labels = offsets.dropLast().map { at in
      Array(trigger[(at + 1)...(at + Int(trigger[at]))])
    }
    guard let prefix = TriggerPrefix.parse(labels) else {
      return leaveOut(.badPrefix, type)
    }
    guard let rule = makeRule(&data) else {
      return leaveOut(.tooMany, type)
    }
    switch kind {
    case .client: placePrefix(prefix, rule, type, \.clients)
    case .answer: placePrefix(prefix, rule, type, \.answers)
    default: placePrefix(prefix, rule, type, \.serverAddresses)
    }
  }

  private mutating func findLabels() -> Bool {
    offsets.removeAll(keepingCapacity: true)
    guard trigger.count <= Limits.nameOctets else { return false }
    var at = 0
    while at < trigger.count, trigger[at] != 0 {
      guard trigger[at] <= UInt8(Limits.labelOctets) else { return false }
      offsets.append(at)
      at += Int(trigger[at]) + 1
    }
    return at == trigger.count - 1
  }

  private func kind(ofLabelAt offset: Int) -> PolicyTrigger? {
    // All of them start with "rpz-".
    guard trigger[offset] >= 6, trigger[offset + 1] == UInt8(ascii: "r"),
      trigger[offset + 2] == UInt8(ascii: "p"), trigger[offset + 3] == UInt8(ascii: "z"),
      trigger[offset + 4] == UInt8(ascii: "-")
    else { return nil }
    let label = trigger[(offset + 1)...(offset + Int(trigger[offset]))]
    return PolicyTrigger.allCases.first { $0.label.map { label.elementsEqual($0.utf8) } ?? false }
  }

  private mutating func placeName(
    _ labels: ArraySlice<Int>, _ type: RRType, in kind: PolicyTrigger,
    _ makeRule: (inout LocalData.Builder) -> PolicyRule?
  ) {
    var labels = labels
    var isBelow = false
    if let first = labels.first, trigger[first] == 1, trigger[first + 1] == UInt8(ascii: "*") {
      isBelow = true
      labels = labels.dropFirst()
    }
    guard let first = labels.first else { return leaveOut(.root, type) }
    guard names.count + serverNames.count < Self.ruleLimit, let rule = makeRule(&data) else {
      return leaveOut(.tooMany, type)
    }
    let name = trigger
    if kind == .name, rule != .passthru, let isProtected,
      isProtected(name.span.extracting(first..<name.count), isBelow)
    {
      return leaveOut(.protected, type)
    }
    if kind == .name {
      names.add(name.span, labels: labels, rule, isBelow: isBelow)
    } else {
      serverNames.add(name.span, labels: labels, rule, isBelow: isBelow)
    }
  }

  private mutating func placePrefix(
    _ prefix: IPPrefix, _ rule: PolicyRule, _ type: RRType,
    _ table: WritableKeyPath<PolicyRules, PrefixTable>
  ) {
    guard let old = rules[keyPath: table][prefix] else {
      rules[keyPath: table][prefix] = rule
      return
    }
    switch Self.combine(old, rule, &data) {
    case .success(let both): rules[keyPath: table][prefix] = both
    case .failure(let error): leaveOut(error.reason, type)
    }
  }

  // MARK: - Two records, one rule

  private static func combine(
    _ first: PolicyRule, _ second: PolicyRule, _ data: inout LocalData.Builder
  ) -> Result<PolicyRule, LocalData.SkipError> {
    if let old = first.dataIndex, let new = second.dataIndex { return data.merge(old, new) }
    // One of them at least is an action, which is an alias (RFC 2181 §10.1).
    let isSame = first == second || (first.dataIndex == nil && second.dataIndex == nil)
    return .failure(LocalData.SkipError(reason: isSame ? .duplicate : .conflict))
  }

  /// Ends the zone.
  public consuming func finish() -> PolicyRules {
    var data = data
    var skipped = rules.skipped
    let combine = { (first: PolicyRule, second: PolicyRule) -> PolicyRule? in
      switch Self.combine(first, second, &data) {
      case .success(let both): return both
      case .failure(let error):
        skipped[error.reason] += 1
        return nil
      }
    }
    rules.names = names.finish(combine: combine)
    rules.serverNames = serverNames.finish(combine: combine)
    rules.skipped = skipped
    rules.data = data.finish()
    return rules
  }

  // MARK: - What was left out

  private mutating func leaveOut(_ reason: SkipReason) { rules.skipped[reason] += 1 }

  /// Leaves out the record at hand, whose owner stands in `trigger`.
  private mutating func leaveOut(_ reason: SkipReason, _ type: RRType) {
    leaveOut(reason)
    let owner = trigger
    note(reason) {
      let text = (try? Name(wire: owner)).map { "\($0)" } ?? "a damaged name"
      return "\(text) \(type)"
    }
  }

  private mutating func note(_ reason: SkipReason, _ text: () -> String) {
    guard rules.examples.count < Self.exampleLimit else { return }
    rules.examples.append("\(reason.word): \(text())")
  }

  private static func word(_ octets: ArraySlice<UInt8>) -> UInt32 {
    octets.reduce(0) { $0 << 8 | UInt32($1) }
  }
}

/// What the target of a CNAME in a policy zone means (draft-vixie-dnsop-dns-rpz §3).
enum PolicyAlias {
  case rule(PolicyRule)
  /// A name under a top-level domain `rpz-…` that is none of the actions.
  case unknown
  /// An alias to be given out.
  case name

  private static let actions: [(label: String, rule: PolicyRule)] = [
    ("rpz-passthru", .passthru), ("rpz-drop", .drop), ("rpz-tcp-only", .tcpOnly),
  ]

  /// Reads the target of the rule for `trigger`, both in wire form.
  static func read(_ target: Span<UInt8>, trigger: [UInt8]) -> PolicyAlias {
    if target.count == 1 { return .rule(.nxdomain) }
    if target.count == 3, target[0] == 1, target[1] == UInt8(ascii: "*") { return .rule(.nodata) }
    let first = Int(target[0])
    if first + 2 == target.count, first > 4 {
      let label = (1...first).map { target[$0].asciiLowercased }
      for action in actions where label.elementsEqual(action.label.utf8) {
        return .rule(action.rule)
      }
      if label.starts(with: "rpz-".utf8) { return .unknown }
    }
    return isItself(target, trigger) ? .rule(.passthru) : .name
  }

  /// The old form of PASSTHRU: an alias of the trigger itself, without the label of its kind.
  private static func isItself(_ target: Span<UInt8>, _ trigger: [UInt8]) -> Bool {
    var own = trigger[...]
    if let mark = lastLabel(trigger),
      trigger[mark...].starts(with: [UInt8](kindPrefix(trigger, mark)))
    {
      own = trigger[..<mark] + [0]
    }
    guard own.count == target.count else { return false }
    var index = 0
    for octet in own {
      if octet != target[index].asciiLowercased { return false }
      index += 1
    }
    return true
  }

  private static func lastLabel(_ name: [UInt8]) -> Int? {
    var at = 0
    var last: Int?
    while at < name.count, name[at] != 0 {
      last = at
      at += Int(name[at]) + 1
    }
    return last
  }

  private static func kindPrefix(_ trigger: [UInt8], _ mark: Int) -> [UInt8] {
    let labels = PolicyTrigger.allCases.compactMap(\.label)
    let found = labels.first {
      trigger[mark] == UInt8($0.utf8.count) && trigger[(mark + 1)...].starts(with: $0.utf8)
    }
    return found.map { [UInt8($0.utf8.count)] + Array($0.utf8) } ?? [255]
  }
}
