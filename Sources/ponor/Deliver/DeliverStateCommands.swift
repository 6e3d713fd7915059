import ArgumentParser
import ControlPlane
import Delivery
import Evidence
import Exporters
import Foundation
import PonorApp
import Settings

struct DeliverStatus: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Show where each sink stands; needs no running server.")

  @OptionGroup var configuration: ConfigurationOption
  @Flag(help: "One JSON object per sink.") var json = false
  @Option(help: "The file of `ponor deliver run --feed`, to count what waits in it.")
  var feed: String?

  func run() throws {
    let sinks = DeliveryOverview.sinks(try configuration.load(), feed: feed)
    guard !sinks.isEmpty else { throw CommandFailure.nothingFound }
    for sink in sinks { print(json ? try Self.line(sink) : Self.text(sink)) }
  }

  private static func line(_ sink: SinkStatus) throws -> String {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.dateEncodingStrategy = .iso8601
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(sink), as: UTF8.self)
  }

  private static func text(_ sink: SinkStatus) -> String {
    let skipped = sink.skipped.sorted { $0.key < $1.key }.map { "\($1) \($0)" }
    var text =
      "\(sink.name): \(sink.delivered) delivered, \(sink.lag) waiting, \(sink.failures) failures, "
      + "\(sink.deadLetters) dead letters"
    if !skipped.isEmpty { text += "; skipped: \(skipped.joined(separator: ", "))" }
    if let problem = sink.problem {
      text += "; \(sink.isDisabled ? "switched off" : "failing"): \(problem)"
    }
    return text
  }
}

struct DeliverDead: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dead", abstract: "List what a sink has set aside, one JSON object per line.")

  @Argument(help: "Name of the sink.") var sink: String
  @OptionGroup var configuration: ConfigurationOption

  func run() throws {
    let letters = try DeliveryFile.open(try configuration.load(), isReader: true)
      .deadLetters(of: sink)
    guard !letters.isEmpty else { throw CommandFailure.nothingFound }
    for letter in letters {
      print(
        "{\"sequence\":\(letter.sequence),\"message\":\(SafeText.json(letter.message)),"
          + "\"reason\":\(SafeText.json(letter.reason)),\"tries\":\(letter.tries),"
          + "\"at\":\(SafeText.json(UTCTime.rfc3339(microseconds: letter.at)))}")
    }
  }
}

struct DeliverRetry: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "retry",
    abstract: "Have a sink tried at once, its dead letters included, even if it was switched off.")

  @Argument(help: "Name of the sink.") var sink: String
  @OptionGroup var configuration: ConfigurationOption

  func run() throws {
    guard let count = try DeliveryFile.open(try configuration.load(), isReader: false).revive(sink)
    else { throw CommandFailure.failed("there is no sink '\(sink)' in delivery.sqlite") }
    print("\(sink): will be tried, with \(count) dead letters")
  }
}

/// Opens `delivery.sqlite`.
enum DeliveryFile {
  static func open(_ settings: Settings, isReader: Bool) throws -> DeliveryStore {
    let path = "\(settings.dataDirectory)/\(DeliveryStore.fileName)"
    do {
      guard let reader = try DeliveryStore.reader(path: path) else {
        throw CommandFailure.failed("nothing was delivered from \(settings.dataDirectory) yet")
      }
      return isReader ? reader : try DeliveryStore(path: path)
    } catch let failure as CommandFailure {
      throw failure
    } catch {
      throw CommandFailure.failed("\(path): \(error)")
    }
  }
}
