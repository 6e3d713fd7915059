package import DNSWire

/// One configured zone: its name and the master file it is read from.
package struct ZoneSource: Sendable, Hashable {
  /// The name of the zone's apex.
  package var name: Name
  /// The file.
  package var path: String
  /// What kind of file it is.
  package var format = Format.masterFile
  /// Told apart from what was loaded before: a copy that a transfer replaced has another number.
  package var version: UInt64 = 0
  /// Whether the zone is answered SERVFAIL whatever the file holds: it has expired.
  package var isExpired = false

  /// What a zone is read from.
  package enum Format: Sendable, Hashable {
    /// A master file (RFC 1035 §5), written by people or their tools; watched for changes.
    case masterFile
    /// The copy of a zone that is transferred. Until there is one, the zone is answered SERVFAIL.
    case records
  }

  /// Pairs a zone with its file.
  package init(name: Name, path: String, format: Format = .masterFile) {
    self.name = name
    self.path = path
    self.format = format
  }
}

/// Why a zone could not be loaded: where, what and what to do.
package struct ZoneLoadError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The zone that was being loaded.
  package let zone: Name
  /// The file at fault, which is an included one if the error stands there.
  package let file: String
  /// The line at fault, counted from 1; nil when the fault is not on one line.
  package let line: Int?
  /// What is wrong.
  package let problem: String
  /// What to do about it.
  package let advice: String

  /// Creates an error.
  package init(zone: Name, file: String, line: Int?, problem: String, advice: String) {
    self.zone = zone
    self.file = file
    self.line = line
    self.problem = problem
    self.advice = advice
  }

  /// `file:line: zone NAME: problem; advice`, on one line.
  package var description: String {
    let place = line.map { "\(file):\($0)" } ?? file
    return "\(place): zone \(zone): \(problem); \(advice)"
  }
}

/// What is wrong at one place of a master file, before the zone and file are known.
struct MasterFileFault: Error, Equatable {
  var line: Int?
  var problem: String
  var advice: String
}
