import AbuseControl
import Addressing
import DNSWire
import DomainIndex
import Policy
import QueryPath
import Settings

/// Turns the views of the settings into those of the query path.
extension ViewTable {
  static func make(
    _ settings: Settings, index: DomainIndex?, lists: ClientLists, policies: PolicyZoneSet?
  ) -> ViewTable {
    var standard = standardParts(settings, index: index)
    standard.responsePolicy = policies?.stage(forView: standard.name)
    let numbers = ListenAddresses.numbers(of: settings.server.listen)
    let entries = settings.views.map { view in
      var own = parts(of: view, settings, standard, index: index, lists: lists)
      own.responsePolicy = policies?.stage(forView: view.name)
      return Entry(
        view: View(own),
        clients: view.clients,
        listeners: view.listeners.isEmpty
          ? nil : Set(view.listeners.flatMap { numbers[$0] ?? [] }))
    }
    return ViewTable(standard: View(standard), entries: entries)
  }

  /// How everybody is treated whom no view takes.
  private static func standardParts(_ settings: Settings, index: DomainIndex?) -> View.Parts {
    let allowed = NameSet(settings.policy.allowlist.compactMap { try? Name($0) })
    var parts = View.Parts(
      policy: Policy(index: index, actions: settings.actionTable, allowed: allowed),
      sinkhole: SinkholeAnswers(settings.sinkholeOptions),
      recursionAccess: AccessList(settings.access.recursion),
      sinkholeAccess: AccessList(settings.access.effectiveSinkhole),
      offersRecursion: settings.resolution.mode != .none)
    parts.recordsHits = settings.hits.enabled
    parts.deniedNames = settings.policy.observedNames
    parts.responses = settings.rateLimit.responseLimits
    parts.queries = settings.queryLimit.limit
    return parts
  }

  /// The standard parts with what the view sets.
  private static func parts(
    of view: Settings.View, _ settings: Settings, _ standard: View.Parts, index: DomainIndex?,
    lists: ClientLists
  ) -> View.Parts {
    var parts = standard
    parts.name = view.name
    parts.policy = policy(of: view, settings, index: index, lists: lists)
    parts.sinkhole = SinkholeAnswers(settings.sinkholeOptions(of: view))
    parts.offersRecursion = standard.offersRecursion && view.recursion
    parts.appliesPolicy = view.sinkhole
    parts.recordsHits = view.recordHits ?? standard.recordsHits
    parts.challenges = view.challenge
    parts.optOuts = view.optOutFiles.compactMap(lists.clients(in:))
    parts.responses = view.rateLimit(over: settings.rateLimit).responseLimits
    var queries = settings.queryLimit
    queries.queriesPerSecond = view.queriesPerSecond ?? queries.queriesPerSecond
    parts.queries = queries.limit
    return parts
  }

  private static func policy(
    of view: Settings.View, _ settings: Settings, index: DomainIndex?, lists: ClientLists
  ) -> Policy {
    var actions = settings.actionTable
    if let action = view.defaultAction { actions.standard = action.policyAction }
    actions.byName.merge(view.actions.mapValues(\.policyAction)) { $1 }
    let names =
      (settings.policy.allowlist + view.allowlist).compactMap { try? Name($0) }
      + view.allowlistFiles.flatMap(lists.names(in:))
    return Policy(index: index, actions: actions, allowed: NameSet(names))
  }
}

extension Settings {
  /// What the sinkhole answers to the clients of a view.
  fileprivate func sinkholeOptions(of view: View) -> SinkholeAnswers.Options {
    var sinkhole = sinkhole
    sinkhole.ipv4 = view.sinkholeIPv4 ?? sinkhole.ipv4
    sinkhole.ipv6 = view.sinkholeIPv6 ?? sinkhole.ipv6
    sinkhole.ttl = view.sinkholeTTL ?? sinkhole.ttl
    sinkhole.contact = view.contact ?? sinkhole.contact
    sinkhole.edeText = view.edeText ?? sinkhole.edeText
    return Self.sinkholeOptions(sinkhole)
  }
}

extension Settings.View {
  /// The limits of all others with what the view sets.
  fileprivate func rateLimit(over all: Settings.RateLimit) -> Settings.RateLimit {
    var limit = all
    limit.responsesPerSecond = responsesPerSecond ?? all.responsesPerSecond
    limit.nodataPerSecond = nodataPerSecond ?? all.nodataPerSecond
    limit.nxdomainsPerSecond = nxdomainsPerSecond ?? all.nxdomainsPerSecond
    limit.errorsPerSecond = errorsPerSecond ?? all.errorsPerSecond
    limit.allPerSecond = allPerSecond ?? all.allPerSecond
    limit.slip = slip ?? all.slip
    return limit
  }
}
