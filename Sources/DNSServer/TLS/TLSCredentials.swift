import NIOSSL
import Synchronization

/// The certificate in force, replaced while connections stand (RFC 7858 §3.2, RFC 8310).
///
/// A connection keeps what it was opened with. A pair of files that cannot be used is refused and
/// the one in force stays. Each pair brings fresh keys for session tickets: a resumed session never
/// outlives the certificate it was made with.
public final class TLSCredentials: Sendable {
  /// What a look at the files brought.
  public enum Refresh: Sendable, Equatable {
    /// The same files as those in force.
    case unchanged
    /// A new pair is in force.
    case replaced
  }

  private let current: Mutex<TLSPair>

  /// Reads the pair.
  ///
  /// - Throws: `TLSProblem` saying what is wrong with which file.
  public init(_ options: TLSOptions) throws(TLSProblem) {
    current = Mutex(try TLSPair(TLSPair.Source(options)))
  }

  /// Reads the files again and puts them in force if they have changed; may block on the disk.
  ///
  /// - Throws: `TLSProblem`; the former pair stays in force then.
  public func refresh(_ options: TLSOptions) throws(TLSProblem) -> Refresh {
    let source = try TLSPair.Source(options)
    guard source != current.withLock({ $0.source }) else { return .unchanged }
    let pair = try TLSPair(source)
    current.withLock { $0 = pair }
    return .replaced
  }

  /// When the certificate in force ends, seconds since 1970.
  public var notAfter: Int64 { current.withLock { $0.notAfter } }

  /// The context for a new connection.
  func context(for service: StreamService) -> NIOSSLContext {
    current.withLock { $0.context(for: service) }
  }
}

extension TLSPair {
  fileprivate func context(for service: StreamService) -> NIOSSLContext {
    service == .dnsOverTLS ? dot : doh
  }
}
