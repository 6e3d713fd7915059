import DNSServer
import Evidence
import Foundation
package import Logging
package import Settings
import Synchronization

/// The log on standard error: one readable line, or one JSON object, per event.
package struct LogOutput: LogHandler {
  package var metadata: Logger.Metadata = [:]
  private let options: Options
  /// A level of this copy alone.
  private var ownLevel: Logger.Level?

  /// What a reload may change, shared by all loggers.
  package final class Options: Sendable {
    fileprivate let values: Mutex<(level: Logger.Level, format: LogFormat)>

    /// Takes level and shape of the lines from the settings.
    package init(_ settings: Settings.Log) { values = Mutex(Self.read(settings)) }

    /// Logs as other settings say from now on.
    package func change(to settings: Settings.Log) {
      values.withLock { $0 = Self.read(settings) }
    }

    private static func read(_ settings: Settings.Log) -> (Logger.Level, LogFormat) {
      (Logger.Level(rawValue: settings.level.rawValue) ?? .info, settings.format)
    }
  }

  package var logLevel: Logger.Level {
    get { ownLevel ?? options.values.withLock { $0.level } }
    set { ownLevel = newValue }
  }

  /// A logger as the settings ask for.
  package static func logger(_ options: Options) -> Logger {
    let handler = LogOutput(options: options)
    return Logger(label: "ponor") { _ in handler }
  }

  private init(options: Options) { self.options = options }

  package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  package func log(event: LogEvent) {
    let fields = metadata.merging(event.metadata ?? [:]) { $1 }
    let time = UTCTime.rfc3339(microseconds: UTCClock.microseconds())
    let line =
      switch options.values.withLock({ $0.format }) {
      case .text: text(time, event, fields)
      case .json: json(time, event, fields)
      }
    FileHandle.standardError.write(Data((line + "\n").utf8))
  }

  private func text(_ time: String, _ event: LogEvent, _ fields: Logger.Metadata) -> String {
    let details = fields.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }.joined()
    return "\(time) \(event.level.rawValue): \(event.message)\(details)"
  }

  private func json(_ time: String, _ event: LogEvent, _ fields: Logger.Metadata) -> String {
    var object = fields.mapValues { "\($0)" }
    object["time"] = time
    object["level"] = event.level.rawValue
    object["message"] = "\(event.message)"
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return (try? encoder.encode(object)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
  }
}
