import CLDNS
import Glibc

// libldns reads a message: every pointer it gives out is freed here, and only text leaves.

/// What libldns makes of a message.
struct LDNSMessage: Equatable {
  /// Answer, authority and additional records in presentation format, without OPT.
  let sections: [[String]]

  /// Reads a message; nil if libldns refuses it.
  init?(_ octets: [UInt8]) {
    var packet: UnsafeMutablePointer<ldns_pkt>?
    let status = octets.withUnsafeBufferPointer {
      ldns_wire2pkt(&packet, $0.baseAddress, $0.count)
    }
    guard status == LDNS_STATUS_OK, let packet else { return nil }
    defer { ldns_pkt_free(packet) }
    sections = [
      ldns_pkt_answer(packet), ldns_pkt_authority(packet), ldns_pkt_additional(packet),
    ].map { Self.texts($0) }
  }

  private static func texts(_ list: UnsafeMutablePointer<ldns_rr_list>?) -> [String] {
    guard let list else { return [] }
    return (0..<ldns_rr_list_rr_count(list)).map { index in
      let record = ldns_rr_list_rr(list, index)
      guard let text = ldns_rr2str(record) else { return "" }
      defer { free(text) }
      let whole = String(cString: text)
      guard ldns_rr_get_type(record) == LDNS_RR_TYPE_DNSKEY else { return whole }
      // Behind a key stands a comment with its tag and size.
      return whole.split(separator: " ;{").first.map { String($0) } ?? whole
    }
  }

  /// Reads a record from text and gives its uncompressed wire form; nil if libldns refuses it.
  static func wire(ofRecord text: String) -> [UInt8]? {
    var record: UnsafeMutablePointer<ldns_rr>?
    guard ldns_rr_new_frm_str(&record, text, 0, nil, nil) == LDNS_STATUS_OK, let record else {
      return nil
    }
    defer { ldns_rr_free(record) }
    var start: UnsafeMutablePointer<UInt8>?
    var count = 0
    guard
      ldns_rr2wire(&start, record, Int32(LDNS_SECTION_ANSWER.rawValue), &count)
        == LDNS_STATUS_OK, let start
    else { return nil }
    defer { free(start) }
    return Array(UnsafeBufferPointer(start: start, count: count))
  }
}
