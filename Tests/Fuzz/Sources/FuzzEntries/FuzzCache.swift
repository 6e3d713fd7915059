import AnswerCache
import DNSWire

/// Records of a cache snapshot; header, length and sum, which would turn away every change, are put
/// around them here.
func fuzzCache(_ octets: [UInt8]) {
  let now: Int64 = 1_800_000_000
  let key = SipHash.Key(low: 1, high: 2)
  let header = CacheSnapshot.header(fingerprint: 7, key: key, at: now)
  let cache = AnswerCache(memory: 1 << 18, hashKey: key)
  let snapshot = header + CacheSnapshot.framed(octets)
  _ = try? cache.restore(snapshot.span, fingerprint: 7, at: now)
  // What was taken over, before damage or whole, is sound.
  var again: [UInt8] = []
  cache.snapshot(fingerprint: 7, at: now) { again += $0 }
  let second = AnswerCache(memory: 1 << 18, hashKey: key)
  let count = try? second.restore(again.span, fingerprint: 7, at: now)
  precondition(count != nil && second.count == cache.count, "a snapshot of ours is refused")
}
