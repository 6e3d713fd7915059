extension Settings {
  /// Which questions of type ANY get a subset of the records.
  package enum MinimalAny: String, CaseIterable, Sendable {
    /// All of them.
    case always
    /// Those over UDP.
    case udp
    /// None.
    case never
  }
}
