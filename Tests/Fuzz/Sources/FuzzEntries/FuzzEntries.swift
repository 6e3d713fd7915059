import Attribution

/// A parser under test: takes any octets and must neither trap nor contradict itself.
package struct FuzzEntry: Sendable {
  /// The name that `Tests/Fuzz/run` and the folder of the corpus use.
  package let name: String
  /// Runs the parser once; traps if it finds a contradiction.
  package let run: @Sendable ([UInt8]) -> Void

  /// Makes an entry.
  package init(_ name: String, _ run: @escaping @Sendable ([UInt8]) -> Void) {
    self.name = name
    self.run = run
  }
}

/// All parsers under test.
///
/// To add one: a function in a file of its own and a line here.
package let fuzzEntries = [
  FuzzEntry("request", fuzzRequest),
  FuzzEntry("message", fuzzMessage),
  FuzzEntry("name", fuzzName),
  FuzzEntry("doh", fuzzDoH),
  FuzzEntry("zone", fuzzZone),
  FuzzEntry("settings", fuzzSettings),
  FuzzEntry("seeds", fuzzSeeds),
  FuzzEntry("feed", fuzzFeed),
  FuzzEntry("names", fuzzNames),
  FuzzEntry("clients", fuzzClients),
  FuzzEntry("delegated", fuzzDelegated),
  FuzzEntry("popularity", fuzzPopularity),
  FuzzEntry("gzip", fuzzGzip),
  FuzzEntry("observed", fuzzObserved),
  FuzzEntry("index", fuzzIndex),
  FuzzEntry("namelist", fuzzNameList),
  FuzzEntry("ring", fuzzRing),
  FuzzEntry("cache", fuzzCache),
  FuzzEntry("rpz", fuzzPolicyZone),
  FuzzEntry("proxy", fuzzProxy),
  FuzzEntry("forwarded", fuzzForwarded),
  FuzzEntry("cookies", fuzzCookies),
  FuzzEntry("transfer", fuzzTransfer),
  FuzzEntry("signature", fuzzSignature),
  FuzzEntry("copy", fuzzRecordFile),
  FuzzEntry("records", fuzzRecords),
  FuzzEntry("fetch", fuzzFetch),
  FuzzEntry("episode", fuzzEpisode),
  FuzzEntry("client", fuzzClient),
  FuzzEntry("fold", fuzzFold),
  FuzzEntry("suspect", fuzzSuspect),
  FuzzEntry("parameters", fuzzParameters),
  FuzzEntry("detail") { fuzzSource($0, .radiusDetail) },
  FuzzEntry("radacct") { fuzzSource($0, .radacctTable) },
  FuzzEntry("kea4") { fuzzSource($0, .kea4, key: "circuit-id") },
  FuzzEntry("kea6") { fuzzSource($0, .kea6) },
  FuzzEntry("legallog") { fuzzSource($0, .keaLegalLog, key: "circuit-id") },
  FuzzEntry("dhcpd") { fuzzSource($0, .dhcpd, key: "uid") },
  FuzzEntry("rfc7422") { fuzzSource($0, .rfc7422) },
  FuzzEntry("portblocks") { fuzzSource($0, .portBlocks) },
  FuzzEntry("intervals") { fuzzSource($0, .intervals) },
  FuzzEntry("subscribers", fuzzSubscriberIndex),
  FuzzEntry("questions", fuzzQuestions),
  FuzzEntry("answers", fuzzAnswers),
  FuzzEntry("takeover", fuzzTakeover),
]
