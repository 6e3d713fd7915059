import ArgumentParser
import Evidence
import EvidenceStore
import Exporters
import HitLog
import PonorApp
import Pseudonyms
import Settings

struct PrivacyCommands: CommandGroup {
  static let configuration = CommandConfiguration(
    commandName: "privacy",
    abstract: "Tell what is stored of somebody, erase it, and show who read what.",
    subcommands: [Report.self, Erase.self, Audit.self, Pseudonym.self])

  struct Report: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Print everything that is stored of somebody, as one JSON object.",
      discussion: """
        What the person concerned may ask for: raw hits, episodes with their scores, records for \
        others, and who read any of it.
        """)

    @OptionGroup var configuration: ConfigurationOption
    @OptionGroup var subject: SubjectArguments

    func run() throws {
      let settings = try configuration.load()
      let suspect = try subject.suspect()
      HitAccess.waitUntilStored(settings)
      let access = try EvidenceAccess(settings)
      try ReadAudit(settings).note(
        "privacy report", subject: suspect.description, count: 1)
      try AccessReport(access, of: suspect).write()
    }
  }

  struct Erase: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Erase everything that is stored of somebody.",
      discussion: """
        Hits, episodes, cases and records that were not delivered yet; also from free pages and \
        logs of the databases. Counts by family and month stay. What was delivered is with its \
        receivers. Attribution and delivery keep files of their own: see docs/privacy.md.
        """)

    @OptionGroup var configuration: ConfigurationOption
    @OptionGroup var subject: SubjectArguments

    func run() throws {
      let settings = try configuration.load()
      let suspect = try subject.suspect()
      HitAccess.waitUntilStored(settings)
      let access = try EvidenceAccess(settings)
      let counts = try EvidenceAccess.storage { () throws(HitStorageError) in
        try Erasure(
          access.database, dataDirectory: settings.dataDirectory, options: access.options.suspects
        ).erase(suspect)
      }
      try ReadAudit(settings).note(
        "privacy erase", subject: suspect.description, count: counts.hits.hits + counts.episodes)
      print(
        "erased: \(counts.hits.hits) hits, \(counts.hits.infections) aggregates, "
          + "\(counts.episodes) episodes of \(counts.suspects) suspects")
      guard counts.isLogEmpty, counts.hits.isLogEmpty else {
        throw CommandFailure.failed(
          "another program reads the database: its log still holds copies; run this again")
      }
    }
  }

  struct Audit: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Show who read what personal data, oldest first.")

    @OptionGroup var configuration: ConfigurationOption
    @Option(help: "Only what was about this client address, suspect or case's client.")
    var subject: String?
    @Option(help: "Only from this day or RFC 3339 instant on.") var since: DateArgument?
    @Option(help: "At most so many, the newest.") var limit: Int?
    @Flag(help: "One JSON object per note.") var json = false

    func run() throws {
      let settings = try configuration.load()
      let pseudonym = try subject.map { try ReadAudit(settings).pseudonym($0) }
      let database = try EvidenceAccess.open(settings)
      let entries = try EvidenceAccess.storage { () throws(HitStorageError) in
        try database.auditEntries(subject: pseudonym, since: since?.microseconds, limit: limit)
      }
      guard !entries.isEmpty else { throw CommandFailure.nothingFound }
      for entry in entries { print(json ? AuditLines.json(entry) : AuditLines.text(entry)) }
    }
  }

  struct Pseudonym: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Print the pseudonyms of addresses, which keep common prefixes.",
      discussion: """
        The key is in privacy.key of data_dir, or in the file of --key; a missing file is made. \
        Under another key everybody has another pseudonym.
        """)

    @Argument(help: "Addresses.") var addresses: [String]
    @OptionGroup var configuration: ConfigurationOption
    @Option(help: "File with the key: 32 hexadecimal digits.") var key: String?

    func run() throws {
      let settings = try configuration.load()
      let path = key ?? PseudonymKey.path(dataDirectory: settings.dataDirectory)
      do {
        guard let pseudonyms = AddressPseudonyms(key: try PseudonymKey.load(path)) else { return }
        for text in addresses {
          guard let address = ClientAddress(text) else {
            throw CommandFailure.usage("'\(SafeText.terminal(text))' is no IP address")
          }
          print(pseudonyms.pseudonym(of: address))
        }
      } catch let error as PseudonymKeyError {
        throw CommandFailure.failed(error.description)
      }
    }
  }
}

/// Whom it is about.
struct SubjectArguments: ParsableArguments {
  @Argument(help: "A client address, or the text of a suspect such as prefix:2001:db8::/56.")
  var subject: String?
  @Option(help: "The operator's key of a subscriber line instead.") var subscriber: String?

  func validate() throws {
    guard (subject == nil) != (subscriber == nil) else {
      throw ValidationError("say whom: an ADDRESS, a suspect, or --subscriber KEY")
    }
  }

  func suspect() throws -> Suspect {
    if let subscriber { return .line(subscriber) }
    let text = subject ?? ""
    if let suspect = Suspect(text) { return suspect }
    guard let address = ClientAddress(text) else {
      throw CommandFailure.usage(
        "'\(SafeText.terminal(text))' is no address and no suspect; suspects are shown by "
          + "'ponor infections explain'")
    }
    return .address(address)
  }
}

/// Notes of reads, for people and programs.
enum AuditLines {
  static func text(_ entry: AuditEntry) -> String {
    "\(UTCTime.rfc3339(microseconds: entry.time))  \(SafeText.terminal(entry.who))  "
      + "\(SafeText.terminal(entry.via))  \(SafeText.terminal(entry.action))  \(entry.count)"
      + (entry.subject.isEmpty ? "" : "  of \(entry.subject)")
  }

  static func json(_ entry: AuditEntry) -> String {
    "{\"time\":\"\(UTCTime.rfc3339(microseconds: entry.time))\","
      + "\"who\":\(SafeText.json(entry.who)),\"via\":\(SafeText.json(entry.via)),"
      + "\"action\":\(SafeText.json(entry.action)),\"subject\":\(SafeText.json(entry.subject)),"
      + "\"count\":\(entry.count)}"
  }
}
