import AnswerCache
import ControlPlane
import DNSWire

/// `ponor control flush`.
struct CacheFlush {
  let cache: AnswerCache
  /// Nil when nothing is resolved.
  let resolution: ResolutionControl?

  func run(_ range: FlushRange) async -> VerbResult {
    var done: [String]
    switch range {
    case .name(let text):
      var buffer = NameBuffer()
      guard let name = Self.read(text, into: &buffer) else { return Self.notAName(text) }
      let count = cache.flush(name: buffer)
      done = ["\(name): \(count) answers forgotten"]
    case .zone(let text):
      var buffer = NameBuffer()
      guard let name = Self.read(text, into: &buffer) else { return Self.notAName(text) }
      let count = cache.flush(zone: buffer)
      done = ["\(name) and all below: \(count) answers forgotten"]
    case .all:
      cache.flush()
      done = ["all answers forgotten"]
    }
    guard let resolution else { return VerbResult(done: done) }
    do {
      try await resolution.forget()
      done.append("the resolver starts afresh with empty caches")
      return VerbResult(done: done)
    } catch {
      return VerbResult(
        done: done, errors: ["the resolver's own cache could not be emptied: \(error)"])
    }
  }

  private static func read(_ text: String, into buffer: inout NameBuffer) -> Name? {
    guard let name = try? Name(text),
      (try? buffer.load(from: name.wire.span, at: 0, allowCompression: false)) != nil
    else { return nil }
    return name
  }

  private static func notAName(_ text: String) -> VerbResult {
    VerbResult(errors: ["'\(text)' is no domain name"])
  }
}
