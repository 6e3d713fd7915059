import Operation
import Testing

@Suite struct SandboxRulesTests {
  @Test("a file opens its directory up, unless that holds other things too")
  func places() {
    #expect(SandboxRules.place(of: "/etc/ponor/ponor.yaml") == "/etc/ponor")
    #expect(SandboxRules.place(of: "/etc/ponor.yaml") == "/etc/ponor.yaml")
    #expect(SandboxRules.place(of: "/ponor.yaml") == "/ponor.yaml")
    #expect(SandboxRules.place(of: "/home/me/ponor.yaml") == "/home/me")
    #expect(SandboxRules.place(of: "ponor.yaml") == ".")
  }

  @Test("what is below an open place is covered, what only begins like one is not")
  func covered() {
    var rules = SandboxRules()
    rules.writable = ["/var/lib/ponor"]
    rules.readable = ["/etc/ponor", "/srv/list.txt"]
    for path in ["/var/lib/ponor", "/var/lib/ponor/hits/x", "/etc/ponor/a", "/srv/list.txt"] {
      #expect(rules.covers(path), "\(path)")
    }
    for path in ["/var/lib/ponor2", "/etc", "/srv/list.txt2", "/srv"] {
      #expect(!rules.covers(path), "\(path)")
    }
  }
}
