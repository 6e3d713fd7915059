import DGAKit
import Testing

@Suite("Small hashes and ciphers agree with published values")
struct StringHashTests {
  @Test(
    "FNV-1a: the test suite of RFC 9923",
    arguments: [
      ("", 0x811C_9DC5, 0xCBF2_9CE4_8422_2325), ("a", 0xE40C_292C, 0xAF63_DC4C_8601_EC8C),
      ("foobar", 0xBF9C_F968, 0x8594_4171_F739_67E8),
    ] as [(String, UInt32, UInt64)])
  func fnv1a(text: String, small: UInt32, large: UInt64) {
    let octets = Array(text.utf8)
    #expect(FNV1a.hash32(octets.span) == small)
    #expect(FNV1a.hash64(octets.span) == large)
  }

  @Test(
    "Murmur3: vectors of its users (Appleby publishes only a checksum)",
    arguments: [
      ([], 0, 0), ([], 1, 0x514E_28B7), ([], 0xFFFF_FFFF, 0x81F1_6F39),
      ([0xFF, 0xFF, 0xFF, 0xFF], 0, 0x7629_3B50), ([0x21, 0x43, 0x65, 0x87], 0, 0xF55B_516B),
      ([0x21, 0x43, 0x65, 0x87], 0x5082_EDEE, 0x2362_F9DE),
      ([0x21, 0x43, 0x65], 0, 0x7E4A_8634), ([0x21, 0x43], 0, 0xA0F7_B07A),
      ([0x21], 0, 0x7266_1CF4), ([0, 0, 0, 0], 0, 0x2362_F9DE), ([0, 0, 0], 0, 0x85F0_B427),
      ([0, 0], 0, 0x30F4_C306), ([0], 0, 0x514E_28B7),
      (Array("Hello, world!".utf8), 0x9747_B28C, 0x2488_4CBA),
    ] as [([UInt8], UInt32, UInt32)])
  func murmur3(octets: [UInt8], seed: UInt32, hash: UInt32) {
    #expect(Murmur3.hash(octets.span, seed: seed) == hash)
  }

  @Test("djb2, sdbm and Java's hash")
  func polynomials() {
    let hello = Array("hello".utf8)
    #expect(StringHash.djb2(hello.span) == 261_238_937)
    #expect(StringHash.djb2a(hello.span) == 178_056_679)
    #expect(StringHash.sdbm(hello.span) == 684_824_882)
    #expect(StringHash.java(hello.span) == 99_162_322)
    // Known for having the least hash there is.
    #expect(StringHash.java(Array("polygenelubricants".utf8).span) == .min)
    #expect(StringHash.djb2([UInt8]().span) == 5_381)
  }

  @Test(
    "SHA-512: the examples of FIPS 180-4 (NIST)",
    arguments: [
      (
        "abc",
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
          + "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"
      ),
      (
        "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn"
          + "hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
        "8e959b75dae313da8cf4f72814fc143f8f7779c6eb9f7fa17299aeadb6889018"
          + "501d289e4900f7e4331b99dec4b5433ac7d329eeb6dd26545e96e55b874be909"
      ),
      (
        "",
        "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce"
          + "47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e"
      ),
      (
        String(repeating: "a", count: 1_000_000),
        "e718483d0ce769644e2e42c7bc15b4638e1f98b13b2044285632a803afa973eb"
          + "de0ff244877ea60a4cb0432ce577c31beb009c5c2c49aa2e4eadb217ad8cc09b"
      ),
    ])
  func sha512(message: String, digest: String) {
    var text = DomainBuffer()
    text.append(hexadecimal: SHA512.hash(Array(message.utf8).span).bytes.span)
    #expect(text.text == digest)
  }

  @Test(
    "XTEA: vectors published with its implementations, words high octet first",
    arguments: [
      (true, 0x4142_4344, 0x4546_4748, 0x497D_F3D0, 0x7261_2CB5),
      (true, 0x4141_4141, 0x4141_4141, 0xE78F_2D13, 0x7443_41D8),
      (true, 0x5A5B_6E27, 0x8948_D77F, 0x4141_4141, 0x4141_4141),
      (false, 0x4142_4344, 0x4546_4748, 0xA039_0589, 0xF8B8_EFA5),
      (false, 0x4141_4141, 0x4141_4141, 0xED23_375A, 0x821A_8C2D),
    ] as [(Bool, UInt32, UInt32, UInt32, UInt32)])
  func xtea(hasKey: Bool, left: UInt32, right: UInt32, outLeft: UInt32, outRight: UInt32) {
    let cipher = XTEA(
      key: hasKey ? [0x0001_0203, 0x0405_0607, 0x0809_0A0B, 0x0C0D_0E0F] : [0, 0, 0, 0])
    #expect(cipher.encrypt((left, right)) == (outLeft, outRight))
    #expect(cipher.decrypt((outLeft, outRight)) == (left, right))
  }
}
