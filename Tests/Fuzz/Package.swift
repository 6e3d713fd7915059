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

let package = Package(
  name: "Fuzz",
  targets: [
    .target(name: "DNSWire", swiftSettings: instrumented),
    .target(name: "FuzzEntries", dependencies: ["DNSWire"], swiftSettings: instrumented),
    .systemLibrary(name: "CLibFuzzer"),
    .executableTarget(
      name: "fuzz", dependencies: ["CLibFuzzer", "FuzzEntries"], swiftSettings: instrumented,
      linkerSettings: [.unsafeFlags(["-sanitize=fuzzer", "-use-ld=lld"])]),
  ])
