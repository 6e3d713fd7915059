// Unsafe: reads fields of a record that stays in the ring until the consumer releases it.

/// A view of one record in a ring; valid until its position is released.
package struct HitRecord {
  let slot: UnsafeRawPointer

  init(slot: UnsafeRawPointer) { self.slot = slot }

  /// The fixed-size part, copied out.
  package var event: HitEvent {
    typealias At = RingFormat
    var event = HitEvent(
      timeMicroseconds: slot.load(fromByteOffset: At.timeAt, as: Int64.self),
      clientHigh: clientHigh, clientLow: clientLow, clientPort: clientPort,
      serverHigh: slot.load(fromByteOffset: At.serverAt, as: UInt64.self),
      serverLow: slot.load(fromByteOffset: At.serverAt + 8, as: UInt64.self),
      serverPort: slot.load(fromByteOffset: At.serverPortAt, as: UInt16.self),
      transport: slot.load(fromByteOffset: At.transportAt, as: UInt8.self),
      flags: slot.load(fromByteOffset: At.flagsAt, as: UInt8.self),
      qtype: slot.load(fromByteOffset: At.qtypeAt, as: UInt16.self),
      action: slot.load(fromByteOffset: At.actionAt, as: UInt8.self),
      generation: slot.load(fromByteOffset: At.generationAt, as: UInt64.self),
      payload: slot.load(fromByteOffset: At.payloadAt, as: UInt64.self),
      matchedOffset: slot.load(fromByteOffset: At.matchedAt, as: UInt8.self))
    event.clientPrefix = slot.load(fromByteOffset: At.clientPrefixAt, as: UInt8.self)
    event.relayPort = slot.load(fromByteOffset: At.relayPortAt, as: UInt16.self)
    if hasRelay {
      event.relayHigh = slot.loadUnaligned(fromByteOffset: relayAt, as: UInt64.self)
      event.relayLow = slot.loadUnaligned(fromByteOffset: relayAt + 8, as: UInt64.self)
    }
    return event
  }

  /// What a forwarder said of the device behind it; empty for most.
  package var device: [UInt8] { Array(deviceBytes) }

  var deviceBytes: UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: slot + deviceAt, count: deviceLength)
  }

  private var deviceLength: Int {
    Int(slot.load(fromByteOffset: RingFormat.deviceLengthAt, as: UInt8.self))
  }

  private var hasRelay: Bool {
    slot.load(fromByteOffset: RingFormat.hasRelayAt, as: UInt8.self) == 1
  }

  private var relayAt: Int { RingFormat.qnameAt + qnameBytes.count }

  private var deviceAt: Int { relayAt + (hasRelay ? RingFormat.relayOctets : 0) }

  /// The queried name in wire form, original letter case.
  package var qname: [UInt8] { Array(qnameBytes) }

  /// Up to the year 9999 and as far before 1970, for clocks that are wrong; differences of damaged
  /// times would not fit 64 bits.
  private static let times: Range<Int64> = -253_402_300_800_000_000..<253_402_300_800_000_000

  var qnameBytes: UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(
      start: slot + RingFormat.qnameAt,
      count: Int(slot.load(fromByteOffset: RingFormat.qnameLengthAt, as: UInt8.self)))
  }

  var clientHigh: UInt64 { slot.load(fromByteOffset: RingFormat.clientAt, as: UInt64.self) }
  var clientLow: UInt64 { slot.load(fromByteOffset: RingFormat.clientAt + 8, as: UInt64.self) }
  var clientPort: UInt16 { slot.load(fromByteOffset: RingFormat.clientPortAt, as: UInt16.self) }

  /// Whether the time is one that can be, and the name a chain of labels that ends with the root
  /// and holds the match.
  var isPlausible: Bool {
    guard Self.times.contains(timeMicroseconds),
      deviceAt + deviceLength <= RingFormat.stride, deviceLength <= RingFormat.deviceMax
    else { return false }
    let name = qnameBytes
    var at = 0
    while at < name.count {
      let length = Int(name[at])
      if length == 0 {
        return at == name.count - 1
          && slot.load(fromByteOffset: RingFormat.matchedAt, as: UInt8.self) < name.count
      }
      guard length <= 63 else { return false }
      at += length + 1
    }
    return false
  }
}

// MARK: - Folding

extension HitRecord {
  var timeMicroseconds: Int64 { slot.load(fromByteOffset: RingFormat.timeAt, as: Int64.self) }

  /// A hash that is equal for records that fold, whatever the letter case of their names.
  var foldHash: UInt64 {
    var hash = clientLow &* 0x9e37_79b9_7f4a_7c15 ^ clientHigh
    hash = Self.mix(hash ^ word(RingFormat.payloadAt))
    hash = Self.mix(hash ^ word(RingFormat.qtypeAt) & Self.keyMask)
    let name = qnameBytes
    var at = 0
    while at < name.count {
      var part = word(RingFormat.qnameAt + at)
      let left = name.count - at
      if left < 8 { part &= (1 << (8 * UInt64(left))) - 1 }
      hash = Self.mix(hash ^ (part | 0x2020_2020_2020_2020))
      at += 8
    }
    return originKey == 0 ? hash : originHash(hash)
  }

  /// Device length, prefix and whether there is a relay; 0 for clients that ask by themselves.
  private var originKey: UInt64 { word(RingFormat.actionAt) & 0x0000_ffff_ff00_0000 }

  /// The relay's port is no part of it: a forwarder uses another one for each query.
  private func originHash(_ start: UInt64) -> UInt64 {
    var hash = Self.mix(start ^ originKey)
    for octet in originBytes { hash = Self.mix(hash ^ UInt64(octet)) }
    return hash
  }

  /// Relay address and device identity.
  private var originBytes: UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(
      start: slot + relayAt, count: deviceAt - relayAt + deviceLength)
  }

  /// Whether two records may stand in one row.
  func folds(with other: HitRecord) -> Bool {
    guard word(RingFormat.clientAt + 8) == other.word(RingFormat.clientAt + 8),
      word(RingFormat.clientAt) == other.word(RingFormat.clientAt),
      word(RingFormat.payloadAt) == other.word(RingFormat.payloadAt),
      word(RingFormat.generationAt) == other.word(RingFormat.generationAt),
      word(RingFormat.qtypeAt) & Self.keyMask == other.word(RingFormat.qtypeAt) & Self.keyMask,
      word(RingFormat.serverAt) == other.word(RingFormat.serverAt),
      word(RingFormat.serverAt + 8) == other.word(RingFormat.serverAt + 8),
      serverPort == other.serverPort, originKey == other.originKey
    else { return false }
    if originKey != 0, !originBytes.elementsEqual(other.originBytes) { return false }
    let (left, right) = (qnameBytes, other.qnameBytes)
    guard left.count == right.count else { return false }
    for index in left.indices where left[index] != right[index] {
      guard Self.lower(left[index]) == Self.lower(right[index]) else { return false }
    }
    return true
  }

  var serverPort: UInt16 { slot.load(fromByteOffset: RingFormat.serverPortAt, as: UInt16.self) }

  /// Type, transport, flags, action, match and name length: octets 68–74 as one little-endian word.
  private static let keyMask: UInt64 = 0x00ff_ffff_ffff_ffff

  private func word(_ offset: Int) -> UInt64 {
    slot.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
  }

  private static func lower(_ octet: UInt8) -> UInt8 {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(octet) ? octet | 0x20 : octet
  }

  /// A multiply-and-shift mixer; equal inputs are all that is asked of it.
  private static func mix(_ value: UInt64) -> UInt64 {
    let product = value &* 0xff51_afd7_ed55_8ccd
    return product ^ product >> 32
  }
}

extension HitRecord {
  /// Stands in for the ordinal of a listed name that has none.
  ///
  /// FNV-1a, 32 bits, of the lower-case listed name. Two names of one client fall together with
  /// probability 1 in 4.3 billion.
  var matchedNameHash: UInt32 {
    let offset = Int(slot.load(fromByteOffset: RingFormat.matchedAt, as: UInt8.self))
    var hash: UInt32 = 0x811c_9dc5
    for octet in qnameBytes.dropFirst(offset) {
      hash = (hash ^ UInt32(Self.lower(octet))) &* 0x0100_0193
    }
    return hash
  }
}
