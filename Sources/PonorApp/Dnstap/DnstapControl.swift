import ControlPlane
import DNSServer
import DNSWire
import Dnstap
import HitLog
import QueryPath
import ResponsePolicy
import Settings
import Synchronization

/// Sends messages as the settings say, and changes that at a reload.
final class DnstapControl: Sendable {
  private let provenance: IndexProvenance
  private let current = Mutex<DnstapSource?>(nil)
  private let made = Atomic(0)
  private let isStopped = Atomic(false)

  init(_ provenance: IndexProvenance) { self.provenance = provenance }

  /// What queries are told to with these settings; nil for nobody.
  ///
  /// What was in force stays, its connection too, unless something about it changes or it has ended
  /// because its file could not be written.
  func apply(_ settings: Settings) -> (any MessageTapSource)? {
    let options = settings.dnstapOptions
    let (old, new) = current.withLock { current -> (DnstapSource?, DnstapSource?) in
      let isKept = current?.writer.options == options && current?.writer.hasEnded != true
      // A file that was finished must not be begun again by what a stopping server still publishes.
      if isKept || isStopped.load(ordering: .relaxed) {
        return (nil, current)
      }
      let old = current
      current = options.map { options in
        let number = made.add(1, ordering: .relaxed).newValue
        let writer = DnstapWriter(options) { [provenance] hit, name in
          DnstapRules.rule(hit, name, provenance)
        }
        return DnstapSource(writer, serial: number)
      }
      current?.writer.start()
      return (old, current)
    }
    old?.writer.stop()
    return new
  }

  /// Sends what waits, and ends.
  func stop() {
    let last = current.withLock { current in
      isStopped.store(true, ordering: .relaxed)
      return current
    }
    last?.writer.stop()
  }

  /// What `ponor status` says.
  var status: DnstapStatus? {
    current.withLock { $0 }.map { source in
      let statistics = source.writer.statistics
      return DnstapStatus(sent: statistics.sent, dropped: statistics.dropped)
    }
  }

  /// Why nothing is sent.
  var problems: [String] {
    current.withLock { $0 }?.writer.statistics.problem.map { ["dnstap: \($0)"] } ?? []
  }
}

extension Settings {
  /// Where dnstap goes; nil when it is off.
  var dnstapOptions: DnstapOptions? {
    let target: DnstapOptions.Target
    if let path = dnstap.socket {
      target = .socket(path)
    } else if let endpoint = dnstap.tcp {
      target = .tcp(endpoint)
    } else if let path = dnstap.file {
      target = .file(path)
    } else {
      return nil
    }
    var options = DnstapOptions(target: target)
    options.includesOthers = dnstap.messages == .all
    options.sample = dnstap.sample
    options.identity = dnstap.identity ?? ""
    options.version = dnstap.version ?? ServerVersion.text
    options.queueBytes = Int(dnstap.queue.bytes)
    return options
  }
}

/// Makes the taps of one writer.
private final class DnstapSource: MessageTapSource {
  let writer: DnstapWriter
  let serial: Int

  init(_ writer: DnstapWriter, serial: Int) {
    self.writer = writer
    self.serial = serial
  }

  var sample: UInt64 { writer.options.includesOthers ? UInt64(max(writer.options.sample, 1)) : 0 }

  func makeTap() -> any MessageTap { DnstapTap(writer.makeRing()) }
}

/// Puts the messages of one thread into its ring.
private final class DnstapTap: MessageTap {
  private let ring: TapRing

  init(_ ring: TapRing) { self.ring = ring }

  func take(_ message: TappedMessage, name: Span<UInt8>, octets: Span<UInt8>) {
    let carrier: TapRecord.Carrier =
      switch message.client.transport {
      case .udp: .udp
      case .tcp: .tcp
      case .dot: .dot
      case .doh: .doh
      }
    var record = TapRecord(
      kind: message.isResponse ? .clientResponse : .clientQuery, carrier: carrier,
      client: message.client.remote, server: message.client.local)
    record.queryTime = message.queryTime
    record.responseTime = message.responseTime
    if let hit = message.hit {
      record.policy = TapRecord.Policy(
        action: hit.action, match: hit.match, offset: hit.offset, generation: hit.generation,
        payload: hit.payload)
    }
    ring.append(record, name: name, message: octets)
  }
}
