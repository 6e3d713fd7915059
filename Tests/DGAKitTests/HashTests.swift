import DGAKit
import Testing

@Suite("Hashes and checksums agree with their standards")
struct HashTests {
  @Test(
    "MD5: the test suite of RFC 1321 A.5",
    arguments: [
      ("", "d41d8cd98f00b204e9800998ecf8427e"),
      ("a", "0cc175b9c0f1b6a831c399e269772661"),
      ("abc", "900150983cd24fb0d6963f7d28e17f72"),
      ("message digest", "f96b697d7cb7938d525a2f31aaf161d0"),
      ("abcdefghijklmnopqrstuvwxyz", "c3fcd3d76192e4007dfb496cca67e13b"),
      (
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
        "d174ab98d277d9f5a5611c2c9f419d9f"
      ),
      (
        String(repeating: "1234567890", count: 8), "57edf4a22be3c955ac49da2e2107b67a"
      ),
    ])
  func md5(message: String, digest: String) {
    expect(MD5.self, of: Array(message.utf8), digest)
  }

  @Test("MD5 of a short message: integers are added lowest octet first")
  func shortMessage() {
    var short = MD5.ShortMessage()
    short.append(littleEndian: 0x6463_6261 as UInt32)
    short.append(littleEndian: 0x6665 as UInt16)
    #expect(short.digest == MD5.hash(Array("abcdef".utf8)))
  }

  @Test(
    "SHA-256: the examples of FIPS 180-4 (NIST)",
    arguments: [
      ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
      (
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
      ),
      (
        String(repeating: "a", count: 1_000_000),
        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
      ),
    ])
  func sha256(message: String, digest: String) {
    expect(SHA256.self, of: Array(message.utf8), digest)
  }

  @Test("SHA-256: the longest short message (NIST CAVP, SHA256ShortMsg, 440 bits)")
  func longestShortSHA256() {
    let message: [UInt8] = [
      0x3e, 0xbf, 0xb0, 0x6d, 0xb8, 0xc3, 0x8d, 0x5b, 0xa0, 0x37, 0xf1, 0x36, 0x3e, 0x11, 0x85,
      0x50, 0xaa, 0xd9, 0x46, 0x06, 0xe2, 0x68, 0x35, 0xa0, 0x1a, 0xf0, 0x50, 0x78, 0x53, 0x3c,
      0xc2, 0x5f, 0x2f, 0x39, 0x57, 0x3c, 0x04, 0xb6, 0x32, 0xf6, 0x2f, 0x68, 0xc2, 0x94, 0xab,
      0x31, 0xf2, 0xa3, 0xe2, 0xa1, 0xa0, 0xd8, 0xc2, 0xbe, 0x51,
    ]
    #expect(message.count == SHA256.ShortMessage.capacity)
    let digest = "6595a2ef537a69ba8583dfbf7f5bec0ab1f93ce4c8ee1916eff44a93af5749c4"
    expect(SHA256.self, of: message, digest)
  }

  @Test(
    "SHA-1: the examples of FIPS 180-4 (NIST) and RFC 3174 section 7.3",
    arguments: [
      ("", "da39a3ee5e6b4b0d3255bfef95601890afd80709"),
      ("abc", "a9993e364706816aba3e25717850c26c9cd0d89d"),
      (
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "84983e441c3bd26ebaae4aa1f95129e5e54670f1"
      ),
      (String(repeating: "a", count: 1_000_000), "34aa973cd4c4daa4f61eeb2bdbad27316534016f"),
      (String(repeating: "01234567", count: 80), "dea356a2cddd90c7a7ecedc5ebb563934f460452"),
    ])
  func sha1(message: String, digest: String) {
    expect(SHA1.self, of: Array(message.utf8), digest)
  }

  @Test("A short message's digest is that of the same octets, at every length there is room for")
  func everyLength() {
    expectSameDigests(MD5.self)
    expectSameDigests(SHA1.self)
    expectSameDigests(SHA256.self)
    expectSameDigests(SHA512.self)
  }

  private func expectSameDigests<Hash: BlockHash>(_ hash: Hash.Type) {
    var octets: [UInt8] = []
    var short = Hash.ShortMessage()
    while octets.count < Hash.ShortMessage.capacity {
      #expect(short.count == octets.count)
      #expect(short.digest.bytes == Hash.hash(octets).bytes)
      octets.append(UInt8(truncatingIfNeeded: octets.count &* 37))
      short.append(octets[octets.count - 1])
    }
    #expect(short.digest.bytes == Hash.hash(octets).bytes)
  }

  @Test(
    "A short message takes numbers in decimal",
    arguments: [
      (0, 1, "0"), (7, 2, "07"), (2026, 4, "2026"), (-12, 1, "-12"), (12_345, 2, "12345"),
      (Int.max, 1, "9223372036854775807"), (Int.min, 1, "-9223372036854775808"),
    ])
  func decimal(number: Int, width: Int, text: String) {
    var short = SHA256.ShortMessage()
    short.append(decimal: number, width: width)
    #expect(short.digest.bytes == SHA256.hash(Array(text.utf8)).bytes)
  }

  @Test("CRC-32: the check value of the polynomial's catalogue entry")
  func crc32() {
    var checksum = CRC32()
    checksum.append(text: "123456789")
    #expect(checksum.value == 0xCBF4_3926)
    #expect(CRC32().value == 0)
  }

  /// Compares the digest of a message and, if it is short enough, that of the short message.
  private func expect<Hash: BlockHash>(_ hash: Hash.Type, of octets: [UInt8], _ digest: String) {
    #expect(Hash.hash(octets.span).hexadecimal == digest)
    guard octets.count <= Hash.ShortMessage.capacity else { return }
    var short = Hash.ShortMessage()
    short.append(octets)
    #expect(short.digest.hexadecimal == digest)
  }
}
