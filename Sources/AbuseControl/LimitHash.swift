public import Addressing

/// Hashes what a limit is about; keyed, so that nobody can aim at another client's place.
///
/// Two rounds of folded multiplication (the mixing step of wyhash by Wang Yi): some 3 ns. A
/// collision only makes two clients share a limit, and an attacker never sees a hash, so the
/// strength of SipHash is not needed here.
public struct LimitHash: Sendable {
  /// What is limited; keeps counts of different kinds apart in one table.
  public enum Kind: UInt64, Sendable {
    case answer = 1
    case nodata, nxdomain, error, all, query, client, zone, failure, name
  }

  private let first: UInt64
  private let second: UInt64

  /// Draws a key from `generator`.
  public init(using generator: inout some RandomNumberGenerator) {
    first = generator.next() | 1
    second = generator.next() | 1
  }

  /// Draws a key from the operating system.
  public init() {
    var generator = SystemRandomNumberGenerator()
    self.init(using: &generator)
  }

  /// The hash of a client's block, with `extra` for the name it is about.
  @inline(__always)
  public func hash(_ kind: Kind, _ block: IPAddress, extra: UInt64 = 0) -> UInt64 {
    let folded = Self.mix(block.high ^ first, block.low ^ second)
    return Self.mix(folded ^ second ^ extra, first ^ kind.rawValue)
  }

  /// The hash of something that is no client.
  @inline(__always)
  public func hash(_ kind: Kind, extra: UInt64) -> UInt64 {
    Self.mix(extra ^ second, first ^ kind.rawValue)
  }

  @inline(__always)
  private static func mix(_ left: UInt64, _ right: UInt64) -> UInt64 {
    let product = left.multipliedFullWidth(by: right)
    return product.high ^ product.low
  }
}
