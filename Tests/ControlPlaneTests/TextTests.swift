import ControlPlane
import Testing

@Suite("Text for people and monitors")
struct TextTests {
  @Test("status as people read it")
  func status() {
    #expect(
      StatusText.render(TestSource.status) == """
        server    ponor 0.1.0, pid 4711, mode recursive, up 1 d 2 h since 2023-11-14T22:13:20Z
        index     generation 20231114T000000Z-1, current, built 2023-11-14T00:00:00Z (2 d 0 h ago)
                  1,234,567 names, 1,300,000 rows, 17 families, 18.1 MiB
                  covers 2023-11-07T00:00:00Z to 2023-11-16T00:00:00Z
        queries   1,010 (udp 1,000, tcp 10)
                  sinkholed 3, cache hit 900
        tcp       open 0, accepted 0, refused 0, timeouts 0, malformed 0
        hits      appended 0, stored 0, folded 0, pending 0, dropped 0
                  last error: disk full
        cache     12 entries, 0 B, 75 % hits
        recursion in flight 0, finished 0, refused 0, servfail 0
        zone      example.net. serial 7, 12 records
        warning   the index is stale

        """)
  }

  @Test("a server without an index says what that means")
  func noIndex() {
    var status = TestSource.status
    status.index = nil
    #expect(StatusText.render(status).contains("index     none: no name is sinkholed\n"))
  }

  @Test("samples of one metric stand together, labels are escaped")
  func metrics() {
    func sample(_ name: String, _ label: String, _ value: Double) -> MetricSample {
      MetricSample(
        name, .counter, help: "Queries \\ \"all\"\n.", labels: [.init("kind", label)],
        value: value)
    }
    let text = MetricText.render([
      sample("q_total", "a\"b\\c\nd", 1), sample("r_total", "x", 1e15), sample("q_total", "e", 0.5),
    ])
    #expect(
      text == """
        # HELP q_total Queries \\\\ "all"\\n.
        # TYPE q_total counter
        q_total{kind="a\\"b\\\\c\\nd"} 1
        q_total{kind="e"} 0.5
        # HELP r_total Queries \\\\ "all"\\n.
        # TYPE r_total counter
        r_total{kind="x"} 1000000000000000

        """)
  }
}
