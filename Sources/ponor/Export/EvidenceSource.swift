import Evidence
import EvidenceStore
import Settings

/// The newest records of the evidence in data_dir, as delivery sends them.
struct EvidenceSource {
  let configuration: ConfigurationOption

  /// Gives the records of days that touch an interval, the earliest day first.
  ///
  /// The read is put on record before the first is given.
  func forEach(
    since: Int64?, until: Int64?, _ take: (InfectionRecord) throws -> Void
  ) throws {
    let settings = try configuration.load()
    HitAccess.waitUntilStored(settings)
    _ = try HitAccess.open(settings)
    _ = try EvidenceAccess(settings)
    let feed = StoredFeed(dataDirectory: settings.dataDirectory)
    do {
      let count = try feed.recordCount(since: since, until: until)
      guard count > 0 else { return }
      try ReadAudit(settings).note("export", count: count)
      try feed.forEachRecord(since: since, until: until) { try take($0.record) }
    } catch let failure as CommandFailure {
      throw failure
    } catch {
      throw CommandFailure.failed("\(error)")
    }
  }
}
