import Foundation

/// Runs `body` with the path of a file that holds `octets`, alone in a folder of its own and named
/// `input`, so that a file can name itself; both are gone afterwards.
func withTemporaryFile(_ octets: [UInt8], _ body: (_ path: String) -> Void) {
  let files = FileManager.default
  let folder = files.temporaryDirectory.appendingPathComponent("ponor-fuzz-\(UUID())").path
  let path = folder + "/input"
  guard (try? files.createDirectory(atPath: folder, withIntermediateDirectories: true)) != nil,
    files.createFile(atPath: path, contents: Data(octets))
  else { preconditionFailure("cannot write \(path)") }
  body(path)
  try? files.removeItem(atPath: folder)
}
