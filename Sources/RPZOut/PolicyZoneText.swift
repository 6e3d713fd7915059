import DNSWire
import DomainIndex

/// A version of a policy zone as a master file (RFC 1035 §5), made piece by piece.
package struct PolicyZoneText {
  private let coversSubdomains: Bool
  private var names: ListedNames
  /// What follows an owner, for each record of each listing.
  private let tails: [[[UInt8]]]
  private var head: [UInt8]
  private var wire: [UInt8] = []
  private var owner: [UInt8] = []

  /// Starts the text of a version.
  package init(_ version: PolicyZoneVersion) {
    let form = version.form
    coversSubdomains = form.coversSubdomains
    names = ListedNames(version)
    tails = Listing.allCases.map { form.rules($0).map { Array(" \(Self.text($0))\n".utf8) } }
    let numbers = [version.serial, form.refresh, form.retry, form.expire, form.ttl]
      .map(String.init).joined(separator: " ")
    head = Array(
      """
      $ORIGIN \(form.apex)
      $TTL \(form.ttl)
      @ SOA \(form.nameserver) \(form.contact) \(numbers)
      @ NS \(form.nameserver)

      """.utf8)
  }

  /// Appends the next piece: lines until `buffer` has at least `octets` more.
  ///
  /// - Returns: false when the text has ended; what was appended before still counts.
  package mutating func append(
    to buffer: inout [UInt8], atLeast octets: Int
  ) throws(PolicyZoneError) -> Bool {
    let enough = buffer.count + octets
    buffer += head
    head = []
    while buffer.count < enough {
      guard try names.next() else { return false }
      loadOwner()
      let tails = tails[Int(names.listing.rawValue) - 1]
      for tail in tails {
        buffer += owner
        buffer += tail
      }
      guard coversSubdomains else { continue }
      for tail in tails {
        buffer += [0x2A, 0x2E]
        buffer += owner
        buffer += tail
      }
    }
    return true
  }

  private mutating func loadOwner() {
    wire.removeAll(keepingCapacity: true)
    owner.removeAll(keepingCapacity: true)
    guard NameKey.appendLabels(of: names.key, to: &wire) else { return }
    var position = 0
    while position < wire.count {
      if position > 0 { owner.append(0x2E) }
      let length = Int(wire[position])
      for octet in wire[position + 1..<position + 1 + length] { append(octet) }
      position += length + 1
    }
  }

  /// RFC 1035 §5.1: what is no letter, digit, hyphen or underscore is written as its number, which
  /// every reader of master files understands.
  private mutating func append(_ octet: UInt8) {
    switch octet {
    case 0x61...0x7A, 0x30...0x39, 0x2D, 0x5F: owner.append(octet)
    default:
      owner += [0x5C, 0x30 + octet / 100, 0x30 + octet / 10 % 10, 0x30 + octet % 10]
    }
  }

  private static func text(_ rule: PolicyZoneForm.Rule) -> String {
    switch rule.type {
    case .a: "A " + rule.rdata.map(String.init).joined(separator: ".")
    case .aaaa: "AAAA " + groups(rule.rdata)
    default: "CNAME \((try? Name(wire: rule.rdata))?.description ?? ".")"
    }
  }

  private static func groups(_ octets: [UInt8]) -> String {
    stride(from: 0, to: octets.count - 1, by: 2).map { index in
      String(UInt16(octets[index]) << 8 | UInt16(octets[index + 1]), radix: 16)
    }.joined(separator: ":")
  }
}
