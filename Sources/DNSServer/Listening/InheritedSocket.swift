public import Addressing
import CLinuxShims
import Glibc

/// A bound socket that another process opened: the service manager, or the server before this one.
public struct InheritedSocket: Sendable {
  /// What may be received on it.
  public enum Kind: String, Sendable {
    /// Datagrams.
    case udp
    /// Connections.
    case tcp
  }

  /// Datagrams or connections.
  public let kind: Kind
  /// Where it is bound.
  public let endpoint: SocketEndpoint
  /// The open socket.
  public let descriptor: SocketDescriptor

  /// Looks what kind of socket a descriptor is and takes charge of it.
  ///
  /// - Throws: `InheritedSocketError` for anything but a UDP or TCP socket of one address; the
  ///   descriptor is closed then.
  public init(owning number: Int32) throws(InheritedSocketError) {
    descriptor = SocketDescriptor(owning: number)
    var type: Int32 = 0
    var (high, low, port): (UInt64, UInt64, UInt16) = (0, 0, 0)
    let code = ponor_describe_socket(number, &type, &high, &low, &port)
    guard code == 0 else { throw .notInternet(number, systemErrorText(-code)) }
    endpoint = SocketEndpoint(address: IPAddress(high: high, low: low), port: port)
    switch type {
    case Int32(SOCK_DGRAM.rawValue): kind = .udp
    case Int32(SOCK_STREAM.rawValue): kind = .tcp
    default: throw .notInternet(number, "neither a datagram nor a stream socket")
    }
    // Answers must leave from the address that was asked, which a wildcard socket does not tell.
    guard !endpoint.address.isUnspecified else { throw .wildcard(endpoint) }
  }

  /// Describes a socket of this process.
  init(kind: Kind, endpoint: SocketEndpoint, descriptor: SocketDescriptor) {
    self.kind = kind
    self.endpoint = endpoint
    self.descriptor = descriptor
  }
}

/// Why a socket from elsewhere cannot be used.
public enum InheritedSocketError: Error, Equatable, Sendable, CustomStringConvertible {
  /// No UDP or TCP socket.
  case notInternet(Int32, String)
  /// Bound to all addresses.
  case wildcard(SocketEndpoint)

  /// One line: what, where, and what to do.
  public var description: String {
    switch self {
    case .notInternet(let number, let reason):
      "inherited descriptor \(number) is no UDP or TCP socket (\(reason)): "
        + "use ListenDatagram= and ListenStream= with an address and a port"
    case .wildcard(let endpoint):
      "inherited socket \(endpoint) is bound to all addresses: answers would leave from another "
        + "address than the one asked; list each address in the socket unit"
    }
  }
}

extension IPAddress {
  /// Whether it stands for all addresses of a machine: 0.0.0.0 or ::.
  public var isUnspecified: Bool {
    self == IPAddress(ipv4: 0) || self == IPAddress(high: 0, low: 0)
  }
}
