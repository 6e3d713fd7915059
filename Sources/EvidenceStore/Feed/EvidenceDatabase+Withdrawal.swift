internal import Evidence
internal import HitLog

/// Taking back what was sent.
extension EvidenceDatabase {
  /// Sends for each day of an episode that what was said of it does not hold.
  ///
  /// The last record of the day is sent again, with the next revision: whoever got it knows what to
  /// undo. Days nothing was sent of are left alone.
  /// - Returns: records sent.
  func withdraw(episode: Int64, added: Int64) throws(HitStorageError) -> Int {
    let coding = RecordCoding()
    var sent = 0
    for number in try days(of: episode) {
      guard var day = try day(number, of: episode), day.revision > 0,
        let octets = try newestRecord(day: number, of: episode)
      else { continue }
      var record = try coding.decode(octets, sequence: 0)
      guard record.change != .withdrawn else { continue }
      day.revision += 1
      record.revision = day.revision
      record.change = .withdrawn
      record.gate = .recorded
      record.confidence = 0
      record.severity = RecordMaker.severity(.recorded)
      record.reasons = ["found to be no infection: what was reported before does not hold"]
      day.sentGate = .recorded
      try append(record, day: number, of: episode, added: added)
      try put(day, of: episode)
      sent += 1
    }
    return sent
  }
}
