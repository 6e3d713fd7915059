import Addressing
import ClientIdentity
import DNSWire
import Testing

/// RFC 9018 Appendix A, and what the RFC says in words.
@Suite struct ServerCookieTests {
  /// One query and the cookie of its answer, as Appendix A shows them.
  struct Vector: Sendable {
    var secret: String
    var address: String
    var client: UInt64
    var head: UInt64
    var hash: UInt64
  }

  static let vectors = [
    // A.1: a client learns its first server cookie.
    Vector(
      secret: "e5e973e5a6b2a43f48e7dc849e37bfcf", address: "198.51.100.100",
      client: 0x2464_c4ab_cf10_c957, head: 0x0100_0000_5cf7_9f11, hash: 0x1f81_30c3_eee2_9480),
    // A.2: the same client gets a fresh one.
    Vector(
      secret: "e5e973e5a6b2a43f48e7dc849e37bfcf", address: "198.51.100.100",
      client: 0x2464_c4ab_cf10_c957, head: 0x0100_0000_5cf7_a871, hash: 0xd4a5_64a1_442a_ca77),
    // A.3: a cookie of another server, whose reserved octets are not zero, and its renewal.
    Vector(
      secret: "e5e973e5a6b2a43f48e7dc849e37bfcf", address: "203.0.113.203",
      client: 0xfc93_fc62_807d_db86, head: 0x01ab_cdef_5cf7_8f71, hash: 0xa314_227b_6679_ebf5),
    Vector(
      secret: "e5e973e5a6b2a43f48e7dc849e37bfcf", address: "203.0.113.203",
      client: 0xfc93_fc62_807d_db86, head: 0x0100_0000_5cf7_a9ac, hash: 0xf73a_7810_aca2_381e),
    // A.4: IPv6, made with the old secret, and renewed with the new one.
    Vector(
      secret: "dd3bdf9344b678b185a6f5cb60fca715", address: "2001:db8:220:1:59de:d0f4:8769:82b8",
      client: 0x2268_1ab9_7d52_c298, head: 0x0100_0000_5cf7_c579, hash: 0x2655_6bd0_934c_72f8),
    Vector(
      secret: "445536bcd2513298075a5d379663c962", address: "2001:db8:220:1:59de:d0f4:8769:82b8",
      client: 0x2268_1ab9_7d52_c298, head: 0x0100_0000_5cf7_c609, hash: 0xa6bb_79d1_6625_507a),
  ]

  @Test("the cookies of RFC 9018 Appendix A are made and accepted", arguments: vectors)
  func appendix(_ vector: Vector) throws {
    let secret = try #require(CookieSecret(hexadecimal: vector.secret))
    let address = try #require(IPAddress(vector.address))
    let secrets = try #require(CookieSecrets([secret]))
    let cookie = ServerCookie(head: vector.head, hash: vector.hash)
    let time = Int64(vector.head & 0xFFFF_FFFF)
    let standing = cookie.standing(
      client: vector.client, address: address, at: time, secrets: secrets)
    #expect(standing == .good)
    guard vector.head >> 32 == 0x0100_0000 else { return }
    let made = ServerCookie.make(client: vector.client, address: address, at: time, secret: secret)
    #expect(made == cookie)
  }

  private let address = IPAddress(ipv4: 0xC000_0201)
  private let client: UInt64 = 0x0102_0304_0506_0708

  private func standing(age: Int64, _ now: Int64) -> ServerCookie.Standing {
    let secrets = CookieSecrets.random()
    let cookie = ServerCookie.make(
      client: client, address: address, at: now - age, secret: secrets.current)
    return cookie.standing(client: client, address: address, at: now, secrets: secrets)
  }

  // In 2106 the time wraps: serial number arithmetic must not notice.
  @Test(
    "a cookie is good for an hour, and may be five minutes ahead",
    arguments: [2_000_000_000, 4_294_967_306] as [Int64])
  func window(_ now: Int64) {
    #expect(standing(age: 0, now) == .good)
    #expect(standing(age: 1799, now) == .good)
    #expect(standing(age: 1800, now) == .aging)
    #expect(standing(age: 3600, now) == .aging)
    #expect(standing(age: 3601, now) == .unknown)
    #expect(standing(age: -300, now) == .good)
    #expect(standing(age: -301, now) == .unknown)
  }

  @Test("an old secret is still accepted, and its cookies are renewed")
  func rollover() throws {
    let old = CookieSecret.random()
    let new = CookieSecret.random()
    let cookie = ServerCookie.make(client: client, address: address, at: 100, secret: old)
    func standing(_ secrets: [CookieSecret]) throws -> ServerCookie.Standing {
      cookie.standing(
        client: client, address: address, at: 100, secrets: try #require(CookieSecrets(secrets)))
    }
    #expect(try standing([old, new]) == .good)
    #expect(try standing([new, old]) == .aging)
    #expect(try standing([new]) == .unknown)
  }

  @Test("a cookie is good for one address and one client cookie only")
  func bound() {
    let secrets = CookieSecrets.random()
    let cookie = ServerCookie.make(
      client: client, address: address, at: 100, secret: secrets.current)
    let other = IPAddress(ipv4: 0xC000_0202)
    #expect(
      cookie.standing(client: client, address: other, at: 100, secrets: secrets) == .unknown)
    #expect(
      cookie.standing(client: client + 1, address: address, at: 100, secrets: secrets) == .unknown)
    var future = cookie
    future.head |= 2 << 56
    #expect(
      future.standing(client: client, address: address, at: 100, secrets: secrets) == .unknown)
  }

  @Test("a file of secrets: comments, blanks, and the line at fault")
  func file() throws {
    let good = String(repeating: "0a", count: 16)
    let text = "# ours\n\n \(good)  # first\n\(String(repeating: "Ff", count: 16))\n"
    #expect(try CookieSecrets.read(text).get().secrets.count == 2)
    #expect(CookieSecrets.read("\(good)\n12\n") == .failure(fault("\(good)\n12\n", 2)))
    for text in ["", "# nothing", String(repeating: good + "\n", count: 5)] {
      #expect(CookieSecrets.read(text) == .failure(fault(text, 0)))
    }
    for text in [good + "0", "+" + good.dropFirst(), String(repeating: "ä", count: 16)] {
      #expect(CookieSecret(hexadecimal: text) == nil)
    }
  }

  private func fault(_ text: String, _ line: Int) -> CookieSecrets.LineFault {
    guard case .failure(let fault) = CookieSecrets.read(text), fault.line == line else {
      Issue.record("no fault in line \(line) of \(text)")
      return CookieSecrets.LineFault(line: -1)
    }
    return fault
  }
}
