// swift-tools-version: 6.2
import PackageDescription

/// Settings of every target: language rules that a later Swift will make the default.
let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .treatAllWarnings(as: .error),
]

/// Targets that handle raw memory nowhere, or mark each place where they do.
let pure = strict + [.strictMemorySafety()]

/// For the few types that lend a `Span` of their own storage.
let lifetimes: SwiftSetting = .enableExperimentalFeature("Lifetimes")

let argumentParser = Target.Dependency.product(
  name: "ArgumentParser", package: "swift-argument-parser")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let grdbSQLite = Target.Dependency.product(name: "GRDBSQLite", package: "GRDB.swift")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let lifecycle = Target.Dependency.product(
  name: "ServiceLifecycle", package: "swift-service-lifecycle")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

let package = Package(
  name: "ponor",
  products: [
    .executable(name: "ponor", targets: ["ponor"]),
    .library(name: "DGAKit", targets: ["DGAKit"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(
      url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
  ],
  targets: [
    // MARK: C libraries and system calls
    .systemLibrary(
      name: "CLDNS", pkgConfig: "ldns", providers: [.apt(["libldns-dev"])]),
    // libevent is linked from the module map: a system library target takes one pkg-config name.
    .systemLibrary(
      name: "CUnbound", pkgConfig: "libunbound",
      providers: [.apt(["libunbound-dev", "libevent-dev"])]),
    // No package of the graph offers zlib: swift-nio-extras keeps its own wrapper to itself.
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .target(name: "CLinuxShims"),

    // MARK: Pure layers
    .target(name: "Addressing", swiftSettings: pure),
    .target(name: "DNSWire", swiftSettings: pure + [lifetimes]),
    .target(name: "DGAKit", swiftSettings: pure + [lifetimes]),
    .executableTarget(name: "RegistryTool", swiftSettings: strict),
    .plugin(
      name: "RegistryPlugin", capability: .buildTool(), dependencies: ["RegistryTool"],
      path: "Sources/RegistryPlugin"),
    .target(
      name: "DGAModels", dependencies: ["DGAKit"], path: "DGAModels", exclude: ["README.md"],
      swiftSettings: pure, plugins: ["RegistryPlugin"]),
    .target(name: "Identification", dependencies: ["DGAKit"], swiftSettings: pure),
    .target(name: "DomainIndex", dependencies: ["DNSWire"], swiftSettings: pure),
    .target(
      name: "Policy", dependencies: ["Addressing", "DNSWire", "DomainIndex"],
      swiftSettings: pure),
    .target(name: "AnswerCache", dependencies: ["DNSWire"], swiftSettings: pure),
    .target(name: "Evidence", swiftSettings: pure),
    .target(name: "Exporters", dependencies: ["Evidence"], swiftSettings: pure),
    .target(name: "CheckedYAML", dependencies: [yams], swiftSettings: pure),
    .target(
      name: "Settings", dependencies: ["Addressing", "CheckedYAML", yams], swiftSettings: pure),
    .target(
      name: "ListSources", dependencies: ["CZlib", "CheckedYAML", "DGAKit", yams],
      swiftSettings: pure),

    // MARK: Subsystems
    .target(
      name: "Recursion", dependencies: ["Addressing", "CUnbound", "DNSWire"],
      swiftSettings: strict),
    .target(
      name: "Zones", dependencies: ["CLDNS", "DNSWire"], swiftSettings: strict),
    .target(
      name: "DNSServer",
      dependencies: ["Addressing", "CLinuxShims", "DNSWire", nioCore, nioPosix],
      swiftSettings: strict),
    .target(
      name: "HitLog", dependencies: ["Evidence", grdb, grdbSQLite], swiftSettings: strict),
    .target(
      name: "ControlPlane", dependencies: [hummingbird, lifecycle, logging, nioCore],
      swiftSettings: strict),
    .target(
      name: "QueryPath",
      dependencies: [
        "Addressing", "AnswerCache", "DNSServer", "DNSWire", "DomainIndex", "Policy", "Recursion",
        "Zones",
      ],
      swiftSettings: strict),
    .target(
      name: "Generation",
      dependencies: [
        "CheckedYAML", "DGAKit", "DGAModels", "DNSWire", "DomainIndex", "ListSources",
      ], swiftSettings: strict),

    // MARK: Composition
    .target(
      name: "PonorApp",
      dependencies: [
        "Addressing", "AnswerCache", "CLinuxShims", "CheckedYAML", "ControlPlane", "DGAKit",
        "DNSServer",
        "DNSWire", "DomainIndex", "Evidence", "Exporters", "Generation", "HitLog", "ListSources",
        "Policy", "QueryPath", "Recursion", "Settings", "Zones", lifecycle, logging, nioCore,
        nioPosix,
      ], swiftSettings: strict),
    .executableTarget(
      name: "ponor",
      dependencies: [
        "CheckedYAML", "ControlPlane", "DGAKit", "DGAModels", "DNSServer", "DNSWire",
        "DomainIndex", "Evidence", "Exporters", "Generation", "HitLog", "Identification",
        "PonorApp", "Settings", argumentParser,
      ], swiftSettings: strict),

    // MARK: Tests
    .target(
      name: "WireSamples", dependencies: ["DNSWire"], path: "Tests/WireSamples",
      swiftSettings: strict),
    .target(
      name: "FuzzEntries",
      dependencies: [
        "CheckedYAML", "DGAKit", "DNSWire", "DomainIndex", "HitLog", "Identification",
        "ListSources", "Settings", "Zones",
      ], path: "Tests/Fuzz/Sources/FuzzEntries", swiftSettings: strict),
    .executableTarget(
      name: "hit-crash-helper", dependencies: ["Evidence", "Exporters", "HitLog"],
      path: "Tests/HitCrashHelper", swiftSettings: strict),
    .testTarget(name: "AddressingTests", dependencies: ["Addressing"], swiftSettings: strict),
    .testTarget(
      name: "DNSWireTests", dependencies: ["DNSWire", "FuzzEntries", "WireSamples"],
      swiftSettings: strict),
    .testTarget(
      name: "FuzzCorpusTests",
      dependencies: ["DNSWire", "DomainIndex", "FuzzEntries", "HitLog", "WireSamples"],
      swiftSettings: strict),
    .testTarget(
      name: "DNSWireOracleTests", dependencies: ["CLDNS", "DNSWire", "WireSamples"],
      swiftSettings: strict),
    .testTarget(name: "DGAKitTests", dependencies: ["DGAKit"], swiftSettings: strict),
    .testTarget(
      name: "DGAModelsTests", dependencies: ["DGAKit", "DGAModels"], swiftSettings: strict),
    .testTarget(
      name: "IdentificationTests", dependencies: ["DGAKit", "DGAModels", "Identification"],
      swiftSettings: strict),
    .testTarget(
      name: "CheckedYAMLTests", dependencies: ["CheckedYAML", yams], swiftSettings: strict),
    .testTarget(
      name: "SettingsTests", dependencies: ["Addressing", "CheckedYAML", "Settings"],
      swiftSettings: strict),
    .testTarget(
      name: "ListSourcesTests", dependencies: ["CheckedYAML", "DGAKit", "ListSources"],
      swiftSettings: strict),
    .testTarget(
      name: "GenerationTests",
      dependencies: [
        "CheckedYAML", "DGAKit", "DGAModels", "DNSWire", "DomainIndex", "Generation",
        "ListSources",
      ], swiftSettings: strict),
    .testTarget(
      name: "DomainIndexTests", dependencies: ["DNSWire", "DomainIndex"], swiftSettings: strict),
    .testTarget(
      name: "ZonesTests", dependencies: ["DNSWire", "Zones"], swiftSettings: strict),
    .testTarget(
      name: "RecursionTests", dependencies: ["Addressing", "DNSWire", "Recursion"],
      swiftSettings: strict),
    .testTarget(
      name: "DNSServerTests",
      dependencies: ["Addressing", "DNSServer", "DNSWire", nioCore, nioPosix],
      swiftSettings: strict),
    .testTarget(
      name: "ControlPlaneTests",
      dependencies: ["ControlPlane", lifecycle, logging, nioPosix], swiftSettings: strict),
    .testTarget(name: "EvidenceTests", dependencies: ["Evidence"], swiftSettings: strict),
    .testTarget(
      name: "ExportersTests", dependencies: ["Evidence", "Exporters"], swiftSettings: strict),
    .testTarget(
      name: "HitLogTests", dependencies: ["Evidence", "HitLog", "hit-crash-helper", grdb],
      swiftSettings: strict),
  ]
)
