import DNSServer
import Evidence
import Foundation
package import Logging
package import Settings

/// The log on standard error: one readable line, or one JSON object, per event.
package struct LogOutput: LogHandler {
  package var logLevel: Logger.Level
  package var metadata: Logger.Metadata = [:]
  private let format: LogFormat

  /// A logger as the settings ask for.
  package static func logger(_ settings: Settings.Log) -> Logger {
    let level = Logger.Level(rawValue: settings.level.rawValue) ?? .info
    let handler = LogOutput(logLevel: level, format: settings.format)
    return Logger(label: "ponor") { _ in handler }
  }

  private init(logLevel: Logger.Level, format: LogFormat) {
    self.logLevel = logLevel
    self.format = format
  }

  package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  package func log(event: LogEvent) {
    let fields = metadata.merging(event.metadata ?? [:]) { $1 }
    let time = UTCTime.rfc3339(microseconds: UTCClock.microseconds())
    let line =
      switch format {
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
