package import DGAKit
package import Generation
package import Settings

/// When a new index is due and which days it covers; pure, the clock is handed in.
package struct IndexSchedule: Sendable {
  private let daysBefore: Int
  private let daysAfter: Int
  private let rebuildMinutes: Int

  /// The schedule that the settings ask for.
  package init(_ settings: Settings) {
    daysBefore = settings.models.daysBefore
    daysAfter = settings.models.daysAfter
    rebuildMinutes = settings.index.rebuildAt.minutes
  }

  /// The window an index made at `now` should cover.
  ///
  /// From the time of the daily rebuild on, that is one day more: tomorrow's window as well as
  /// today's, so that midnight finds everything in place.
  package func window(at now: Instant) -> GenerationWindow {
    let day = Period.day(containing: now)
    let isEvening = now >= day.start.adding(seconds: Int64(rebuildMinutes) * 60)
    return GenerationWindow(
      around: now, daysBefore: daysBefore, daysAfter: daysAfter + (isEvening ? 1 : 0))
  }

  /// Whether an index that covers days up to `windowEnd` has to be replaced at `now`.
  package func isDue(windowEnd: Int64, at now: Instant) -> Bool {
    windowEnd < window(at: now).end.unixSeconds
  }
}
