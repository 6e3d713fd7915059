import ListSources

/// A file that may be compressed: content or an error, and no more than the limit.
func fuzzGzip(_ octets: [UInt8]) {
  withTemporaryFile(octets) { path in
    guard let content = try? GzipFile.read(path) else { return }
    precondition(content.count <= GzipFile.sizeLimit, "larger than the limit")
  }
}
