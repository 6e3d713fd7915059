import Evidence
import Testing

@Suite struct UUIDv5Tests {
  @Test("Matches the RFC's example (RFC 9562 appendix A.4)")
  func example() {
    #expect(
      UUIDv5.text("www.example.com", in: .dns) == "2ed6657d-e927-568b-95e1-2665a8aea6a2")
  }

  @Test("A STIX observable gets the identifier that the specification's library gives it")
  func stix() {
    #expect(
      UUIDv5.text(#"{"value":"198.51.100.3"}"#, in: .stix)
        == "28bb3599-77cd-5a82-a950-b5bc3caf07c4")
  }

  @Test("Parts do not run into each other")
  func parts() {
    #expect(UUIDv5.text(parts: ["ab", "c"]) != UUIDv5.text(parts: ["a", "bc"]))
    #expect(UUIDv5.text(parts: ["ab", "c"]) == UUIDv5.text(parts: ["ab", "c"]))
  }

  @Test("A namespace is read from text, and only from a whole UUID")
  func namespace() {
    #expect(UUIDv5.Namespace("6BA7B810-9dad-11d1-80b4-00c04fd430c8") == .dns)
    for text in [
      "", "6ba7b810", "6ba7b8109dad11d180b400c04fd430c8", "6ba7b810-9dad-11d1-80b4-00c04fd430cg",
    ] {
      #expect(UUIDv5.Namespace(text) == nil)
    }
    #expect(UUIDv5.Namespace("６ba7b810-9dad-11d1-80b4-00c04fd430c8") == nil)
  }
}
