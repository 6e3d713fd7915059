// Unsafe: functions and structures of Nettle, as nettle/ecdsa.h and gmp.h lay them out.

import Foundation
import Testing

/// Nettle's own functions, and what a library finds that calls them by name.
struct Nettle {
  private typealias Verify =
    @convention(c) (UnsafeRawPointer, Int, UnsafePointer<UInt8>, UnsafeRawPointer) -> Int32
  private typealias Curve = @convention(c) () -> UnsafeRawPointer
  private typealias InitPoint = @convention(c) (UnsafeMutableRawPointer, UnsafeRawPointer) -> Void
  private typealias SetPoint =
    @convention(c) (UnsafeMutableRawPointer, UnsafeRawPointer, UnsafeRawPointer) -> Int32
  private typealias Clear = @convention(c) (UnsafeMutableRawPointer) -> Void
  private typealias SetNumber =
    @convention(c) (UnsafeMutableRawPointer, Int, UnsafePointer<UInt8>) -> Void
  private typealias Random =
    @convention(c) (UnsafeMutableRawPointer?, Int, UnsafeMutablePointer<UInt8>) -> Void

  private static let numberOctets = 16  // mpz_t
  private static let pointOctets = 16  // struct ecc_point

  private let hogweed: UnsafeMutableRawPointer

  init() throws { hogweed = try #require(dlopen("libhogweed.so.6", RTLD_NOW)) }

  /// Checks a signature with the function the program offers and with Nettle's own.
  func verify(
    _ sample: SignatureTests.Sample, digest: String? = nil, r: String? = nil, s: String? = nil
  ) -> (ours: Int32, theirs: Int32) {
    let curve = function(sample.curve, Curve.self)()
    let (point, signature) = (memory(Self.pointOctets), memory(2 * Self.numberOctets))
    defer {
      function("nettle_ecc_point_clear", Clear.self)(point)
      function("nettle_dsa_signature_clear", Clear.self)(signature)
      for one in [point, signature] { one.deallocate() }
    }
    function("nettle_ecc_point_init", InitPoint.self)(point, curve)
    function("nettle_dsa_signature_init", Clear.self)(signature)
    let (x, y) = (number(sample.x), number(sample.y))
    #expect(function("nettle_ecc_point_set", SetPoint.self)(point, x, y) == 1)
    let set = function("nettle_mpz_set_str_256_u", SetNumber.self)
    for (offset, text) in [(0, r ?? sample.r), (Self.numberOctets, s ?? sample.s)] {
      let octets = Self.octets(text)
      set(signature + offset, octets.count, octets)
    }
    let digest = Self.octets(digest ?? sample.digest)
    let (ours, theirs) = (
      unsafeBitCast(dlsym(nil, "nettle_ecdsa_verify"), to: Verify.self),
      function("nettle_ecdsa_verify", Verify.self)
    )
    return (
      ours(point, digest.count, digest, signature), theirs(point, digest.count, digest, signature)
    )
  }

  /// Random octets of the function the program offers.
  func random(_ count: Int) -> [UInt8] {
    let random = unsafeBitCast(dlsym(nil, "nettle_yarrow256_random"), to: Random.self)
    return Array(unsafeUninitializedCapacity: count) { buffer, filled in
      if let start = buffer.baseAddress { random(nil, count, start) }
      filled = count
    }
  }

  /// The octets of a number in hexadecimal.
  static func octets(_ text: String) -> [UInt8] {
    stride(from: 0, to: text.count, by: 2).map { offset in
      let start = text.index(text.startIndex, offsetBy: offset)
      return UInt8(text[start..<text.index(start, offsetBy: 2)], radix: 16) ?? 0
    }
  }

  /// One of libhogweed's own functions, whatever the program puts in its place.
  private func function<Function>(_ name: String, _: Function.Type) -> Function {
    unsafeBitCast(dlsym(hogweed, name), to: Function.self)
  }

  private func memory(_ count: Int) -> UnsafeMutableRawPointer {
    .allocate(byteCount: count, alignment: 8)
  }

  /// A number that lives as long as the test.
  private func number(_ text: String) -> UnsafeRawPointer {
    let (number, octets) = (memory(Self.numberOctets), Self.octets(text))
    function("nettle_mpz_init_set_str_256_u", SetNumber.self)(number, octets.count, octets)
    return UnsafeRawPointer(number)
  }
}
