import CZlib
// Unsafe code: zlib fills a buffer through a pointer; neither pointer leaves `read`.
package import CheckedYAML
import Foundation

/// Reads gzip files (RFC 1952), and files that are not compressed as they are.
package enum GzipFile {
  /// Most octets a file may unpack to: many times the longest list of names known (1.3 MB), and a
  /// bound on what a crafted file can make of a few kilobytes.
  package static let sizeLimit = 256 << 20
  private static let chunk = 1 << 18

  /// Hands the unpacked content of a file of any size to `body`, piece by piece.
  ///
  /// Throws when the file is missing or damaged; what came before the damage has been handed over then.
  package static func forEachChunk(
    _ path: String, _ body: ([UInt8]) throws(SourceProblem) -> Void
  ) throws(SourceProblem) {
    guard FileStatus(path: path).isDirectory == false, let file = unsafe gzopen(path, "rb") else {
      throw SourceProblem(file: path, "cannot read the file: it is missing, or not readable")
    }
    var buffer = [UInt8](repeating: 0, count: chunk)
    var count: Int32 = 0
    repeat {
      count = unsafe buffer.withUnsafeMutableBytes {
        unsafe gzread(file, $0.baseAddress, UInt32($0.count))
      }
      guard count > 0 else { break }
      do throws(SourceProblem) {
        try body(Array(buffer[..<Int(count)]))
      } catch {
        _ = unsafe gzclose(file)
        throw error
      }
    } while true
    // A file cut short shows only when it is closed.
    guard unsafe gzclose(file) == Z_OK, count == 0 else {
      throw SourceProblem(file: path, "the file is damaged or cut short; get it again")
    }
  }

  /// The unpacked content of the file at `path`; throws when it is missing, damaged or too large.
  package static func read(_ path: String) throws(SourceProblem) -> [UInt8] {
    guard FileStatus(path: path).isDirectory == false, let file = unsafe gzopen(path, "rb") else {
      throw SourceProblem(file: path, "cannot read the file: it is missing, or not readable")
    }
    var content: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: chunk)
    var count: Int32 = 0
    repeat {
      count = unsafe buffer.withUnsafeMutableBytes {
        unsafe gzread(file, $0.baseAddress, UInt32($0.count))
      }
      if count > 0 { content += buffer[..<Int(count)] }
    } while count > 0 && content.count <= sizeLimit
    // A file cut short shows only when it is closed.
    let isWhole = unsafe gzclose(file) == Z_OK && count >= 0
    guard content.count <= sizeLimit else {
      throw SourceProblem(file: path, "the file unpacks to more than \(sizeLimit) octets; check it")
    }
    guard isWhole else {
      throw SourceProblem(file: path, "the gzip file is damaged or cut short; get it again")
    }
    return content
  }
}
