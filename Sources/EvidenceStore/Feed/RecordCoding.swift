internal import Evidence
internal import HitLog

/// Records as they lie in the feed; equal records are equal octets.
struct RecordCoding {
  func encode(_ record: InfectionRecord) -> [UInt8] { record.encoded() }

  func decode(_ octets: [UInt8], sequence: Int64) throws(HitStorageError) -> InfectionRecord {
    guard let record = InfectionRecord(decoding: octets) else {
      throw HitStorageError(
        kind: .damaged, message: "record \(sequence) of the feed cannot be read")
    }
    return record
  }
}
