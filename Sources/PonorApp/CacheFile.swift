import AnswerCache
import DNSServer
import DNSWire
import Foundation
import Glibc
import Logging
import Settings

/// The answers of one run, kept for the next (`cache.persistent`).
///
/// Written once, when the server stops: keeping the cache in a file while serving would have every
/// answer stored dirty a page that the kernel then writes out, and writers wait for pages on their
/// way to the disk. A server that is killed therefore starts with an empty cache.
struct CacheFile {
  /// Larger files than `cache.memory` and this are not read.
  private static let slack = 1 << 20

  private let path: String
  private let settings: Settings

  init(_ settings: Settings) {
    self.settings = settings
    path = settings.dataDirectory + "/answers.cache"
  }

  /// What has to be equal for old answers to be right.
  private var fingerprint: UInt64 {
    let text = "\(ServerVersion.text) \(settings.recursionOptions(processors: 1))"
    return SipHash.hash(Array(text.utf8).span, key: SipHash.Key(low: 1, high: 1)).low
  }

  // MARK: - Start

  /// A cache with the answers of the last run, as far as they can be had.
  ///
  /// The file is taken away: answers are taken over once.
  func open(_ logger: Logger) -> AnswerCache {
    let memory = Int(settings.cache.memory.bytes)
    let empty = { (key: SipHash.Key) in
      AnswerCache(memory: memory, lifetimes: settings.cacheLifetimes, hashKey: key)
    }
    guard settings.cache.persistent, let data = read(logger) else { return empty(.random()) }
    try? FileManager.default.removeItem(atPath: path)
    let now = UTCClock.seconds()
    let octets = [UInt8](data)
    do throws(CacheSnapshot.Refusal) {
      let key = try CacheSnapshot.key(of: octets.span, fingerprint: fingerprint, at: now)
      let cache = empty(key)
      let count = try cache.restore(octets.span, fingerprint: fingerprint, at: now)
      logger.info("answers of the last run taken over", metadata: ["answers": "\(count)"])
      return cache
    } catch {
      logger.warning("\(path) not taken over: it \(error); starting with an empty cache")
      return empty(.random())
    }
  }

  private func read(_ logger: Logger) -> Data? {
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    let limit = Int(settings.cache.memory.bytes) + Self.slack
    guard let handle = FileHandle(forReadingAtPath: path),
      let size = try? handle.seekToEnd(), size <= UInt64(limit),
      (try? handle.seek(toOffset: 0)) != nil
    else {
      logger.warning("\(path) not taken over: it cannot be read, or is larger than the cache")
      return nil
    }
    return try? handle.readToEnd()
  }

  // MARK: - End

  /// Writes the answers, to be read at the next start.
  func save(_ cache: AnswerCache, _ logger: Logger) {
    guard settings.cache.persistent else { return }
    let fresh = path + ".new"
    do {
      guard
        FileManager.default.createFile(
          atPath: fresh, contents: nil, attributes: [.posixPermissions: 0o600]),
        let handle = FileHandle(forWritingAtPath: fresh)
      else { throw CocoaError(.fileWriteUnknown) }
      defer { try? handle.close() }
      try cache.snapshot(fingerprint: fingerprint, at: UTCClock.seconds()) { piece in
        try handle.write(contentsOf: piece)
      }
      guard rename(fresh, path) == 0 else { throw CocoaError(.fileWriteUnknown) }
    } catch {
      try? FileManager.default.removeItem(atPath: fresh)
      logger.warning("answers not kept for the next start: \(path): \(error)")
    }
  }
}
