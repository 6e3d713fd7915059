import DeliveryRules
package import Evidence
import Exporters

/// Sends one record to a sink, past cursor and routing: to see whether the receiver takes it.
package enum SinkTrial {
  /// Sends; returns nil, or why it was not taken.
  package static func send(
    _ record: InfectionRecord, _ plan: SinkPlan, now: Int64
  ) throws -> String? {
    do {
      switch plan.target {
      case .messages(let format, let make): return try message(record, format, make(), now: now)
      case .days(let make):
        let receipt = try make().publish(DayName(day: record.day, part: trialPart)) { each in
          try each(record)
        }
        return receipt.written > 0 ? nil : receipt.skipped.keys.first ?? "nothing was written"
      }
    } catch let failure as SendFailure {
      return failure.reason
    }
  }

  /// A part no real document of a day has.
  private static let trialPart = 9_999

  private static func message(
    _ record: InfectionRecord, _ format: MessageFormat?, _ sink: any MessageSink, now: Int64
  ) -> String? {
    switch format?.message(record, now: now) ?? .text("") {
    case .skipped(let reason): return reason
    case .text(let text):
      let message = OutgoingMessage(
        id: OutgoingMessage.id(of: record), text: SyslogMessage.withoutLineEnd(text),
        eventTime: record.firstMicroseconds, sequence: 0, record: record)
      return sink.send([message], now: now).failure?.reason
    }
  }
}
