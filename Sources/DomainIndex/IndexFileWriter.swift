import DataFiles
import Glibc

/// Writes the sections of an index under a temporary name and renames the file when it is on disk.
enum IndexFileWriter {
  static func write(
    _ header: IndexHeader, sections: [[UInt8]], to path: String
  ) throws(IndexError) {
    var header = header
    var offset = IndexFormat.pageOctets
    for (index, section) in sections.enumerated() {
      header.sections[index] = .init(offset: UInt64(offset), count: UInt64(section.count))
      header.checksums[index] = IndexChecksum.of(section)
      // Big sections begin on a page, so that their lines are aligned; small ones need 8 octets.
      let unit = section.count < IndexFormat.pageOctets ? 8 : IndexFormat.pageOctets
      offset += (section.count + unit - 1) / unit * unit
    }
    let temporary = path + ".new"
    let file = try OutputFile<IndexError>(path: temporary)
    do throws(IndexError) {
      try file.write(header.encoded(), at: 0)
      for (index, section) in sections.enumerated() {
        try file.write(section, at: Int(header.sections[index].offset))
      }
      try file.finish(size: offset)
      try OutputFile<IndexError>.rename(temporary, to: path)
    } catch {
      unsafe unlink(temporary)
      throw error
    }
  }
}
