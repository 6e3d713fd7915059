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
  FuzzEntry("zone", fuzzZone),
  FuzzEntry("settings", fuzzSettings),
  FuzzEntry("seeds", fuzzSeeds),
  FuzzEntry("feed", fuzzFeed),
  FuzzEntry("names", fuzzNames),
  FuzzEntry("popularity", fuzzPopularity),
  FuzzEntry("gzip", fuzzGzip),
  FuzzEntry("observed", fuzzObserved),
  FuzzEntry("index", fuzzIndex),
  FuzzEntry("ring", fuzzRing),
]
