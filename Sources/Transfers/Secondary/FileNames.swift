package import DNSWire
import Glibc

/// Names of the copies of zones in a directory.
package enum FileNames {
  /// The file of a zone in `directory`: its name in lower case, with everything but letters, digits,
  /// hyphens, underscores and dots written as `%xx`, so that no name can lead out of it.
  package static func path(of apex: Name, in directory: String) -> String {
    var text = ""
    for octet in "\(apex)".lowercased().utf8 {
      switch octet {
      case 0x61...0x7A, 0x30...0x39, UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
        text.unicodeScalars.append(UnicodeScalar(octet))
      default:
        let hex = String(octet, radix: 16)
        text += "%" + (hex.count < 2 ? "0" : "") + hex
      }
    }
    // The root would be ".": a directory.
    return "\(directory)/zone-\(text)records"
  }

  static func move(_ from: String, to: String) -> Bool { rename(from, to) == 0 }
  static func remove(_ path: String) { unlink(path) }
}
