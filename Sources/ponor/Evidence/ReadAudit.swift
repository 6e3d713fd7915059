import DNSServer
import Evidence
import EvidenceStore
import Foundation
import Glibc
import HitLog
import PonorApp
import Pseudonyms
import Settings

/// Notes who reads personal data, before it is shown.
struct ReadAudit {
  let settings: Settings

  init(_ settings: Settings) { self.settings = settings }

  /// Notes a read.
  ///
  /// - Parameters:
  ///   - action: what is read, in a few words.
  ///   - subject: whom it is about; nil for many.
  ///   - count: how many records are shown.
  /// - Throws: when it cannot be noted and `privacy.audit_required` is set.
  func note(_ action: String, subject: String? = nil, count: Int) throws {
    do {
      let database = try EvidenceAccess.open(settings)
      let entry = AuditEntry(
        time: UTCClock.microseconds(), who: Self.who, via: "command", action: action,
        subject: try subject.map(pseudonym) ?? "", count: count)
      try EvidenceAccess.storage { () throws(HitStorageError) in try database.audit(entry) }
    } catch let failure as CommandFailure {
      let reason = failure.messages.joined(separator: "; ")
      guard settings.privacy.auditRequired else {
        return StandardError.write("this read is not put on record: \(reason)")
      }
      throw CommandFailure.failed(
        "nothing is shown that cannot be put on record (privacy.audit_required): \(reason)")
    }
  }

  /// Notes a read of raw hits.
  func note(
    _ action: String, subject: ClientAddress?, _ query: HitQuery, _ store: HitStore
  ) throws {
    var count = 0
    // Counted first, as the note comes before the reading.
    try EvidenceAccess.storage { () throws(HitStorageError) in
      try store.forEachHit(query) { _ in count += 1 }
    }
    guard count > 0 else { return }
    try note(action, subject: subject?.description, count: count)
  }

  /// How a subject is called in the notes: the notes must not be a list of the infected.
  func pseudonym(_ subject: String) throws -> String {
    let path = PseudonymKey.path(dataDirectory: settings.dataDirectory)
    do {
      let key = try PseudonymKey.load(path)
      return AddressPseudonyms(key: key)?.pseudonym(of: normal(subject)) ?? ""
    } catch {
      throw CommandFailure.failed(error.description)
    }
  }

  /// The text of the suspect that a client address is, so that both have one pseudonym.
  private func normal(_ subject: String) -> String {
    guard let address = ClientAddress(subject) else { return subject }
    var options = SuspectOptions()
    options.ipv6PrefixLength = settings.evidence.ipv6Prefix
    return options.suspect(client: address, origin: ClientOrigin()).description
  }

  /// The user who asks: the one behind sudo, if there is one.
  static var who: String {
    let environment = ProcessInfo.processInfo.environment
    if getuid() == 0, let caller = environment["SUDO_USER"], let uid = environment["SUDO_UID"] {
      return "uid \(uid) (\(caller.prefix(64)))"
    }
    let name = getpwuid(getuid()).map { String(cString: $0.pointee.pw_name) }
    return "uid \(getuid())" + (name.map { " (\($0))" } ?? "")
  }
}
