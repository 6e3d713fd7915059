import Delivery
import DeliveryRules
import Exporters
import Settings

/// Makes the target of one sink.
struct SinkMaking {
  let settings: Settings
  let sink: ExportSink
  let recipient: Recipient
  let now: @Sendable () -> Int64

  /// The target.
  ///
  /// Secrets are read when the sink is first used, so that one that is missing only stops this sink.
  func target() throws(DeliveryMapping.Problem) -> SinkPlan.Target {
    switch sink.kind {
    case .files: return try files()
    case .mail: return try mail()
    case .webhook, .syslog, .redis, .nats:
      let format = try format()
      return .messages(format, make: message(format))
    }
  }

  private func format() throws(DeliveryMapping.Problem) -> MessageFormat {
    let options = DeliveryMapping.options(settings, recipient)
    guard let format = MessageFormat(named: sink.format, options: options) else {
      throw unknownFormat(folders: false)
    }
    return format
  }

  private func unknownFormat(folders: Bool) -> DeliveryMapping.Problem {
    let names =
      FormatRegistry.infections.map { $0.name }
      + (folders ? FormatRegistry.folders.map { $0.name } : [])
    return DeliveryMapping.Problem(
      description: "exports: sink '\(sink.name)': there is no format '\(sink.format)' for kind "
        + "\(sink.kind.rawValue); use one of \(names.sorted().joined(separator: ", "))")
  }

  // MARK: - Documents

  private func files() throws(DeliveryMapping.Problem) -> SinkPlan.Target {
    let folder = sink.folder ?? ""
    let (tag, now) = (recipient.name, now)
    if let type = FormatRegistry.folder(sink.format) {
      let options = DeliveryMapping.options(settings, recipient)
      return .days {
        FolderSink(folder: folder, tag: tag, type: type, options: options, now: now)
      }
    }
    guard let format = try? format() else { throw unknownFormat(folders: true) }
    return .days { FileSink(folder: folder, tag: tag, format: format, now: now) }
  }

  private func mail() throws(DeliveryMapping.Problem) -> SinkPlan.Target {
    let format = try format()
    let head = MailSink.Letterhead(
      from: sink.mailFrom ?? settings.delivery.contact, to: sink.mailTo,
      organisation: settings.delivery.organisation, domain: settings.delivery.domain,
      recipient: recipient.name)
    // A password never crosses a line in the clear, nor does anything where certificates are named:
    // whoever sits on the line could have a server that he plays not offer TLS.
    let isGuarded = sink.secret != nil || sink.caFile != nil
    let encryption: Transfer.Encryption = isGuarded ? .required : .offered
    let work = "\(settings.dataDirectory)/delivery"
    let (sink, now, access) = (sink, now, access)
    return .days {
      MailSink(
        try access(), encryption, head, format: format, sinkName: sink.name, workFolder: work,
        now: now)
    }
  }

  // MARK: - Messages

  private func message(
    _ format: MessageFormat
  ) -> @Sendable () throws -> any MessageSink {
    let (sink, host, access) = (sink, settings.delivery.host, access)
    return {
      let access = try access()
      switch sink.kind {
      case .syslog:
        let scheme = sink.url.map { String($0.prefix { $0 != ":" }) } ?? ""
        return SyslogSink(access, SyslogSink.Carrier(rawValue: scheme) ?? .tcp, host: host)
      case .redis:
        return RedisSink(
          access, list: sink.queue ?? "", addsType: format.type.name == Self.intelMQ)
      case .nats: return NATSSink(access, subject: sink.queue ?? "")
      case .webhook, .files, .mail:
        guard let signature = WebhookSignature(access.password ?? "") else {
          throw SendFailure.unavailable(
            "the secret is no key of Standard Webhooks: whsec_ and base64 of 24 to 64 octets, "
              + "one per line")
        }
        var posted = access
        posted.password = nil
        return WebhookSink(posted, signature: signature, mediaType: Self.mediaType(format))
      }
    }
  }

  /// The name of IntelMQ's format.
  private static let intelMQ = "intelmq"

  /// Of one message: a line of JSON is JSON.
  private static func mediaType(_ format: MessageFormat) -> String {
    let type = format.type.mediaType
    return type == "application/x-ndjson" ? "application/json" : type
  }

  private var access: @Sendable () throws -> ServerAccess {
    let (sink, timeout) = (sink, settings.delivery.timeout.inMicroseconds)
    return {
      var access = ServerAccess(url: sink.url ?? "")
      access.user = sink.user
      access.caFile = sink.caFile
      access.timeout = timeout
      do throws(SecretReader.Problem) {
        access.password = try sink.secret.map { source throws(SecretReader.Problem) in
          try SecretReader.read(source)
        }
      } catch {
        throw SendFailure.unavailable(error.description)
      }
      return access
    }
  }
}
