import DNSWire
package import ResponsePolicy
import Synchronization

/// What is known of the name servers behind names, for NSDNAME and NSIP rules.
///
/// Only used while a policy zone has such rules, so its lock costs nobody else anything.
package final class ServerFactsCache: Sendable {
  private struct Entry {
    var facts: ServerFacts
    var expires: Int64
  }

  /// Names kept; when full, all are forgotten, which costs their servers being looked up again.
  private static let capacity = 1 << 16

  private let entries = Mutex<[SipHash.Value: Entry]>([:])
  private let key = SipHash.Key.random()

  /// Starts empty.
  package init() {}

  /// Stands for a name.
  func hash(_ name: borrowing NameBuffer) -> SipHash.Value {
    SipHash.hash(name.canonicalBytes, key: key)
  }

  /// What is known at `now`, unix seconds; nil when nothing is.
  func facts(_ hash: SipHash.Value, at now: Int64) -> ServerFacts? {
    entries.withLock { entries in
      guard let entry = entries[hash], entry.expires > now else { return nil }
      return entry.facts
    }
  }

  func store(_ facts: ServerFacts, for hash: SipHash.Value, until expires: Int64) {
    entries.withLock { entries in
      if entries.count >= Self.capacity { entries.removeAll(keepingCapacity: true) }
      entries[hash] = Entry(facts: facts, expires: expires)
    }
  }
}

/// The policy zones of a view, and what they need besides the query.
package final class PolicyStage: Sendable {
  /// The zones.
  package let policy: ResponsePolicy
  /// What is known of name servers.
  package let facts: ServerFactsCache

  /// Puts the stage together.
  package init(policy: ResponsePolicy, facts: ServerFactsCache) {
    self.policy = policy
    self.facts = facts
  }
}
