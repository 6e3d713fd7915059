import ArgumentParser
import DNSServer
import Delivery
import Evidence
import Foundation
import PonorApp

struct Deliver: CommandGroup {
  static let configuration = CommandConfiguration(
    abstract: "Deliver infections to the sinks of the configuration.",
    discussion: """
      `ponor serve` starts `ponor deliver run` by itself when there are sinks. See docs/delivery.md.
      """,
    subcommands: [
      DeliverRun.self, DeliverTest.self, DeliverStatus.self, DeliverDead.self, DeliverRetry.self,
    ], defaultSubcommand: DeliverRun.self)
}

struct DeliverRun: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Deliver until stopped, or with --once what there is now.")

  @OptionGroup var configuration: ConfigurationOption
  @Flag(help: "Deliver what there is, then end; status 1 if something could not be sent.")
  var once = false
  @Flag(help: "With --once: also send files and mails of days that are not over.")
  var closeDays = false
  @Option(help: "Deliver the canonical JSON lines of a file in place of the evidence.")
  var feed: String?
  @Flag(help: .hidden) var child = false

  func run() throws {
    var options = DeliverCommand.Options()
    options.isOnce = once
    options.closesDays = closeDays
    options.feed = feed
    options.watchesInput = child
    let left: [String]
    do {
      left = try DeliverCommand.run(try configuration.load(), options)
    } catch let failure as CommandFailure {
      throw failure
    } catch {
      throw CommandFailure.failed("\(error)")
    }
    guard left.isEmpty else {
      throw CommandFailure.failed("not everything was sent: \(left.joined(separator: ", "))")
    }
  }
}

struct DeliverTest: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "test",
    abstract: "Send a made-up record, marked as a test, to a sink and say whether it was taken.")

  @Argument(help: "Name of the sink.") var sink: String
  @OptionGroup var configuration: ConfigurationOption

  func run() throws {
    let settings = try configuration.load()
    let now = UTCClock.microseconds()
    let problem: String?
    do {
      let plans = try DeliveryMapping.plans(settings, now: { UTCClock.microseconds() })
      guard let plan = plans.first(where: { $0.name == sink }) else {
        throw CommandFailure.usage(
          "there is no sink '\(sink)'; there are \(plans.map(\.name).joined(separator: ", "))")
      }
      problem = try SinkTrial.send(SampleRecord.make(now: now), plan, now: now)
    } catch let failure as CommandFailure {
      throw failure
    } catch {
      throw CommandFailure.failed("\(error)")
    }
    if let problem { throw CommandFailure.failed("\(sink): \(problem)") }
    print("\(sink): taken")
  }
}
