package import DNSWire

/// A shared secret and what it is called.
///
/// It never prints its secret, whatever is done to show it.
package struct TSIGKey: Sendable, Equatable, CustomStringConvertible, CustomReflectable {
  /// The name both sides know it by.
  package let name: Name
  /// How codes are made with it.
  package let algorithm: MACAlgorithm
  private let secret: [UInt8]

  /// Makes a key.
  package init(name: Name, algorithm: MACAlgorithm, secret: [UInt8]) {
    self.name = name
    self.algorithm = algorithm
    self.secret = secret
  }

  /// Name and algorithm.
  package var description: String { "\(name) (\(algorithm.rawValue))" }
  /// Nothing but the description.
  package var customMirror: Mirror { Mirror(self, children: ["key": description]) }

  func begin() -> MACState { MACState(algorithm, secret: secret) }

  /// Octets a signature with this key takes at the end of a message, without "other data".
  package var signatureOctets: Int {
    name.wire.count + 10 + algorithm.nameWire.count + 10 + algorithm.macOctets + 6
  }
}

/// The keys a server knows.
package struct TSIGKeyring: Sendable, Equatable {
  private let keys: [Name: TSIGKey]

  /// Collects keys; of two with one name the first counts.
  package init(_ keys: [TSIGKey] = []) {
    self.keys = Dictionary(keys.map { ($0.name, $0) }) { first, _ in first }
  }

  /// The key with this name.
  package subscript(name: Name) -> TSIGKey? { keys[name] }

  /// Whether there is none.
  package var isEmpty: Bool { keys.isEmpty }
}

/// The errors a signature is refused with (RFC 8945 §3, §5.2).
package enum TSIGError: UInt16, Sendable, Equatable {
  case badSignature = 16
  case badKey = 17
  case badTime = 18
  case badTruncation = 22

  /// The mnemonic of RFC 8945.
  package var mnemonic: String {
    switch self {
    case .badSignature: "BADSIG"
    case .badKey: "BADKEY"
    case .badTime: "BADTIME"
    case .badTruncation: "BADTRUNC"
    }
  }
}
