import DNSWire
package import Recursion
import Synchronization

/// Where questions that nothing else answers go; what is behind it can be replaced while serving.
package final class Recursor: Sendable {
  /// The resolvers of one set of options.
  package struct Resolvers: Sendable {
    /// For nearly everything.
    package let main: Resolver
    /// Without DNS64, for clients that set CD (RFC 6147 §5.5); nil without DNS64.
    package let plain: Resolver?
    /// Which addresses public names may not have.
    package let rebinding: RebindingGuard

    /// Puts resolvers together.
    package init(main: Resolver, plain: Resolver?, rebinding: RebindingGuard) {
      self.main = main
      self.plain = plain
      self.rebinding = rebinding
    }

    /// Stops them, waiting for questions under way up to `drain`.
    package func stop(drain: Duration) {
      main.stop(drain: drain)
      plain?.stop(drain: drain)
    }

    /// What they have done.
    package var statistics: ThreadStatistics {
      var sum = main.statistics.total
      if let plain { sum.add(plain.statistics.total) }
      return sum
    }

    fileprivate func resolver(_ qtype: RRType, checkingDisabled: Bool) -> Resolver {
      qtype == .aaaa && checkingDisabled ? plain ?? main : main
    }
  }

  /// A question on its way, beside its name.
  struct Question {
    let qtype: RRType
    let qclass: RRClass
    let nameHash: UInt64
    let checkingDisabled: Bool
  }

  /// Resolvers in force: an object, so that each question takes but one reference to all of them.
  private final class Current: Sendable {
    let resolvers: Resolvers
    let generation: Int

    init(_ resolvers: Resolvers, generation: Int) {
      self.resolvers = resolvers
      self.generation = generation
    }
  }

  private struct State {
    var current: Current
    /// What resolvers that were replaced had done until then.
    var former = ThreadStatistics()
  }

  private let state: Mutex<State>
  private let published = Atomic(0)
  /// How long questions took.
  package let latency = LatencyHistogram()

  /// Starts with `resolvers`.
  package init(_ resolvers: Resolvers) {
    state = Mutex(State(current: Current(resolvers, generation: 0)))
  }

  /// The resolvers in force.
  package var resolvers: Resolvers { current.resolvers }

  private var current: Current { state.withLock { $0.current } }

  /// What all resolvers have done since the start; what those replaced did after that is left out.
  package var statistics: ThreadStatistics {
    state.withLock { state in
      var sum = state.former
      sum.add(state.current.resolvers.statistics)
      return sum
    }
  }

  /// Changes when other resolvers are put in force.
  var generation: Int { published.load(ordering: .acquiring) }

  /// Puts others in their place; questions from now on go to those.
  ///
  /// - Returns: the former ones, still answering what they have; to be stopped by the caller.
  package func replace(with resolvers: Resolvers) -> Resolvers {
    state.withLock { state in
      let old = state.current
      state.former.add(old.resolvers.statistics)
      state.current = Current(resolvers, generation: old.generation + 1)
      published.store(state.current.generation, ordering: .releasing)
      return old.resolvers
    }
  }

  /// Which addresses public names may not have.
  var rebinding: RebindingGuard { current.resolvers.rebinding }

  /// Questions under way.
  var inFlight: Int { resolvers.main.inFlight }

  /// Asks a question; as `Resolver.submit`.
  func submit(
    _ qname: Span<UInt8>, _ question: Question, client: any RecursionClient
  ) -> Bool {
    ask { resolvers in
      resolvers.resolver(question.qtype, checkingDisabled: question.checkingDisabled).submit(
        qname: qname, qtype: question.qtype, qclass: question.qclass,
        nameHash: question.nameHash, client: client)
    }
  }

  /// Asks for an answer that is still good, from where it is not cached: the refresher if the
  /// answer at hand is not from there, else the usual thread.
  func refresh(
    _ qname: Span<UInt8>, _ question: Question, isOfRefresher: Bool, client: any RecursionClient
  ) -> Bool {
    ask { resolvers in
      let resolver = resolvers.resolver(
        question.qtype, checkingDisabled: question.checkingDisabled)
      return isOfRefresher
        ? resolver.submit(
          qname: qname, qtype: question.qtype, qclass: question.qclass,
          nameHash: question.nameHash, client: client)
        : resolver.refresh(
          qname: qname, qtype: question.qtype, qclass: question.qclass, client: client)
    }
  }

  /// Tries again if the resolvers were replaced meanwhile: the former ones may be stopping.
  private func ask(_ body: (Resolvers) -> Bool) -> Bool {
    var tried = -1
    while true {
      let now = current
      if now.generation == tried { return false }
      if body(now.resolvers) { return true }
      tried = now.generation
    }
  }
}
