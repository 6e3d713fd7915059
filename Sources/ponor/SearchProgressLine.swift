import DGAKit
import Foundation
import Glibc
import Identification
import Synchronization

/// Shows on standard error how far a search is: one line that changes on a terminal, else a line
/// every few seconds.
final class SearchProgressLine: Sendable {
  private let isTerminal = isatty(2) == 1
  private let lastShown = Mutex<ContinuousClock.Instant?>(nil)

  /// Between two lines when nobody watches.
  private static let quietInterval = Duration.seconds(5)

  /// Says what is about to be done, and how long it may take.
  func begin(_ plan: SearchPlan, names: Int, threads: Int) {
    let values = plan.jobs.reduce(0) { $0 + $1.valueCount }
    StandardError.write(
      "\(plan.jobs.count) searches for \(names) names, \(Self.amount(values)) seeds to try, at most"
        + " about \(Self.time(plan.seconds(threads: threads))) on \(threads) threads")
    lastShown.withLock { $0 = ContinuousClock().now }
  }

  /// Shows the progress if it is time to.
  func show(_ progress: SearchProgress) {
    let now = ContinuousClock().now
    let isDue = lastShown.withLock { last in
      if !isTerminal, let last, last.duration(to: now) < Self.quietInterval { return false }
      last = now
      return true
    }
    guard isDue else { return }
    if isTerminal {
      FileHandle.standardError.write(Data("\r\u{1B}[K\(Self.text(progress))".utf8))
    } else {
      StandardError.write(Self.text(progress))
    }
  }

  /// Clears the line.
  func end() {
    if isTerminal { FileHandle.standardError.write(Data("\r\u{1B}[K".utf8)) }
  }

  private static func text(_ progress: SearchProgress) -> String {
    let done = Int(progress.fraction * 20)
    let bar = String(repeating: "#", count: done) + String(repeating: ".", count: max(0, 20 - done))
    let percent = String(format: "%5.1f %%", progress.fraction * 100)
    let found = progress.foundCount == 0 ? "" : ", \(progress.foundCount) found"
    return "[\(bar)] \(percent) of search \(progress.index + 1)/\(progress.jobCount)"
      + " \(progress.job.selector), \(amount(progress.valuesPerSecond)) seeds/s, at most"
      + " \(time(progress.secondsLeft)) left\(found)"
  }

  /// A number with three digits and a unit.
  static func amount(_ number: Double) -> String {
    for (unit, size) in [("G", 1e9), ("M", 1e6), ("k", 1e3)] where number >= size {
      return String(format: "%.3g %@", number / size, unit)
    }
    return String(format: "%.0f", number)
  }

  /// Seconds as a person says it.
  static func time(_ seconds: Double) -> String {
    guard seconds < 8.64e6 else { return "\(amount(seconds / 86_400)) days" }
    let whole = Int(seconds.rounded(.up))
    switch whole {
    case ..<120: return "\(whole) s"
    case ..<7_200: return "\(whole / 60) min"
    case ..<172_800: return "\(whole / 3_600) h"
    default: return "\(whole / 86_400) days"
    }
  }
}

extension SearchJob {
  /// `family` or `family/variant`.
  var selector: String {
    template.variant.isEmpty ? family : "\(family)/\(template.variant)"
  }
}
