import DNSWire
import Testing
import Transfers

@Suite struct TSIGTests {
  private let key = TSIGKey(
    name: Sample.name("key.example"), algorithm: .sha256, secret: Array("0123456789abcdef".utf8))
  private let time: Int64 = 1_700_000_000

  private func query(_ signer: TSIGSigner?) -> [UInt8] {
    var signer = signer
    return WireWriter.array(capacity: 1_024) { writer in
      for word: UInt16 in [0x1234, 0, 1, 0, 0, 0] { writer.append16(word) }
      writer.append(Sample.apex.wire)
      writer.append16(RRType.soa.rawValue)
      writer.append16(1)
      signer?.sign(&writer, at: time)
    } ?? []
  }

  @Test("Messages signed by dnspython are good; changed, with another secret, or late they are not")
  func vectors() throws {
    let vectors: [(MACAlgorithm, String)] = [
      (
        .sha1,
        "123400000001000000000001076578616d706c65036e65740000060001034b6579074578616d"
          + "706c650000fa00ff00000000002f09686d61632d736861310000006553f100012c00149c151e"
          + "c19dce1f950e2c071b3c268d64d5d6656d123400000000"
      ),
      (
        .sha256,
        "123400000001000000000001076578616d706c65036e65740000060001034b6579074578616d"
          + "706c650000fa00ff00000000003d0b686d61632d7368613235360000006553f100012c002082"
          + "a3b64708ea7dbc62863df32a6620f3dff756ffc86d71769367f32a238beb97123400000000"
      ),
      (
        .sha384,
        "123400000001000000000001076578616d706c65036e65740000060001034b6579074578616d"
          + "706c650000fa00ff00000000004d0b686d61632d7368613338340000006553f100012c003072"
          + "c4025bda2ad07630d5817d107b10a5ff3b613ee14073f5c322e5a90f1800b65411b26d7e2dcd"
          + "76c583b545508e3179123400000000"
      ),
      (
        .sha512,
        "123400000001000000000001076578616d706c65036e65740000060001034b6579074578616d"
          + "706c650000fa00ff00000000005d0b686d61632d7368613531320000006553f100012c004004"
          + "6619012d2046c2d7bfbb71be52b32ef705d81091597564bd0eef549debd8b9c27a5621dd4fc1"
          + "8ee057d98612692a65e11627c3d48955644bc549c7582de960123400000000"
      ),
    ]
    for (algorithm, hex) in vectors {
      let key = TSIGKey(
        name: Sample.name("KEY.example"), algorithm: algorithm,
        secret: Array("0123456789abcdef".utf8))
      var message = octets(hex)
      guard case .valid(let signer) = check(message, key) else {
        Issue.record("\(algorithm): not valid")
        continue
      }
      #expect(signer.priorMAC.count == algorithm.macOctets)
      let wrong = TSIGKey(name: key.name, algorithm: algorithm, secret: [1, 2, 3])
      #expect(error(check(message, wrong)) == .badSignature)
      #expect(error(check(message, key, time + 301)) == .badTime)
      #expect(error(check(message, key, time - 301)) == .badTime)
      #expect(error(check(message, self.otherKey)) == .badKey)
      message[14] ^= 1
      #expect(error(check(message, key)) == .badSignature)
    }
  }

  private let otherKey = TSIGKey(
    name: Sample.name("other.example"), algorithm: .sha256, secret: [1])

  private func check(_ message: [UInt8], _ key: TSIGKey, _ now: Int64? = nil) -> TSIGCheck {
    TSIGCheck(message.span, keys: TSIGKeyring([key]), at: now ?? time)
  }

  private func error(_ check: TSIGCheck) -> TSIGError? {
    guard case .refused(let failure) = check else { return nil }
    return failure.error
  }

  private func octets(_ hex: String) -> [UInt8] {
    var digits = hex[...]
    var octets: [UInt8] = []
    while let octet = UInt8(digits.prefix(2), radix: 16) {
      octets.append(octet)
      digits = digits.dropFirst(2)
    }
    return octets
  }

  @Test("A stream: signed first and last, unsigned between; each change shows")
  func stream() throws {
    var request = TSIGSigner(key: key)
    let sent = query(nil)
    _ = WireWriter.array(capacity: 1_024) { writer in
      writer.append(sent)
      request.sign(&writer, at: time)
    }
    var signer = TSIGSigner(key: key, requestMAC: request.priorMAC)
    let messages = (0..<3).map { _ in
      WireWriter.array(capacity: 1_024) { writer in
        writer.append(sent)
        signer.sign(&writer, at: time)
      } ?? []
    }
    var verifier = TSIGStreamVerifier(key: key, requestMAC: request.priorMAC)
    #expect(!verifier.isComplete)
    for message in messages { try verifier.take(octets: message, at: time) }
    #expect(verifier.isComplete)
    var swapped = TSIGStreamVerifier(key: key, requestMAC: request.priorMAC)
    try swapped.take(octets: messages[0], at: time)
    #expect(throws: TSIGStreamError.badSignature) {
      try swapped.take(octets: messages[2], at: time)
    }
    var unsigned = TSIGStreamVerifier(key: key, requestMAC: request.priorMAC)
    #expect(throws: TSIGStreamError.unsigned) { try unsigned.take(octets: sent, at: time) }
    var late = TSIGStreamVerifier(key: key, requestMAC: request.priorMAC)
    #expect(throws: TSIGStreamError.badTime(400)) {
      try late.take(octets: messages[0], at: time + 400)
    }
  }

  @Test("Unsigned messages in between count, and the last must be signed")
  func unsignedBetween() throws {
    let sent = query(nil)
    var signer = TSIGSigner(key: key, requestMAC: [1])
    let first =
      WireWriter.array(capacity: 1_024) { writer in
        writer.append(sent)
        signer.sign(&writer, at: time)
      } ?? []
    var verifier = TSIGStreamVerifier(key: key, requestMAC: [1])
    try verifier.take(octets: first, at: time)
    for _ in 0..<99 { try verifier.take(octets: sent, at: time) }
    #expect(!verifier.isComplete)
    #expect(throws: TSIGStreamError.unsigned) { try verifier.take(octets: sent, at: time) }
  }

  @Test("A secret is in no description")
  func hidden() {
    #expect(!"\(key)".contains("0123"))
    #expect(!String(reflecting: key).contains("48"))
    var text = ""
    dump(key, to: &text)
    #expect(!text.contains("48"))
  }
}
