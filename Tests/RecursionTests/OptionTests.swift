import Addressing
import Recursion
import Testing

/// What options lead to.
@Suite struct OptionTests {
  private func error(_ change: (inout RecursionOptions) -> Void) -> RecursionError? {
    var options = RecursionOptions()
    change(&options)
    do {
      try Resolver(options).stop(drain: .zero)
      return nil
    } catch {
      return error
    }
  }

  @Test("The defaults are accepted, on several threads")
  func defaults() {
    #expect(error { $0.threads = 4 } == nil)
  }

  @Test("An unknown option is named in the error")
  func unknownOption() throws {
    let found = try #require(error { $0.extra = [("harden-glu", "yes")] })
    #expect("\(found)".contains("'harden-glu: yes'"))
  }

  @Test("A value libunbound does not take is named in the error")
  func badValue() throws {
    let found = try #require(error { $0.extra = [("harden-glue", "perhaps")] })
    guard case .optionRefused("harden-glue", "perhaps", _) = found else {
      Issue.record("\(found)")
      return
    }
  }

  @Test("A root hints file that is not there is named in the error")
  func missingHints() throws {
    let found = try #require(error { $0.rootHints = "/nonexistent/root.hints" })
    #expect("\(found)".contains("/nonexistent/root.hints"))
  }

  @Test("A trust anchor that cannot be read is named in the error")
  func badAnchor() throws {
    let found = try #require(error { $0.trustAnchors = [". IN DS twenty 8 2 ABCD"] })
    #expect("\(found)".contains("twenty"))
  }

  @Test("Numbers outside their range are refused")
  func ranges() {
    #expect(
      error { $0.threads = 0 } == .outOfRange(name: "threads", got: 0, allowed: 1...64))
    #expect(error { $0.outstandingPerThread = 0 } != nil)
    #expect(error { $0.answerTimeoutMilliseconds = 1 } != nil)
  }

  @Test("Zones with servers of their own and DNS64 are accepted")
  func zones() throws {
    let server = try #require(SocketEndpoint("192.0.2.1:5353"))
    let prefix = try #require(IPPrefix("64:ff9b::/96"))
    let found = error { options in
      let forward = RecursionOptions.ZoneServers(
        name: "a.example", kind: .resolvers, servers: [server])
      var stub = RecursionOptions.ZoneServers(
        name: "b.example", kind: .authorities, servers: [server])
      stub.isInsecure = true
      options.zones = [forward, stub]
      options.mode = .forward([server])
      options.dns64 = RecursionOptions.DNS64(prefix: prefix)
      options.insecureZones = ["c.example"]
    }
    #expect(found == nil)
  }

  @Test("Where libunbound has no TLS, the error says so")
  func tls() throws {
    let server = try #require(SocketEndpoint("192.0.2.1:853"))
    let found = error { $0.mode = .forward([server], tlsName: "dns.example") }
    if let found { #expect("\(found)".contains("OpenSSL")) }
  }

  @Test("Every hardening and network option is accepted the other way round")
  func opposites() throws {
    let prefix = try #require(IPPrefix("10.0.0.0/8"))
    let address = try #require(IPAddress("127.0.0.1"))
    let found = error { options in
      options.hardening.minimisation = .strict
      options.hardening.randomCase = true
      options.hardening.randomCaseExceptions = ["example.com"]
      options.hardening.aggressiveNSEC = false
      options.hardening.glue = false
      options.hardening.belowNXDOMAIN = false
      options.hardening.algorithmDowngrade = true
      options.hardening.referralPath = true
      options.hardening.largeQueries = false
      options.hardening.shortPayload = false
      options.hardening.strippedSignatures = false
      options.hardening.scrubPromiscuous = false
      options.hardening.nsec3Iterations = 0
      options.hardening.anchorSignaling = false
      options.hardening.rootKeySentinel = false
      options.hardening.privateAddresses = [prefix]
      options.hardening.privateDomains = ["example.com"]
      options.network.preferred = .ipv4
      options.network.addresses = [address]
      options.network.avoidedPorts = ["5000-5100", "9999"]
      options.network.onlyTCP = true
      options.network.payload = 512
      options.network.tries = 1
      options.network.targetFetches = [-1]
    }
    #expect(found == nil)
  }

  @Test("A copy of the root zone that cannot be read is an error")
  func missingRoot() {
    #expect(error { $0.localRoot = "/nonexistent/root.zone" } != nil)
  }
}

/// What the state file of trust anchors says.
@Suite struct AnchorStateTests {
  private let file = """
    ; autotrust trust anchor file
    ;;id: . 1
    ;;last_queried: 1700000000 ;;Tue Nov 14 22:13:20 2023
    ;;next_probe_time: 1700043200 ;;Wed Nov 15 10:13:20 2023
    .\t172800\tIN\tDNSKEY\t257 3 8 AAAA ;{id = 1 (ksk), size = 2048b} ;;state=2 [  VALID  ] ;;count=0
    .\t172800\tIN\tDNSKEY\t257 3 8 BBBB ;{id = 2 (ksk), size = 2048b} ;;state=1 [ ADDPEND ] ;;count=3
    .\t172800\tIN\tDNSKEY\t257 3 8 CCCC ;{id = 3 (ksk), size = 2048b} ;;state=3 [ MISSING ] ;;count=3
    .\t172800\tIN\tDNSKEY\t385 3 8 DDDD ;{id = 4 (ksk), size = 2048b} ;;state=4 [ REVOKED ] ;;count=3
    """

  @Test("Keys that are valid or missing are trusted; pending and revoked ones are not")
  func states() {
    let state = AnchorState(file)
    #expect(
      state.anchors == [". 172800 IN DNSKEY 257 3 8 AAAA", ". 172800 IN DNSKEY 257 3 8 CCCC"])
    #expect(state.nextProbe == 1_700_043_200)
  }

  @Test("Plain records are taken; other text gives nothing", arguments: ["", ";;state=", "x\n\0"])
  func plain(rubbish: String) {
    let records = RootTrustAnchors.records.joined(separator: "\n")
    #expect(AnchorState(records + "\n" + rubbish).anchors == RootTrustAnchors.records)
    #expect(AnchorState(rubbish).anchors.isEmpty)
  }
}
