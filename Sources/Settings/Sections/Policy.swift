extension Settings {
  /// What happens to lookups of listed names.
  package struct Policy: Equatable, Sendable {
    /// Actions by `family` or `family/variant`; the latter wins.
    package var actions: [String: FamilyAction] = [:]
    /// Action of families without one of their own.
    package var defaultAction = FamilyAction.sinkhole
    /// Names denied to each client and hour under `observe-then-sinkhole`.
    package var observedNames = 3
    /// Names that are never swallowed, nor are names below them.
    package var allowlist: [String] = []
    /// Files of such names.
    package var allowlistFiles: [String] = []

    /// The action of a family: the variant's own, else the family's own, else the default.
    package func action(family: String, variant: String = "") -> FamilyAction {
      (variant.isEmpty ? nil : actions["\(family)/\(variant)"]) ?? actions[family] ?? defaultAction
    }
  }
}

extension Settings.Policy {
  static let section = Section(
    key: "policy", summary: "What happens to lookups of listed names.",
    options: [
      Option(
        "policy.actions", \.policy.actions, .map(from: .familyName, to: .choice), .reload,
        "Actions by family or family/variant; the variant's wins over the family's.",
        details: """
          sinkhole answers the sinkhole's addresses, nxdomain answers that the name does not \
          exist, observe-then-sinkhole denies the first names a client asks for \
          (policy.observed_names) so that a bot shows how it walks its list, observe resolves \
          normally and records the hit, off leaves the family out.
          """),
      Option(
        "policy.default_action", \.policy.defaultAction, .choice, .reload,
        "Action of families that policy.actions does not name."),
      Option(
        "policy.observed_names", \.policy.observedNames, .integer(1...8, unit: "names"), .reload,
        "Names of a family that observe-then-sinkhole denies each client and hour.",
        details: "A name keeps its answer for the hour, whatever is asked about it."),
      Option(
        "policy.allowlist", \.policy.allowlist, .list(of: .domainName), .reload,
        "Names that are never swallowed, nor are names below them.",
        details: "A built-in list of names the Internet depends on is always in force too."),
      Option(
        "policy.allowlist_files", \.policy.allowlistFiles, .list(of: .path), .reload,
        "Files of such names, one per line, # starts a comment."),
    ])
}
