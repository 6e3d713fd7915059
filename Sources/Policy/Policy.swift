public import DNSWire
public import DomainIndex

/// What policy says about a name.
public struct Verdict: Sendable, Equatable {
  /// What is done.
  public enum Action: UInt8, Sendable {
    /// Answer with the sinkhole's addresses.
    case sinkhole = 1
    /// Answer that the name does not exist.
    case nxdomain = 2
    /// Resolve normally, but record the lookup.
    case observe = 3
    /// As `observe`, because the name collides with a benign one.
    case colliding = 4
  }

  /// What is done.
  public var action: Action
  /// The index payload that says where the name comes from.
  public var payload: UInt64
  /// Offset in the name where the listed name starts.
  public var offset: Int
  /// Whether a client's first names of the family are denied before the sinkhole answers.
  public var deniesFirst = false

  /// Makes a verdict, also of other policies than the index.
  public init(action: Action, payload: UInt64, offset: Int) {
    self.action = action
    self.payload = payload
    self.offset = offset
  }

  /// Whether the client gets an answer of ours instead of the Internet's.
  @inline(__always)
  public var isSwallowed: Bool { action == .sinkhole || action == .nxdomain }
}

/// One immutable state of policy: index × allow list × actions.
///
/// Evaluated when an answer is served, also for answers out of the cache (DESIGN §2 rule 1), so a
/// new state takes effect with the next answer. No allocation, no lock.
public final class Policy: Sendable {
  /// The index, nil when none could be opened.
  public let index: DomainIndex?
  /// Names that are never swallowed, whatever the index says.
  public let allowed: NameSet
  private let actions: [PolicyAction]
  private let families: [UInt8]

  /// Puts a policy together.
  public init(index: DomainIndex?, actions: ActionTable, allowed: NameSet) {
    self.index = index
    self.allowed = allowed
    self.actions =
      index?.generators.map { actions.action(family: $0.family, variant: $0.variant) } ?? []
    families = index?.generators.map { FamilyNumbers.number(of: $0.family) } ?? []
  }

  /// Judges a name; nil for a name that is not listed.
  public func verdict(_ name: borrowing NameBuffer) -> Verdict? {
    guard let index, let (payload, offset) = index.match(name) else { return nil }
    let action = strongestAction(payload, index)
    guard action != .off else { return nil }
    let isAllowed = allowed.covers(name)
    if isAllowed || index.isColliding(payload) {
      return Verdict(action: .colliding, payload: payload, offset: offset)
    }
    let result: Verdict.Action =
      switch action {
      case .sinkhole, .observeThenSinkhole: .sinkhole
      case .nxdomain: .nxdomain
      case .observe, .off: .observe
      }
    var verdict = Verdict(action: result, payload: payload, offset: offset)
    verdict.deniesFirst = action == .observeThenSinkhole
    return verdict
  }

  /// The number (`FamilyNumbers`) of the family a listed name is counted under: its first one.
  public func family(of verdict: Verdict) -> UInt8 {
    guard let index else { return FamilyNumbers.other }
    let generator = index.firstGenerator(of: verdict.payload)
    return generator < families.count ? families[generator] : FamilyNumbers.other
  }

  /// A name of several families is treated as its most strictly treated one.
  private func strongestAction(_ payload: UInt64, _ index: DomainIndex) -> PolicyAction {
    var strongest = PolicyAction.off
    for number in 0..<index.originCount(of: payload) {
      let generator = index.row(index.origin(of: payload, number).row).generator
      guard generator < actions.count else { continue }
      if actions[generator].rawValue > strongest.rawValue { strongest = actions[generator] }
    }
    return strongest
  }
}
