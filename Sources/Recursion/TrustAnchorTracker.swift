import DNSWire
import Dispatch
import Foundation
import Synchronization

/// Follows the roll-over of trust anchors (RFC 5011) with libunbound's implementation of it.
///
/// libunbound does that whenever it primes a trust anchor, and writes its state to a file that one
/// context only may use. So it is done apart from the serving contexts: for each look a context is
/// made that has the state file, asked one question, which primes it, and let go. The serving
/// contexts take the keys that the file then says are valid.
public struct TrustAnchorTracker: Sendable {
  /// Why the keys could not be looked at.
  public struct Failure: Error, CustomStringConvertible {
    /// What is shown to people.
    public let description: String
  }

  /// Seconds one look may take.
  private static let patience = 15

  private let file: String
  private var options: RecursionOptions

  /// Tracks in `file`, with the servers and network that `options` say.
  public init(file: String, options: RecursionOptions) {
    self.file = file
    var options = options
    options.threads = 1
    options.refreshes = false
    options.lateMilliseconds = nil
    options.outstandingPerThread = 1
    options.anchorStateFile = file
    options.dns64 = nil
    self.options = options
  }

  /// The state in the file; makes one of the built-in or given anchors if there is none.
  public func state() throws(Failure) -> AnchorState {
    if let state = read(), !state.anchors.isEmpty { return state }
    let text = options.trustAnchors.joined(separator: "\n") + "\n"
    do {
      let folder = URL(fileURLWithPath: file).deletingLastPathComponent()
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try text.write(toFile: file, atomically: true, encoding: .utf8)
    } catch {
      throw Failure(description: "cannot write trust anchors to \(file): \(error)")
    }
    return AnchorState(text)
  }

  private func read() -> AnchorState? {
    guard let handle = FileHandle(forReadingAtPath: file) else { return nil }
    defer { try? handle.close() }
    guard let data = try? handle.read(upToCount: AnchorState.sizeLimit) else { return nil }
    return AnchorState(String(decoding: data, as: UTF8.self))
  }

  /// Looks at the root's keys now and returns the state after that; blocks for some seconds.
  public func probe() throws(Failure) -> AnchorState {
    _ = try state()
    let resolver: Resolver
    do {
      resolver = try Resolver(options)
    } catch {
      throw Failure(description: "trust anchors not looked at: \(error)")
    }
    let question = OneQuestion()
    let isAccepted = resolver.submit(
      qname: [0].span, qtype: .soa, qclass: .internet, nameHash: 0, client: question)
    let status = isAccepted ? question.wait(seconds: Self.patience) : nil
    resolver.stop(drain: .zero)
    let after = try state()
    guard status == .secure else {
      throw Failure(
        description: "trust anchors not looked at: the root's answer was "
          + (status.map { "\($0)" } ?? "not to be had"))
    }
    return after
  }
}

/// Waits for the answer to one question.
private final class OneQuestion: RecursionClient {
  private let status = Mutex<ValidationStatus?>(nil)
  private let done = DispatchSemaphore(value: 0)

  func recursionFinished(
    rcode: ResponseCode, packet: Span<UInt8>, status: ValidationStatus, reason: String?
  ) {
    if rcode == .noError { self.status.withLock { $0 = status } }
    done.signal()
  }

  func wait(seconds: Int) -> ValidationStatus? {
    _ = done.wait(timeout: .now() + .seconds(seconds))
    return status.withLock { $0 }
  }
}
