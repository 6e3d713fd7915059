import DNSWire

/// The layout of an index file, version 2, and the arithmetic behind its widths.
///
/// ```
/// header      4,096 octets: magic, version, key, counts, section table, checksums
/// lines       one cache line of 64 octets per bucket: 8 slots of 8 octets
/// payloads    `payloadWidth` octets per slot, little-endian
/// lists       32-bit words: names with several rows: count, then (row, ordinal) pairs
/// rows        24 octets each: generator, validity from, validity to
/// generators  kind and clock, then family, variant and seed as length-prefixed strings
/// ```
/// All integers are little-endian; sections start at multiples of 4,096 so that they can be mapped.
///
/// **Slots.** A name's 128-bit keyed hash gives two buckets and a fingerprint of 62 bits. A slot
/// holds `fingerprint << 2 | two bits of the bucket's overflow map`. A name that found its first
/// bucket full sits in its second one and sets the bit of its 4-bit tag in the first bucket's map,
/// so that a miss reads one line (and a second one in a few of a hundred cases), a hit one line
/// and one payload.
///
/// **False matches.** A probe compares with at most 8 slots, and in about 1 of 25 cases with 8
/// more, so with 8.3 on average. At 1,000,000 queries a second, 3.16e10 seconds in 1,000 years and
/// 4 probes a query (one per depth at which names are listed: in practice 2, 3 and 4 labels) that
/// is 1.26e17 probes and 1.05e18 comparisons; 62 bits match by chance with 2^-62 = 2.2e-19.
/// Expected: 0.23 in 1,000 years, whatever the number of names, because the bucket accounts for
/// the rest of the hash: with 100 million names the effective fingerprint has 62 + 23.6 bits.
public enum IndexFormat {
  /// First octets of every index file.
  public static let magic: UInt64 = 0x3178_6449_6e6f_6e50  // "PnonIdx1"
  /// Version of the layout; a reader accepts only its own.
  public static let version: UInt32 = 2
  /// Size of the header and alignment of the sections, the page size of the platforms we run on.
  public static let pageOctets = 4096
  /// Slots in a bucket: a cache line of 64 octets.
  public static let slotsPerBucket = 8
  /// Octets of a bucket.
  public static let bucketOctets = 64
  /// Bits of a fingerprint.
  public static let fingerprintBits = 62
  /// Most labels a listed name may have; deeper ones are refused when an index is built.
  public static let deepestName = 63
  /// Share of slots in use; (2,8)-bucket cuckoo tables fill beyond 0.99, so this always succeeds.
  public static let load = 0.95
  /// Octets of a row.
  public static let rowOctets = 24
  /// Bits of a payload that are flags: `isList` and `isColliding`.
  public static let payloadFlagBits = 2
  /// The payload points into the list section.
  public static let isList: UInt64 = 1
  /// The name collides with a benign one: it is resolved normally and only recorded.
  public static let isColliding: UInt64 = 2
}

/// Where a name's hash puts it.
struct IndexPosition {
  let first: Int
  let second: Int
  let fingerprint: UInt64
  let tag: Int

  @inline(__always)
  init(_ hash: SipHash.Value, bucketCount: Int) {
    let buckets = UInt64(truncatingIfNeeded: bucketCount)
    first = Int(truncatingIfNeeded: hash.low.multipliedFullWidth(by: buckets).high)
    let turned = hash.low << 32 | hash.low >> 32
    second = Int(truncatingIfNeeded: turned.multipliedFullWidth(by: buckets).high)
    // 0 marks an empty slot, so the one fingerprint that would be 0 is moved to 1.
    fingerprint = max(hash.high >> 2, 1)
    tag = Int(truncatingIfNeeded: hash.high & 3) << 2 | Int(truncatingIfNeeded: hash.low >> 30 & 3)
  }
}
