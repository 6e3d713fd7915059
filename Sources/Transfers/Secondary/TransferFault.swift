package import DNSWire

/// Why a transfer was given up.
package enum TransferFault: Error, Sendable, Equatable, CustomStringConvertible {
  /// The primary answered with this response code.
  case refused(ResponseCode)
  /// The message is no answer to our request, or does not have the form of one.
  case unreadable(String)
  /// Records stand where none of their kind may stand.
  case disorder(String)
  /// More than is taken.
  case tooLarge(String)
  /// The incremental transfer does not fit the version we have.
  case doesNotFit(String)
  /// The stream ended, or nothing came in time.
  case interrupted(String)
  /// The signature is not to be believed.
  case unsigned(TSIGStreamError)
  /// The copy cannot be written or read.
  case storage(String)

  /// What happened, and what to do where that is not plain.
  package var description: String {
    switch self {
    case .refused(let rcode):
      "the primary answered \(Self.mnemonic(rcode)); check its transfer settings and the key"
    case .unreadable(let what): "unreadable answer: \(what)"
    case .disorder(let what): "malformed transfer: \(what)"
    case .tooLarge(let what): "transfer too large: \(what)"
    case .doesNotFit(let what): "incremental transfer does not fit: \(what)"
    case .interrupted(let what): "\(what)"
    case .unsigned(let error): "\(error)"
    case .storage(let what): what
    }
  }

  /// Whether a whole transfer may succeed where this incremental one did not.
  var suggestsWholeTransfer: Bool {
    switch self {
    case .refused, .unreadable, .disorder, .tooLarge, .doesNotFit: true
    case .interrupted, .unsigned, .storage: false
    }
  }

  private static func mnemonic(_ rcode: ResponseCode) -> String {
    switch rcode.rawValue {
    case 1: "FORMERR"
    case 2: "SERVFAIL"
    case 3: "NXDOMAIN"
    case 4: "NOTIMP"
    case 5: "REFUSED"
    case 9: "NOTAUTH"
    default: "RCODE \(rcode.rawValue)"
    }
  }
}
