import Sharing
import Testing

@Suite struct TAXIITimeTests {
  @Test(
    "timestamps of TAXII",
    arguments: [
      ("1970-01-01T00:00:00Z", 0), ("2026-11-22T03:00:00.250009Z", 1_795_316_400_250_009),
      ("2024-02-29T23:59:59.5Z", 1_709_251_199_500_000),
      ("2026-11-22T03:00:00.2500099999Z", 1_795_316_400_250_009),
    ])
  func good(text: String, microseconds: Int64) {
    #expect(TAXIITime.parse(text) == microseconds)
  }

  @Test(
    "what is none",
    arguments: [
      "", "2026-11-22", "2026-11-22T03:00:00", "2026-11-22T03:00:00+01:00", "2026-13-01T00:00:00Z",
      "2026-02-29T00:00:00Z", "2026-11-22T24:00:00Z", "2026-11-22T03:00:00.Z",
      "2026-11-22T03:00:00.1x2345678Z", "2026-11-22 03:00:00Z", "١٩٧٠-01-01T00:00:00Z",
      "2026-11-22T03:00:00.1234567890123456789012345Z",
    ])
  func bad(text: String) { #expect(TAXIITime.parse(text) == nil) }
}
