/// How urgent a record is, and what that is in other scales.
package enum Severity: String, CaseIterable, Sendable {
  /// Act now.
  case critical
  /// Act soon.
  case high
  /// Look at it.
  case medium
  /// For the record.
  case low
  /// Nothing to do.
  case info

  /// CEF's 0 to 10, with the steps of Shadowserver's `cef.json`.
  var cef: Int {
    switch self {
    case .critical: 10
    case .high: 8
    case .medium: 5
    case .low: 1
    case .info: 0
    }
  }

  /// LEEF's 1 to 10.
  var leef: Int { max(cef, 1) }

  /// OCSF's `severity_id`.
  var ocsf: Int64 {
    switch self {
    case .critical: 5
    case .high: 4
    case .medium: 3
    case .low: 2
    case .info: 1
    }
  }

  /// OCSF's caption of it.
  var ocsfName: String { self == .info ? "Informational" : rawValue.capitalizedASCII }

  /// Suricata's 1 (highest) to 4.
  var suricata: Int64 {
    switch self {
    case .critical: 1
    case .high: 2
    case .medium: 3
    case .low, .info: 4
    }
  }

  /// Severity of syslog (RFC 5424 §6.2.1): critical 2, error 3, warning 4, notice 5, information 6.
  var syslog: Int {
    switch self {
    case .critical: 2
    case .high: 3
    case .medium: 4
    case .low: 5
    case .info: 6
    }
  }
}

/// The Traffic Light Protocol, version 2 (FIRST, 2022).
package enum TrafficLight: String, CaseIterable, Sendable {
  /// May go anywhere.
  case clear
  /// May go to the community.
  case green
  /// May go to those who need it, and their customers.
  case amber
  /// May go to those who need it within the organisation.
  case amberStrict = "amber+strict"
  /// For the named recipients alone.
  case red

  /// Reads a record's word; one that is not known is the strictest.
  package init(_ text: String) { self = TrafficLight(rawValue: text.lowercased()) ?? .red }

  /// `AMBER+STRICT` and so on, without the prefix.
  package var upper: String { rawValue.uppercased() }
}

extension String {
  /// The text with its first letter in upper case, for ASCII words.
  var capitalizedASCII: String { prefix(1).uppercased() + dropFirst() }
}
