import CheckedYAML
import Testing

@Suite struct NearestNameTests {
  @Test("the nearest name within reach is found")
  func nearest() {
    let names = ["server.listen", "server.workers", "http.listen", "log.level", "data_dir"]
    #expect(NearestName.find("server.lissen", among: names) == "server.listen")
    #expect(NearestName.find("listen", among: names) == "server.listen")
    #expect(NearestName.find("datadir", among: names) == "data_dir")
    #expect(NearestName.find("log.lvel", among: names) == "log.level")
    #expect(NearestName.find("something.else", among: names) == nil)
    #expect(NearestName.find("", among: names) == nil)
    #expect(NearestName.find("x", among: []) == nil)
    #expect(NearestName.find(String(repeating: "x", count: 100_000), among: names) == nil)
  }
}
