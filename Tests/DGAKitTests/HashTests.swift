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
    let octets = Array(message.utf8)
    #expect(hexadecimal(MD5.hash(octets.span).bytes) == digest)
    guard octets.count <= 55 else { return }
    var short = MD5.ShortMessage()
    short.append(octets)
    #expect(hexadecimal(short.digest.bytes) == digest)
  }

  @Test("MD5 of a short message: integers are added lowest octet first")
  func shortMessage() {
    var short = MD5.ShortMessage()
    short.append(littleEndian: 0x6463_6261 as UInt32)
    short.append(littleEndian: 0x6665 as UInt16)
    #expect(short.digest == MD5.hash(Array("abcdef".utf8).span))
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
    #expect(SHA256.hash(Array(message.utf8)).hexadecimal == digest)
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
    let octets = Array(message.utf8)
    #expect(hexadecimal(SHA1.hash(octets.span).bytes) == digest)
    guard octets.count <= 55 else { return }
    var short = SHA1.ShortMessage()
    short.append(octets)
    #expect(hexadecimal(short.digest.bytes) == digest)
  }

  @Test("SHA-1 of a short message is that of the same octets, at every length up to 55")
  func shortSHA1() {
    var octets: [UInt8] = []
    var short = SHA1.ShortMessage()
    for byte in 0..<55 as Range<UInt8> {
      #expect(short.count == octets.count)
      #expect(short.digest == SHA1.hash(octets.span))
      octets.append(byte &* 37)
      short.append(byte &* 37)
    }
    #expect(short.digest == SHA1.hash(octets.span))
    var integers = SHA1.ShortMessage()
    integers.append(littleEndian: 0x6463_6261 as UInt32)
    integers.append(littleEndian: 0x6665 as UInt16)
    #expect(integers.digest == SHA1.hash(Array("abcdef".utf8).span))
  }

  @Test("CRC-32: the check value of the polynomial's catalogue entry")
  func crc32() {
    var checksum = CRC32()
    checksum.append(text: "123456789")
    #expect(checksum.value == 0xCBF4_3926)
    #expect(CRC32().value == 0)
  }

  private func hexadecimal(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
