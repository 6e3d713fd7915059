import DeliveryRules
import Evidence
import Pseudonyms

/// What a recipient with pseudonyms sees of a record.
///
/// Addresses keep their networks together (`AddressPseudonyms`). Identifiers are replaced too: they
/// are made of the address without any secret, so whoever has them could try all addresses.
struct RecordPseudonyms: Sendable {
  private let pseudonyms: AddressPseudonyms

  /// Makes them with a key of the recipient's own, so that two recipients cannot compare.
  init?(key: [UInt8], recipient: String) {
    let own = MessageCode.hmacSHA256(key: key, Array("recipient \(recipient)".utf8))
    guard let pseudonyms = AddressPseudonyms(key: Array(own.prefix(AddressPseudonyms.keyLength)))
    else { return nil }
    self.pseudonyms = pseudonyms
  }

  /// The record with pseudonyms.
  func replacing(_ record: InfectionRecord) -> InfectionRecord {
    var record = record
    record.id = UUIDv5.text(pseudonyms.pseudonym(of: record.id))
    record.episode = UUIDv5.text(pseudonyms.pseudonym(of: record.episode))
    record.caseNumber = "PN-0000-000000"
    record.client.address = address(record.client.address, record.client.prefixLength)
    record.client.relay = record.client.relay.map { address($0, nil) }
    record.client.device = record.client.device.map { pseudonyms.pseudonym(of: $0) }
    record.client.city = nil
    if let key = record.subscriber?.key {
      record.subscriber?.key = pseudonyms.pseudonym(of: key)
    }
    // Sentences for people may name the client.
    record.reasons = []
    return record
  }

  private func address(_ text: String, _ prefixLength: Int?) -> String {
    guard let address = ClientAddress(text) else { return "::" }
    return "\(pseudonyms.pseudonym(of: address, prefixLength: prefixLength))"
  }
}
