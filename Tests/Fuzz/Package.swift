// swift-tools-version: 6.2
// Fuzzing of every parser that reads octets from outside, with libFuzzer of the Swift toolchain.
//
// A package of its own, because all of its code is instrumented. The sources under test are links
// into the main package: that gives access to `package` declarations, and instruments them.
import PackageDescription

let instrumented: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .enableExperimentalFeature("Lifetimes"),
  .unsafeFlags(["-sanitize=fuzzer"]),
]

let yams = Target.Dependency.product(name: "Yams", package: "Yams")

func underTest(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: instrumented)
}

let package = Package(
  name: "Fuzz",
  dependencies: [.package(url: "https://github.com/jpsim/Yams", from: "6.2.2")],
  targets: [
    .systemLibrary(name: "CLDNS", pkgConfig: "ldns", providers: [.apt(["libldns-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    underTest("Addressing"),
    underTest("DNSWire"),
    .target(name: "CPrefetch"),
    underTest("AnswerCache", ["CPrefetch", "DNSWire"]),
    underTest("DoHMessages", ["Addressing", "DNSWire"]),
    underTest("ClientIdentity", ["Addressing", "DNSWire"]),
    underTest("DGAKit"),
    underTest("CheckedYAML", [yams]),
    underTest("Settings", ["Addressing", "CheckedYAML", yams]),
    underTest("ListSources", ["Addressing", "CZlib", "CheckedYAML", "DGAKit", yams]),
    underTest("Evidence", ["DGAKit"]),
    underTest("Attribution", ["Addressing", "DNSWire", "DataFiles", "Evidence", "ListSources"]),
    underTest("ZoneRecords", ["DNSWire"]),
    underTest("Zones", ["CLDNS", "DNSWire", "ZoneRecords"]),
    underTest("ResponsePolicy", ["Addressing", "DNSWire"]),
    underTest(
      "PolicyZoneFiles",
      [
        "CZlib", "CheckedYAML", "DNSWire", "ListSources", "ResponsePolicy", "ZoneRecords", "Zones",
      ]),
    // Only what reads messages: the rest would bring NIO along.
    underTest("Transfers", ["CLDNS", "DNSWire", "ZoneRecords"]),
    underTest("DataFiles"),
    underTest("DomainIndex", ["CPrefetch", "DNSWire", "DataFiles"]),
    // Only the messages of a takeover.
    underTest("Operation"),
    .target(
      name: "EvidenceParameters", dependencies: ["CheckedYAML", "Evidence", yams],
      resources: [.embedInCode("parameters.yaml")], swiftSettings: instrumented),
    // Of these three only what reads files or requests: databases would bring SQLite along.
    underTest("Identification", ["DGAKit"]),
    underTest("HitLog"),
    underTest("Sharing"),
    .target(
      name: "Exporters", dependencies: ["CZlib", "DGAKit", "Evidence"],
      resources: [.embedInCode("Schema/infection-record-1.json")], swiftSettings: instrumented),
    underTest(
      "FuzzEntries",
      [
        "Addressing", "AnswerCache", "Attribution", "CheckedYAML", "ClientIdentity", "DGAKit",
        "DNSWire", "DoHMessages", "DomainIndex", "Evidence", "EvidenceParameters", "Exporters",
        "HitLog", "Identification", "ListSources", "Operation", "PolicyZoneFiles", "ResponsePolicy",
        "Settings", "Sharing", "Transfers", "ZoneRecords", "Zones",
      ]),
    .systemLibrary(name: "CLibFuzzer"),
    .executableTarget(
      name: "fuzz", dependencies: ["CLibFuzzer", "FuzzEntries"], swiftSettings: instrumented,
      linkerSettings: [.unsafeFlags(["-sanitize=fuzzer", "-use-ld=lld"])]),
  ])
