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
    underTest("DGAKit"),
    underTest("CheckedYAML", [yams]),
    underTest("Settings", ["Addressing", "CheckedYAML", yams]),
    underTest("ListSources", ["CZlib", "CheckedYAML", "DGAKit", yams]),
    underTest("Zones", ["CLDNS", "DNSWire"]),
    underTest("DomainIndex", ["DNSWire"]),
    // Of these two only what reads files: the database would bring SQLite along.
    underTest("Identification", ["DGAKit"]),
    underTest("HitLog"),
    underTest(
      "FuzzEntries",
      [
        "CheckedYAML", "DGAKit", "DNSWire", "DomainIndex", "HitLog", "Identification",
        "ListSources", "Settings", "Zones",
      ]),
    .systemLibrary(name: "CLibFuzzer"),
    .executableTarget(
      name: "fuzz", dependencies: ["CLibFuzzer", "FuzzEntries"], swiftSettings: instrumented,
      linkerSettings: [.unsafeFlags(["-sanitize=fuzzer", "-use-ld=lld"])]),
  ])
