package import Addressing
import DataFiles

/// A translator that gives each inside address a fixed block of ports (RFC 7422): the inside address
/// follows from the outside one and the port, without a log.
///
/// RFC 7422 §2.1 names the inputs: inside range I, outside range O, compression ratio C, dynamic
/// factor D, reserved ports R, algorithm A. Each outside address is shared out into C + D blocks of
/// (65,536 − R) / (C + D) ports; D of them are a pool for who needs more, of which only a log can
/// tell the user.
package struct DeterministicMapping: Equatable, Sendable {
  /// How blocks are given to inside addresses (RFC 7422 §2.1).
  package enum Algorithm: UInt8, CaseIterable, Sendable {
    /// The first block of the first outside address to the first inside address, and so on.
    case sequential = 0
    /// Single ports in turn: port R + n · (C + D) + k belongs to the k-th user of the address.
    case staggered = 1

    /// The word in files.
    package var name: String {
      switch self {
      case .sequential: "sequential"
      case .staggered: "staggered"
      }
    }
  }

  /// First and last inside address, IPv4.
  package let inside: ClosedRange<UInt32>
  /// First and last outside address, IPv4.
  package let outside: ClosedRange<UInt32>
  /// Ports from 0 on that are given to nobody, R.
  package let reservedPorts: Int
  /// Inside addresses for each outside address, C.
  package let compression: Int
  /// Blocks of each outside address that are given out as needed, D.
  package let dynamicBlocks: Int
  /// How blocks are given, A.
  package let algorithm: Algorithm
  /// First instant the configuration held, microseconds since 1970.
  package let from: Int64
  /// First instant it no longer held, microseconds since 1970.
  package let to: Int64
  /// Number of the source that told it.
  package let source: UInt8

  /// Ports of one block.
  package var blockPorts: Int { (Self.portCount - reservedPorts) / (compression + dynamicBlocks) }

  private static let portCount = 65_536

  /// Makes a mapping; nil when the numbers contradict each other: no port is left for a user, or
  /// there are more inside addresses than blocks.
  package init?(
    inside: ClosedRange<UInt32>, outside: ClosedRange<UInt32>, reservedPorts: Int,
    compression: Int, dynamicBlocks: Int, algorithm: Algorithm, from: Int64, to: Int64,
    source: UInt8
  ) {
    guard (0..<Self.portCount).contains(reservedPorts), (1...Self.portCount).contains(compression),
      (0...Self.portCount).contains(dynamicBlocks), from < to,
      (Self.portCount - reservedPorts) / (compression + dynamicBlocks) >= 1,
      inside.count <= outside.count * compression
    else { return nil }
    self.inside = inside
    self.outside = outside
    self.reservedPorts = reservedPorts
    self.compression = compression
    self.dynamicBlocks = dynamicBlocks
    self.algorithm = algorithm
    self.from = from
    self.to = to
    self.source = source
  }

  /// What a mapping says of an outside address and port.
  package enum Finding: Equatable, Sendable {
    /// The translator does not have that address, or gives the port to nobody.
    case none
    /// The port is of the pool given out as needed.
    case dynamic
    /// The inside address.
    case inside(IPAddress)
  }

  /// Who has `port` of `address`; the instant is the caller's to compare.
  package func holder(of address: UInt32, port: UInt16) -> Finding {
    guard outside.contains(address), Int(port) >= reservedPorts else { return .none }
    let offset = Int(port) - reservedPorts
    let block: Int
    switch algorithm {
    case .sequential: block = offset / blockPorts
    case .staggered:
      // Ports behind the last whole round belong to nobody.
      block =
        offset / (compression + dynamicBlocks) < blockPorts
        ? offset % (compression + dynamicBlocks) : compression + dynamicBlocks
    }
    // What a division leaves over is in no block.
    guard block < compression + dynamicBlocks else { return .none }
    guard block < compression else { return .dynamic }
    let user = Int(address - outside.lowerBound) * compression + block
    guard user < inside.count else { return .none }
    return .inside(IPAddress(ipv4: inside.lowerBound + UInt32(user)))
  }
}

// MARK: - In the index

extension DeterministicMapping {
  /// Octets of one mapping in the index.
  static let octetCount = 48

  /// The mapping as it stands in the index.
  var octets: [UInt8] {
    var octets: [UInt8] = []
    for bound in [inside.lowerBound, inside.upperBound, outside.lowerBound, outside.upperBound] {
      octets.appendLittleEndian(bound)
    }
    for number in [reservedPorts, compression, dynamicBlocks] {
      octets.appendLittleEndian(UInt32(number))
    }
    octets += [algorithm.rawValue, source, 0, 0]
    octets.appendLittleEndian(from)
    octets.appendLittleEndian(to)
    return octets
  }

  /// Reads a mapping of an index; nil when it is none.
  init?(_ file: MappedFile, at offset: Int) {
    let word = { (index: Int) in file.number(at: offset + 4 * index, as: UInt32.self) }
    let tail = file.octets(offset + 28..<offset + 32)
    guard word(0) <= word(1), word(2) <= word(3), let algorithm = Algorithm(rawValue: tail[0])
    else { return nil }
    self.init(
      inside: word(0)...word(1), outside: word(2)...word(3), reservedPorts: Int(word(4)),
      compression: Int(word(5)), dynamicBlocks: Int(word(6)), algorithm: algorithm,
      from: file.number(at: offset + 32, as: Int64.self),
      to: file.number(at: offset + 40, as: Int64.self), source: tail[1])
  }
}
