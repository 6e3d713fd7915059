import CheckedYAML

/// A place infections are sent to.
package struct ExportSink: Hashable, Sendable {
  /// How they are sent.
  package enum Kind: String, CaseIterable, Sendable {
    /// A file per UTC day.
    case files
    /// HTTPS requests with Standard Webhooks signatures.
    case webhook
    /// RFC 5424 messages.
    case syslog
    /// A list of Redis.
    case redis
    /// NATS JetStream.
    case nats
    /// A mail per UTC day.
    case mail
  }

  /// Name in status, metrics and `ponor deliver`.
  package var name: String
  /// How they are sent.
  package var kind = Kind.files
  /// Which recipient gets them.
  package var recipient = ""
  /// Name of the format.
  package var format = "json"
  /// Where: an address of the kind.
  package var url: String?
  /// Where: a folder.
  package var folder: String?
  /// List of Redis or subject of NATS.
  package var queue: String?
  /// User at the server.
  package var user: String?
  /// Password at the server, or keys of signatures.
  package var secret: SecretSource?
  /// Certificates that are trusted instead of the system's.
  package var caFile: String?
  /// Sender of mails.
  package var mailFrom: String?
  /// Readers of mails.
  package var mailTo: [String] = []

  /// A sink of the defaults.
  package init(name: String) { self.name = name }
}

extension Settings {
  /// How infections reach others.
  package struct Delivery: Equatable, Sendable {
    /// Organisation that reports.
    package var organisation = "ponor"
    /// Its Internet domain.
    package var domain = "example.net"
    /// Mail address of its abuse desk.
    package var contact = "abuse@example.net"
    /// Name of this host in syslog messages.
    package var host = "ponor"
    /// Whether formats with fixed columns append the name asked for.
    package var withQuery = false
    /// MMDB file with autonomous systems.
    package var systemDatabase: String?
    /// MMDB file with countries and cities.
    package var placeDatabase: String?
    /// First wait after a failure.
    package var retryFirst = Duration.seconds(5)
    /// Longest wait.
    package var retryLongest = Duration.seconds(6 * 3_600)
    /// How long one message is tried.
    package var giveUp = Duration.seconds(75 * 3_600)
    /// How long a receiver may take.
    package var timeout = Duration.seconds(15)
    /// How much of the past a new sink is told.
    package var backlog = Duration.seconds(86_400)
    /// How long after its end a day is closed.
    package var settle = Duration.seconds(15 * 60)
    /// Whether everything sent is a rehearsal.
    package var test = false
  }
}

extension Settings.Delivery {
  static let section = Section(
    key: "delivery", summary: "How infections reach others: docs/delivery.md.",
    options: [
      Option(
        "delivery.organisation", \.delivery.organisation, .string(upTo: 128), .reload,
        "Organisation that reports."),
      Option(
        "delivery.domain", \.delivery.domain, .domainName, .reload, "Its Internet domain."),
      Option(
        "delivery.contact", \.delivery.contact, .mailAddress, .reload,
        "Mail address of its abuse desk."),
      Option(
        "delivery.host", \.delivery.host, .entryName, .reload,
        "Name of this host in syslog messages."),
      Option(
        "delivery.with_query", \.delivery.withQuery, .flag, .reload,
        "Append the name asked for to formats with fixed columns.",
        details: "Readers that check columns strictly refuse them."),
      Option(
        "delivery.asn_database", \.delivery.systemDatabase, .optional(.path, word: "none"),
        .reload, "MMDB file that tells the autonomous system of an address."),
      Option(
        "delivery.place_database", \.delivery.placeDatabase, .optional(.path, word: "none"),
        .reload, "MMDB file that tells country and city of an address."),
    ] + times)

  private static let times: [Option] = [
    Option(
      "delivery.retry_first", \.delivery.retryFirst,
      .duration(.milliseconds(10)...(.seconds(3_600))),
      .reload, "Wait after the first failure; it doubles with each further one."),
    Option(
      "delivery.retry_longest", \.delivery.retryLongest,
      .duration(.milliseconds(10)...(.seconds(86_400))), .reload, "Longest wait between two tries."),
    Option(
      "delivery.give_up", \.delivery.giveUp, .duration(.seconds(1)...(.seconds(30 * 86_400))),
      .reload, "How long one message is tried before it becomes a dead letter."),
    Option(
      "delivery.timeout", \.delivery.timeout, .duration(.milliseconds(100)...(.seconds(600))),
      .reload, "How long a receiver may take for one message."),
    Option(
      "delivery.backlog", \.delivery.backlog, .duration(.zero...(.seconds(3_650 * 86_400))),
      .reload, "How much of the past a new sink is told."),
    Option(
      "delivery.settle", \.delivery.settle, .duration(.zero...(.seconds(43_200))), .reload,
      "How long after its end a UTC day is closed: its file or mail then goes out."),
    Option(
      "delivery.test", \.delivery.test, .flag, .reload,
      "Mark everything that is sent as a rehearsal."),
  ]
}

extension ExportSink {
  /// Most sinks: each has a thread.
  private static let limit = 200

  static let section = Section(
    key: "", summary: "",
    options: [
      Option(
        "exports", \.exports, .list(of: kind, count: 0...limit), .reload,
        "Where infections are sent: docs/delivery.md.",
        details: "Which other keys an entry takes depends on its kind.")
    ])

  private static let kind = ValueKind.record(
    "export", blank: ExportSink(name: ""), generalFields + placeFields)

  private static let generalFields: [RecordField<ExportSink>] = [
    RecordField("name", \.name, .entryName, "name of the sink"),
    RecordField("kind", \.kind, .choice, "how infections are sent"),
    RecordField("recipient", \.recipient, .entryName, "who gets them"),
    RecordField("format", \.format, .entryName, "format, see docs/exports.md", isRequired: false),
  ]

  private static let placeFields: [RecordField<ExportSink>] = [
    RecordField(
      "url", \.url, .optional(.string(upTo: 1_024), word: "none"), "where to", isRequired: false),
    RecordField(
      "folder", \.folder, .optional(.outputFolder, word: "none"), "folder of files",
      isRequired: false),
    RecordField(
      "queue", \.queue, .optional(.string(upTo: 256), word: "none"), "list or subject",
      isRequired: false),
    RecordField(
      "user", \.user, .optional(.string(upTo: 256), word: "none"), "user at the server",
      isRequired: false),
    RecordField(
      "secret", \.secret, .optional(.secretSource, word: "none"),
      "password at the server, or keys of signatures", isRequired: false),
    RecordField(
      "ca_file", \.caFile, .optional(.path, word: "none"), "certificates that are trusted",
      isRequired: false),
    RecordField(
      "mail_from", \.mailFrom, .optional(.mailAddress, word: "none"), "sender of mails",
      isRequired: false),
    RecordField(
      "mail_to", \.mailTo, .list(of: .mailAddress, count: 0...100), "readers of mails",
      isRequired: false),
  ]
}

extension ValueKind where Value == String {
  /// The path of a folder that is written: nothing that is read as an input.
  static var outputFolder: ValueKind {
    var kind = ValueKind.path
    kind.paths = nil
    return kind
  }
}

extension SettingsDecoding {
  /// Reports what no single key of recipients and sinks can see.
  mutating func checkDelivery() {
    checkRepeats("recipients", settings.recipients.map(\.name))
    checkRepeats("exports", settings.exports.map(\.name))
    let known = settings.recipients.map(\.name)
    for sink in settings.exports {
      if !known.contains(sink.recipient) {
        let advice = NearestName.find(sink.recipient, among: known).map { "did you mean '\($0)'?" }
        report(
          "exports",
          "'exports' sink '\(sink.name)': there is no recipient '\(sink.recipient)'; "
            + (advice ?? "add it to 'recipients'"))
      }
      if let problem = sink.problem {
        report("exports", "'exports' sink '\(sink.name)': \(problem)")
      } else if sink.isInTheClear {
        report(
          "exports",
          "'exports' sink '\(sink.name)' posts addresses of customers in the clear; use https://",
          severity: .warning)
      }
    }
    if known.contains("domains") {
      report("recipients", "'recipients': 'domains' is the name of a collection; take another")
    }
    for recipient in settings.recipients
    where (recipient.taxii || recipient.reports) && recipient.token == nil {
      report(
        "recipients",
        "'recipients' '\(recipient.name)' fetches over HTTP but has no token; add one")
    }
  }
}

extension ExportSink {
  /// Schemes of the addresses of each kind.
  private var schemes: [String] {
    switch kind {
    case .files: []
    case .webhook: ["https", "http"]
    case .syslog: ["udp", "tcp", "tls"]
    case .redis: ["redis"]
    case .nats: ["nats", "tls"]
    case .mail: ["smtp", "smtps"]
    }
  }

  /// Whether a webhook leaves this host without encryption.
  fileprivate var isInTheClear: Bool {
    guard kind == .webhook, let url, url.hasPrefix("http://") else { return false }
    let host = url.dropFirst(7).prefix { $0 != "/" }
    return !["127.", "[::1]", "localhost"].contains { host.hasPrefix($0) }
  }

  /// What is missing or does not belong here; nil if nothing.
  fileprivate var problem: String? {
    guard kind != .files else { return folder == nil ? "kind files needs a folder" : nil }
    guard let url else { return "kind \(kind.rawValue) needs a url (\(schemes[0])://…)" }
    guard let end = url.firstRange(of: "://"), schemes.contains(String(url[..<end.lowerBound]))
    else {
      return "'\(YAMLText.shortened(url))' must begin with "
        + schemes.map { $0 + "://" }.joined(separator: " or ")
    }
    if url[end.upperBound...].contains("@") {
      return "the url holds a user or password; write 'user' and 'secret' instead"
    }
    switch kind {
    case .webhook where secret == nil: return "kind webhook needs a secret to sign with"
    case .redis where queue == nil: return "kind redis needs a queue (the list's name)"
    case .nats where queue == nil: return "kind nats needs a queue (the subject)"
    case .mail where mailTo.isEmpty || mailFrom == nil:
      return "kind mail needs mail_from and mail_to"
    default: return nil
    }
  }
}
