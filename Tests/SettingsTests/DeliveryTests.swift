import Settings
import Testing

@Suite struct DeliverySettingsTests {
  private let head = "recipients: [{ name: isp }]\n"

  @Test(
    "a sink that cannot work is refused with what it needs",
    arguments: [
      ("{ name: a, kind: files, recipient: isp }", "needs a folder"),
      ("{ name: a, kind: files, recipient: ips, folder: x }", "did you mean 'isp'?"),
      ("{ name: a, kind: webhook, recipient: isp, url: 'https://h/' }", "needs a secret"),
      ("{ name: a, kind: webhook, recipient: isp, url: 'ftp://h/', secret: 'env:A' }", "https://"),
      ("{ name: a, kind: webhook, recipient: isp }", "needs a url"),
      ("{ name: a, kind: syslog, recipient: isp, url: 'tcp://u:p@h' }", "'user' and 'secret'"),
      ("{ name: a, kind: redis, recipient: isp, url: 'redis://h' }", "needs a queue"),
      ("{ name: a, kind: nats, recipient: isp, url: 'nats://h' }", "needs a queue"),
      ("{ name: a, kind: mail, recipient: isp, url: 'smtp://h' }", "mail_from and mail_to"),
      ("{ name: a, kind: pigeon, recipient: isp }", "expected files, webhook"),
      ("{ name: 'a/b', kind: files, recipient: isp, folder: x }", "letters, digits"),
      ("{ name: a, kind: syslog, recipient: isp, url: 'tcp://h', secret: hunter2 }", "env:NAME"),
    ])
  func refusals(sink: String, expected: String) {
    let found = problems(head + "exports: [\(sink)]")
    #expect(found.count == 1 && found[0].contains(expected), "\(found)")
  }

  @Test("recipients: names once, none like a collection, no fetching without a secret")
  func recipients() {
    #expect(problems("recipients: [{ name: a }, { name: a }]")[0].contains("twice"))
    #expect(problems("recipients: [{ name: domains }]")[0].contains("take another"))
    #expect(problems("recipients: [{ name: a, taxii: true }]")[0].contains("has no token"))
    #expect(problems("recipients: [{ name: a, asns: [0] }]")[0].contains("1 … 4294967295"))
  }

  @Test("a webhook in the clear is a warning, except on this host")
  func clearText() {
    let sink = { (host: String) in
      head + "exports: [{ name: a, kind: webhook, recipient: isp, secret: 'env:A', "
        + "url: 'http://\(host)/' }]"
    }
    #expect(problems(sink("soc.example"))[0].contains("in the clear"))
    #expect(problems(sink("127.0.0.1:80")).isEmpty)
  }

  @Test("files with secrets are inputs; nothing shows what is in them")
  func secretFiles() throws {
    let settings = try parsed(
      "recipients: [{ name: isp, token: 'file:isp.token', taxii: true }]", directory: "/etc/ponor/")
    #expect(settings.recipients[0].token == .file("/etc/ponor/isp.token"))
    #expect(settings.inputPaths.contains("/etc/ponor/isp.token"))
  }
}
