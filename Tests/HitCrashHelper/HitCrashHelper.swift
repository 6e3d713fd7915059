import Evidence
import Foundation
import HitLog

/// The process that tests kill, and the one that measures.
///
/// ```
/// hit-crash-helper hammer DIR FIRST PROGRESS   append hits FIRST, FIRST+1 … until killed
/// hit-crash-helper hold DIR                    hold the data directory's lock until killed
/// hit-crash-helper bench DIR HITS NAMES CLIENTS RATE   print cost per hit; RATE 0 = all at once
/// ```
@main
struct HitCrashHelper {
  static func main() throws {
    let arguments = CommandLine.arguments.dropFirst().map { String($0) }
    switch arguments.first {
    case "hammer" where arguments.count == 4:
      try hammer(arguments[1], first: Int(arguments[2]) ?? 0, progress: arguments[3])
    case "hold" where arguments.count == 2:
      let log = try open(arguments[1], ringBytes: 1 << 20)
      print("ready")
      fflush(nil)
      while true { sleep(1) }
      _ = log
    case "bench" where arguments.count == 6:
      try Bench(arguments.dropFirst().map { $0 }).run()
    default:
      print("usage: hit-crash-helper hammer|hold|bench …")
      exit(2)
    }
  }

  static func open(_ directory: String, ringBytes: Int) throws -> HitLog {
    var options = HitLogOptions(dataDirectory: directory, ringCount: 1)
    options.ringBytes = ringBytes
    options.drainIntervalMilliseconds = 5
    return try HitLog.open(
      options, source: NumberedSource(), now: clock,
      log: { FileHandle.standardError.write(Data("\($0.rawValue): \($1)\n".utf8)) })
  }

  static let clock: MicrosecondClock = {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
  }

  /// Appends numbered hits as fast as the ring takes them and says after each that it is in.
  private static func hammer(_ directory: String, first: Int, progress: String) throws {
    let log = try open(directory, ringBytes: 1 << 20)
    log.start()
    let file = Glibc.open(progress, O_RDWR | O_CREAT, 0o600)
    var number = first
    while true {
      let name = wireName(number)
      while !log.rings[0].append(event(number, client: 1), qname: name.span) { usleep(100) }
      number += 1
      var answered = UInt64(number)
      pwrite(file, &answered, 8, 0)
    }
  }

  static func wireName(_ number: Int) -> [UInt8] {
    let label = Array("n\(number)".utf8)
    return [UInt8(label.count)] + label + [4] + Array("test".utf8) + [0]
  }

  static func event(_ number: Int, client: UInt32) -> HitEvent {
    let address = ClientAddress(ipv4: 0x0a00_0000 + client)
    let server = ClientAddress(ipv4: 0xc000_0235)
    return HitEvent(
      timeMicroseconds: clock(), clientHigh: address.high, clientLow: address.low,
      clientPort: UInt16(truncatingIfNeeded: 1024 + number), serverHigh: server.high,
      serverLow: server.low, serverPort: 53, transport: 0, flags: 0, qtype: 1, action: 1,
      generation: 7, payload: UInt64(number), matchedOffset: 0)
  }
}

/// Says that every payload is an ordinal of one of a hundred generators.
struct NumberedSource: ProvenanceSource {
  private let provenances = (0..<100).map { number in
    Provenance(
      family: "family\(number)", variant: "", seed: "seed", kind: .model,
      validFrom: 1_700_000_000, validTo: 1_700_086_400)
  }

  func matches(generation: UInt64, payload: UInt64) -> [ProvenanceMatch] {
    let provenance = provenances[Int(payload % 100)]
    return [ProvenanceMatch(provenance: provenance, ordinal: UInt32(payload / 100))]
  }

  func place(generation: UInt64, payload: UInt64) -> ListPlace? {
    ListPlace(list: payload % 100, ordinal: UInt32(truncatingIfNeeded: payload / 100))
  }
}
