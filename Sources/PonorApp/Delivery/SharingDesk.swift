import ControlPlane
import DNSServer
import EvidenceStore
import Foundation
import Settings
import Sharing
import Synchronization

/// Answers recipients that fetch, with the settings in force.
final class SharingDesk: Sendable {
  private struct Desk {
    let recipients: [RecipientSource]
    let delivery: Settings.Delivery
    let answers: SharingAnswers
    let problems: [String]
  }

  /// Octets of a path that an audit row keeps.
  private static let longestPath = 100

  private let desk = Mutex<Desk?>(nil)

  /// Answers; nil when nobody may fetch.
  func answer(_ request: FetchRequest, settings: Settings) async -> FetchAnswer? {
    guard settings.recipients.contains(where: { $0.taxii || $0.reports }) else { return nil }
    let answer = answers(settings).answer(
      SharedRequest(
        method: request.method, path: request.path, query: request.query,
        headers: request.headers, body: request.body))
    if let reader = answer.reader, answer.personal > 0 {
      AuditTrail(settings).note(
        AuditEntry(
          time: UTCClock.microseconds(), who: reader, via: "http",
          action: "fetched \(request.path.prefix(Self.longestPath))", count: answer.personal))
    }
    var headers = answer.headers
    headers["content-type"] = answer.type
    switch answer.body {
    case .octets(let octets):
      return FetchAnswer(status: answer.status, headers: headers, body: .octets(octets))
    case .file(let path):
      return FetchAnswer(status: answer.status, headers: headers, body: .file(path))
    }
  }

  /// Who cannot fetch although they should, one sentence each.
  func problems(_ settings: Settings) -> [String] { current(settings).problems }

  private func answers(_ settings: Settings) -> SharingAnswers { current(settings).answers }

  /// Secrets are read once per change of the settings.
  private func current(_ settings: Settings) -> Desk {
    desk.withLock { desk in
      if let desk, desk.recipients == settings.recipients, desk.delivery == settings.delivery {
        return desk
      }
      let made = Self.make(settings)
      desk = made
      return made
    }
  }

  /// Least octets of a token: nobody guesses 128 bits.
  private static let tokenOctets = 16

  private static func token(_ recipient: RecipientSource) throws(SecretReader.Problem) -> [UInt8] {
    guard let source = recipient.token else {
      throw SecretReader.Problem(description: "there is no token")
    }
    let token = Array(try SecretReader.read(source).utf8)
    guard token.count >= tokenOctets else {
      throw SecretReader.Problem(
        description: "the token in \(source) is shorter than \(tokenOctets) octets")
    }
    return token
  }

  private static func make(_ settings: Settings) -> Desk {
    var tenants: [Tenant] = []
    var problems: [String] = []
    for recipient in settings.recipients where recipient.taxii || recipient.reports {
      do throws(SecretReader.Problem) {
        tenants.append(
          Tenant(
            name: recipient.name, token: try token(recipient), hasTAXII: recipient.taxii,
            hasReports: recipient.reports))
      } catch {
        problems.append("recipient \(recipient.name) cannot fetch: \(error)")
      }
    }
    let path = "\(settings.dataDirectory)/\(TAXIIStore.fileName)"
    let reader = TAXIIReader(path: path)
    let answers = SharingAnswers(
      tenants: tenants, dataDirectory: settings.dataDirectory,
      title: "\(settings.delivery.organisation): infections seen by a resolver",
      contact: settings.delivery.contact, store: { try reader.open() })
    return Desk(
      recipients: settings.recipients, delivery: settings.delivery, answers: answers,
      problems: problems)
  }
}

/// Opens the objects of collections once they are there.
private final class TAXIIReader: Sendable {
  private let path: String
  private let store = Mutex<TAXIIStore?>(nil)

  init(path: String) { self.path = path }

  func open() throws -> TAXIIStore? {
    try store.withLock { store in
      if let store { return store }
      store = try TAXIIStore.reader(path: path)
      return store
    }
  }
}
