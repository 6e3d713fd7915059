import DNSWire
import Foundation
import Testing
import Zones

/// Asks Ponor and NSD the same questions about the same files.
@Suite(.serialized) struct NSDComparisonTests {
  /// How a zone is signed before both servers load it.
  enum Signing: String, CaseIterable, Sendable {
    case none
    case nsec
    case nsec3
    case optOut
  }

  @Test(
    "the same answers as NSD", .enabled(if: NSDServer.isInstalled), arguments: Signing.allCases)
  func comparison(_ signing: Signing) throws {
    let directory = try ZoneDirectory()
    let zone = GeneratedZone(name: "big.test", seed: 1, names: 420)
    var files = [ZoneFile(name: "big.test", path: try directory.write("big", zone.text))]
    if signing != .none { files[0].path = try sign(files[0], signing, directory) }
    files.append(
      ZoneFile(
        name: "cut1.big.test",
        path: try directory.write("child", ZoneFixture.head + "@ NS ns\nns A 192.0.2.21\n")))
    let sources = try files.map { ZoneSource(name: try Name($0.name), path: $0.path) }
    let (set, errors) = ZoneSet.load(sources, previous: nil)
    #expect(errors == [])
    let server = try NSDServer.start(zones: files, directory: directory)
    var comparison = Comparison(set: set, server: server, isSigned: signing != .none)
    try comparison.run(zone.questionNames())
    print("NSD comparison, \(signing): \(comparison.summary)")
    #expect(comparison.questions >= 3_000)
    #expect(comparison.differences.prefix(200).joined(separator: "\n") == "")
  }

  private func sign(
    _ file: ZoneFile, _ signing: Signing, _ directory: ZoneDirectory
  ) throws -> String {
    let keys = try (0..<2).map { index in
      let flags = index == 0 ? ["-k"] : []
      return try run(
        "ldns-keygen", flags + ["-a", "ECDSAP256SHA256", "-r", "/dev/urandom", file.name],
        directory)
    }
    var arguments = ["-i", "20260101000000", "-e", "20360101000000"]
    if signing != .nsec { arguments += ["-n", "-s", "aabbccdd", "-t", "3"] }
    if signing == .optOut { arguments += ["-p"] }
    let signed = directory.path("signed")
    arguments += ["-f", signed, file.path] + keys
    _ = try run("ldns-signzone", arguments, directory)
    if signing == .optOut { try leaveOutUnsignedDelegations(signed) }
    return signed
  }

  /// Takes away the NSEC3 records of unsigned delegations, as opt-out allows.
  ///
  /// ldns-signzone only sets the flag. The next hashes are then wrong, which no server looks at.
  private func leaveOutUnsignedDelegations(_ path: String) throws {
    let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
    func owner(_ line: Substring) -> Substring { line.prefix { $0 != "\t" } }
    func fields(_ line: Substring) -> [Substring] { line.split { $0 == "\t" || $0 == " " } }
    let unsigned = lines.filter { line in
      let fields = fields(line)
      return fields.count > 9 && fields[3] == "NSEC3" && fields[9...].elementsEqual(["NS"])
    }
    let owners = Set(unsigned.map(owner))
    #expect(!owners.isEmpty)
    let kept = lines.filter { !owners.contains(owner($0)) }
    try (kept.joined(separator: "\n") + "\n").write(
      toFile: path, atomically: true, encoding: .utf8)
  }

  private func run(
    _ tool: String, _ arguments: [String], _ directory: ZoneDirectory
  ) throws -> String {
    let output = directory.path("output")
    let process = try ChildProcess(
      "/usr/bin/" + tool, arguments, directory: directory.url, output: output)
    let status = process.awaitExit()
    try #require(status == 0)
    let data = try Data(contentsOf: URL(fileURLWithPath: output))
    return String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
  }
}

/// Both answers to many questions, and where they differ.
struct Comparison {
  let set: ZoneSet
  let server: NSDServer
  let isSigned: Bool
  private(set) var questions = 0
  private(set) var truncated = 0
  private(set) var differences: [String] = []
  /// Differences that docs/zones.md explains, by their reason.
  private(set) var accepted: [String: Int] = [:]
  private var random = SplitMix(seed: 7)

  private static let types: [RRType] = [
    .a, .aaaa, .ns, .cname, .soa, .mx, .txt, .srv, .ds, .dname, .any, .dnskey, .nsec, .nsec3,
    .rrsig, .https,
  ]
  private static let sizes = [512, 700, 1232, 4096]

  init(set: ZoneSet, server: NSDServer, isSigned: Bool) {
    self.set = set
    self.server = server
    self.isSigned = isSigned
  }

  var summary: String {
    "\(questions) questions, \(truncated) truncated, \(differences.count) differences, "
      + "accepted \(accepted.sorted { $0.key < $1.key })"
  }

  mutating func run(_ names: [String]) throws {
    for name in names {
      for _ in 0..<3 {
        let type = Self.types[random.next(0...Self.types.count - 1)]
        try compare(name, type)
      }
      try compare(name, .a)
    }
  }

  private mutating func compare(_ name: String, _ type: RRType) throws {
    let size = Self.sizes[random.next(0...3)]
    let hasEDNS = size > 512 || random.next(0...1) == 0
    let dnssecOK = hasEDNS && random.next(0...2) > 0
    let edns = hasEDNS ? Message.EDNS(udpSize: UInt16(size), dnssecOK: dnssecOK) : nil
    questions += 1
    let query = Message(
      query: try Name(name), type, id: UInt16(questions & 0xFFFF), flags: [], edns: edns)
    guard let theirs = try server.exchange(query) else {
      differences.append("\(name) \(type): NSD did not answer")
      return
    }
    let ours = try set.ask(name, type, limit: size, dnssecOK: hasEDNS ? dnssecOK : nil)
    guard let ours else {
      differences.append("\(name) \(type): no answer, NSD \(theirs.rcode)")
      return
    }
    judge("\(name) \(type) \(size) \(dnssecOK ? "DO" : "-")", type, ours, theirs)
  }

  private mutating func judge(
    _ question: String, _ type: RRType, _ ours: Reply, _ theirs: Message
  ) {
    var found: [String] = []
    if ours.message.rcode != theirs.rcode {
      found.append("rcode \(ours.message.rcode.rawValue) for \(theirs.rcode.rawValue)")
    }
    let isCut = ours.message.flags.contains(.truncated)
    let isTheirsCut = theirs.flags.contains(.truncated)
    if isCut != isTheirsCut { found.append("TC \(isCut) for \(isTheirsCut)") }
    let isAuthoritative = ours.message.flags.contains(.authoritative)
    if isAuthoritative != theirs.flags.contains(.authoritative) {
      found.append("AA \(isAuthoritative)")
    }
    if isCut, isTheirsCut {
      // What else fits beside the cut is each server's own business.
      truncated += 1
    } else if type != .any || ours.message.answers.contains(where: { $0.type == .cname }) {
      found += Self.difference("answer", ours.message.answers, theirs.answers)
      found += Self.difference("authority", ours.message.authorities, theirs.authorities)
      found += Self.missing("additional", in: ours.message.additionals, theirs.additionals)
    }
    if isSigned, let fault = DenialCheck.fault(in: ours) {
      differences.append("\(question): no proof: \(fault)")
    }
    guard !found.isEmpty else { return }
    if let reason = Self.acceptance(type, found, ours, theirs) {
      accepted[reason, default: 0] += 1
    } else {
      differences.append("\(question): " + found.joined(separator: "; "))
    }
  }

  /// Why a difference is right, nil when it is not known to be; docs/zones.md explains each.
  private static func acceptance(
    _ type: RRType, _ found: [String], _ ours: Reply, _ theirs: Message
  ) -> String? {
    let mine = ours.message
    let aliases = mine.answers.filter { $0.type == .cname || $0.type == .dname }
    if type == .nsec3, !aliases.isEmpty, theirs.answers.isEmpty { return "NSEC3 at an alias" }
    // Nothing else excuses another code, another AA flag or other answers.
    let isGrave = found.contains { difference in
      ["rcode", "AA", "answer"].contains { difference.hasPrefix($0) }
    }
    guard !isGrave else { return nil }
    if ours.answer.kind == .referral, !aliases.isEmpty, theirs.authorities.isEmpty {
      return "alias into another own zone"
    }
    if ours.answer.kind == .referral, ours.answer.truncated, !theirs.flags.contains(.truncated) {
      return "glue that does not fit"
    }
    let lacking = theirs.additionals.filter { !mine.additionals.contains($0) }
    if ours.answer.kind == .referral, !ours.answer.truncated,
      theirs.flags.contains(.truncated) || (!lacking.isEmpty && ours.octets + 11 + 16 > ours.limit)
    {
      return "address outside the delegated zone that does not fit"
    }
    let isHashed = (mine.authorities + theirs.authorities).contains { $0.type == .nsec3 }
    if isHashed, ours.answer.kind == .noData,
      mine.questions.first?.name.wire.starts(
        with: [1, UInt8(ascii: "*")]) ?? false
    {
      return "superfluous proof for a wildcard's own name"
    }
    if !isHashed, aliases.contains(where: { $0.type == .dname }) {
      return "NSEC for a name made by a DNAME"
    }
    return nil
  }

  private static func difference(
    _ section: String, _ ours: [ResourceRecord], _ theirs: [ResourceRecord]
  ) -> [String] {
    guard Set(ours) != Set(theirs) || ours.count != theirs.count else { return [] }
    let extra = ours.filter { !theirs.contains($0) }.texts.map { $0.prefix(64) }
    let lacking = theirs.filter { !ours.contains($0) }.texts.map { $0.prefix(64) }
    return ["\(section) has \(ours.count) of \(theirs.count): +\(extra) -\(lacking)"]
  }

  private static func missing(
    _ section: String, in ours: [ResourceRecord], _ theirs: [ResourceRecord]
  ) -> [String] {
    let lacking = theirs.filter { !ours.contains($0) }
    return lacking.isEmpty ? [] : ["\(section) lacks \(lacking.texts)"]
  }
}
