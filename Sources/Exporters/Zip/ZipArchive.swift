/// A zip archive in memory (PKWARE APPNOTE 6.3.3), for mails with a report in them.
///
/// Entries are compressed; their date is 1980-01-01, the first a zip can tell, so that the same
/// contents give the same archive. Entries of 4 GB and more are not made: a mail is smaller.
struct ZipArchive {
  private static let localHeader: UInt32 = 0x0403_4b50
  private static let centralHeader: UInt32 = 0x0201_4b50
  private static let endOfCentral: UInt32 = 0x0605_4b50
  /// 2.0: the version that has compression.
  private static let version: UInt16 = 20
  /// Names are UTF-8 (bit 11).
  private static let flags: UInt16 = 1 << 11
  private static let stored: UInt16 = 0
  private static let deflated: UInt16 = 8
  /// 1980-01-01.
  private static let date: UInt16 = 1 << 5 | 1

  private var contents: [UInt8] = []
  private var directory: [UInt8] = []
  private var count: UInt16 = 0

  /// Adds a file.
  mutating func add(name: String, _ octets: [UInt8]) {
    let compressed = Deflate.compress(octets)
    let isSmaller = (compressed?.count ?? .max) < octets.count
    let body = isSmaller ? compressed ?? octets : octets
    let start = UInt32(contents.count)

    // Version to … length of extra: the same in both headers.
    var common: [UInt8] = []
    common.append(Self.version)
    common.append(Self.flags)
    common.append(isSmaller ? Self.deflated : Self.stored)
    common.append(UInt16(0))
    common.append(Self.date)
    common.append(Deflate.checksum(octets))
    common.append(UInt32(body.count))
    common.append(UInt32(octets.count))
    common.append(UInt16(name.utf8.count))
    common.append(UInt16(0))

    contents.append(Self.localHeader)
    contents += common + Array(name.utf8) + body

    directory.append(Self.centralHeader)
    directory.append(Self.version)
    directory += common
    directory.append(UInt16(0))  // comment
    directory.append(UInt16(0))  // disk
    directory.append(UInt16(0))  // internal attributes
    directory.append(UInt32(0))  // external attributes
    directory.append(start)
    directory += Array(name.utf8)
    count += 1
  }

  /// The whole archive.
  var octets: [UInt8] {
    var archive = contents + directory
    archive.append(Self.endOfCentral)
    archive.append(UInt16(0))
    archive.append(UInt16(0))
    archive.append(count)
    archive.append(count)
    archive.append(UInt32(directory.count))
    archive.append(UInt32(contents.count))
    archive.append(UInt16(0))
    return archive
  }
}

extension [UInt8] {
  /// Appends a number, the lowest octet first.
  fileprivate mutating func append<Number: FixedWidthInteger & UnsignedInteger>(_ number: Number) {
    for place in 0..<Number.bitWidth / 8 {
      append(UInt8(truncatingIfNeeded: number >> (8 * place)))
    }
  }
}
