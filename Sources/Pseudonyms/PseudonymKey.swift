import Foundation

/// Why a key could not be had.
package struct PseudonymKeyError: Error, CustomStringConvertible {
  /// Where, what, and what to do.
  package let description: String
}

/// The secret that pseudonyms are made with, in a file of its own.
package enum PseudonymKey {
  /// The key file of a data directory: 32 hexadecimal digits, readable for its owner only.
  package static func path(dataDirectory: String) -> String { dataDirectory + "/privacy.key" }

  /// Reads a key file, or makes one with random octets when there is none.
  package static func load(_ path: String) throws(PseudonymKeyError) -> [UInt8] {
    if let octets = try read(path) { return octets }
    try create(path)
    guard let octets = try read(path) else {
      throw PseudonymKeyError(description: "\(path): vanished while it was being made")
    }
    return octets
  }

  private static func read(_ path: String) throws(PseudonymKeyError) -> [UInt8]? {
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
      throw PseudonymKeyError(description: "\(path) cannot be read: give its reader the right to")
    }
    let digits = text.filter { !$0.isWhitespace }.map(\.hexDigitValue)
    guard digits.count == 2 * AddressPseudonyms.keyLength, digits.allSatisfy({ $0 != nil }) else {
      throw PseudonymKeyError(
        description: "\(path) is no key: it should hold 32 hexadecimal digits; "
          + "without the old key old pseudonyms cannot be found again")
    }
    let values = digits.compactMap { $0.map(UInt8.init) }
    return stride(from: 0, to: values.count, by: 2).map { values[$0] << 4 | values[$0 + 1] }
  }

  /// Under another name first: of two makers one wins, and nobody reads half a key.
  private static func create(_ path: String) throws(PseudonymKeyError) {
    var generator = SystemRandomNumberGenerator()
    let octets = (0..<AddressPseudonyms.keyLength).map { _ in
      UInt8.random(in: 0...255, using: &generator)
    }
    let text = octets.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() + "\n"
    let draft = "\(path).\(getpid())"
    let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw PseudonymKeyError(
        description: "\(draft) cannot be written: \(String(cString: strerror(errno)))")
    }
    defer { unlink(draft) }
    let bytes = Array(text.utf8)
    let isWritten = write(descriptor, bytes, bytes.count) == bytes.count && fsync(descriptor) == 0
    close(descriptor)
    guard isWritten, link(draft, path) == 0 || errno == EEXIST else {
      throw PseudonymKeyError(
        description: "\(path) cannot be written: \(String(cString: strerror(errno)))")
    }
  }
}
