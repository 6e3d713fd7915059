import Glibc

/// The seed of a randomised test: `PONOR_TEST_SEED` if set, else a fixed one; printed either way.
///
/// Fixed by default so that a failure is the test's own and repeats; CI may set a fresh one.
package func testSeed(_ test: String = #function) -> UInt64 {
  let given = getenv("PONOR_TEST_SEED").flatMap { UInt64(String(cString: $0)) }
  let seed = given ?? 20_261_123
  print("\(test): seed \(seed); repeat with PONOR_TEST_SEED=\(seed)")
  return seed
}
