import Attribution
import Settings
import Testing

@Suite struct FormatListTests {
  @Test("the formats of the configuration are those that can be read")
  func formats() {
    #expect(AttributionFormat.allCases.map(\.rawValue) == SourceFormat.allCases.map(\.rawValue))
  }
}
