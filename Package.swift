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

/// Swift's runtime within the program.
///
/// Calls to it cost less than into a shared library, and where the server runs no Swift has to be
/// installed. SwiftPM's own switch would link the tests so as well, for which the toolchain lacks
/// libraries; what Foundation consists of is therefore listed here.
let staticRuntime = LinkerSetting.unsafeFlags([
  "-static-stdlib", "-lFoundationNetworking", "-l_CFURLSessionInterface", "-lFoundation",
  "-lFoundationInternationalization", "-lFoundationEssentials", "-lCoreFoundation",
  "-l_FoundationCollections", "-l_FoundationICU", "-l_FoundationCShims", "-lcurl",
])

let argumentParser = Target.Dependency.product(
  name: "ArgumentParser", package: "swift-argument-parser")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioHPACK = Target.Dependency.product(name: "NIOHPACK", package: "swift-nio-http2")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioHTTP2 = Target.Dependency.product(name: "NIOHTTP2", package: "swift-nio-http2")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioTLS = Target.Dependency.product(name: "NIOTLS", package: "swift-nio")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let grdbSQLite = Target.Dependency.product(name: "GRDBSQLite", package: "GRDB.swift")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let lifecycle = Target.Dependency.product(
  name: "ServiceLifecycle", package: "swift-service-lifecycle")
let unixSignals = Target.Dependency.product(
  name: "UnixSignals", package: "swift-service-lifecycle")
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
    .package(url: "https://github.com/apple/swift-nio-http2", from: "1.46.0"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
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
    .systemLibrary(
      name: "CUnbound", pkgConfig: "libunbound", providers: [.apt(["libunbound-dev"])]),
    .target(name: "CEventLoop"),
    // What it needs is in libraries that libunbound and libldns load anyway.
    .target(
      name: "CUnboundCrypto",
      linkerSettings: [
        .linkedLibrary("hogweed"), .linkedLibrary("nettle"), .linkedLibrary("gmp"),
        .linkedLibrary("crypto"),
      ]),
    // No package of the graph offers zlib: swift-nio-extras keeps its own wrapper to itself.
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CFstrm", pkgConfig: "libfstrm", providers: [.apt(["libfstrm-dev"])]),
    .systemLibrary(name: "CHiredis", providers: [.apt(["libhiredis-dev"])]),
    .systemLibrary(name: "CNATS", pkgConfig: "libnats", providers: [.apt(["libnats-dev"])]),
    // Their functions take variable arguments or hand out unions, so Swift sees shims of them.
    .target(name: "CCurl", linkerSettings: [.linkedLibrary("curl")]),
    .target(name: "CMaxMind", linkerSettings: [.linkedLibrary("maxminddb")]),
    .target(name: "CLinuxShims"),
    .target(name: "CPrefetch"),
    // libseccomp writes the filter program; its package has no module map to import.
    .target(name: "COperation", linkerSettings: [.linkedLibrary("seccomp")]),

    // MARK: Pure layers
    .target(name: "Addressing", swiftSettings: pure),
    .target(name: "DNSWire", swiftSettings: pure + [lifetimes]),
    .target(
      name: "ClientIdentity", dependencies: ["Addressing", "DNSWire"],
      swiftSettings: pure + [lifetimes]),
    .target(name: "DGAKit", swiftSettings: pure + [lifetimes]),
    .executableTarget(name: "RegistryTool", swiftSettings: strict),
    .plugin(
      name: "RegistryPlugin", capability: .buildTool(), dependencies: ["RegistryTool"],
      path: "Sources/RegistryPlugin"),
    .target(
      name: "DGAModels", dependencies: ["DGAKit"], path: "DGAModels", exclude: ["README.md"],
      swiftSettings: pure, plugins: ["RegistryPlugin"]),
    .target(name: "Identification", dependencies: ["DGAKit"], swiftSettings: pure),
    .target(name: "DataFiles", swiftSettings: pure),
    .target(
      name: "DomainIndex", dependencies: ["CPrefetch", "DNSWire", "DataFiles"],
      swiftSettings: pure),
    .target(
      name: "Policy", dependencies: ["Addressing", "DNSWire", "DomainIndex"],
      swiftSettings: pure),
    .target(
      name: "AbuseControl", dependencies: ["Addressing", "DNSWire", "Policy"],
      swiftSettings: pure),
    .target(
      name: "AnswerCache", dependencies: ["CPrefetch", "DNSWire"], swiftSettings: pure),
    .target(
      name: "ResponsePolicy", dependencies: ["Addressing", "DNSWire"], swiftSettings: pure),
    .target(
      name: "DoHMessages", dependencies: ["Addressing", "DNSWire"], swiftSettings: pure),
    .target(name: "ZoneRecords", dependencies: ["DNSWire"], swiftSettings: pure),
    .target(name: "Evidence", dependencies: ["DGAKit"], swiftSettings: pure),
    .target(
      name: "Exporters", dependencies: ["CZlib", "DGAKit", "Evidence"],
      resources: [.embedInCode("Schema/infection-record-1.json")], swiftSettings: pure),
    .target(
      name: "DeliveryRules", dependencies: ["Addressing", "DGAKit", "Evidence"],
      swiftSettings: pure),
    .target(name: "Pseudonyms", dependencies: ["DNSWire", "Evidence"], swiftSettings: strict),
    .target(
      name: "Attribution",
      dependencies: ["Addressing", "DNSWire", "DataFiles", "Evidence", "ListSources"],
      swiftSettings: pure),
    .target(name: "CheckedYAML", dependencies: [yams], swiftSettings: pure),
    .target(
      name: "EvidenceParameters", dependencies: ["CheckedYAML", "Evidence", yams],
      resources: [.embedInCode("parameters.yaml")], swiftSettings: pure),
    .target(
      name: "Settings", dependencies: ["Addressing", "CheckedYAML", yams], swiftSettings: pure),
    .target(
      name: "ListSources", dependencies: ["Addressing", "CZlib", "CheckedYAML", "DGAKit", yams],
      swiftSettings: pure),

    // MARK: Subsystems
    .target(
      name: "PolicyZoneFiles",
      dependencies: [
        "CZlib", "CheckedYAML", "DNSWire", "ListSources", "ResponsePolicy", "ZoneRecords", "Zones",
      ], swiftSettings: strict),
    .target(
      name: "Recursion",
      dependencies: ["Addressing", "CEventLoop", "CUnbound", "CUnboundCrypto", "DNSWire"],
      swiftSettings: strict),
    .target(
      name: "Zones", dependencies: ["CLDNS", "DNSWire", "ZoneRecords"], swiftSettings: strict),
    .target(
      name: "Transfers",
      dependencies: [
        "Addressing", "CLDNS", "DNSServer", "DNSWire", "ZoneRecords", nioCore, nioPosix, nioSSL,
      ], swiftSettings: strict + [lifetimes]),
    .target(
      name: "DNSServer",
      dependencies: [
        "Addressing", "CLinuxShims", "ClientIdentity", "DNSWire", "DoHMessages", nioCore, nioHPACK,
        nioHTTP1, nioHTTP2, nioPosix, nioSSL, nioTLS,
      ],
      swiftSettings: strict),
    .target(
      name: "Operation", dependencies: ["Addressing", "COperation", "DNSServer"],
      swiftSettings: strict),
    .target(
      name: "Dnstap", dependencies: ["Addressing", "CFstrm", "DNSServer"], swiftSettings: strict),
    .target(
      name: "HitLog", dependencies: ["Evidence", grdb, grdbSQLite], swiftSettings: strict),
    .target(
      name: "Delivery",
      dependencies: [
        "CCurl", "CHiredis", "CMaxMind", "CNATS", "DeliveryRules", "Evidence", "Exporters", grdb,
      ], swiftSettings: strict),
    .target(
      name: "Sharing",
      dependencies: ["Delivery", "DeliveryRules", "Evidence", "Exporters", grdb],
      swiftSettings: strict),
    .target(
      name: "EvidenceStore",
      dependencies: ["Evidence", "HitLog", "Pseudonyms", grdb, grdbSQLite],
      swiftSettings: strict),
    .target(
      name: "AttributionSources",
      dependencies: [
        "Addressing", "Attribution", "CheckedYAML", "Evidence", "ListSources", grdb,
      ], swiftSettings: strict),
    .target(
      name: "ControlPlane", dependencies: [hummingbird, lifecycle, logging, nioCore],
      swiftSettings: strict),
    .target(
      name: "AttributionService",
      dependencies: [
        "Attribution", "AttributionSources", "ControlPlane", "Evidence", hummingbird, lifecycle,
        logging, nioCore, nioPosix, unixSignals,
      ], swiftSettings: strict),
    .target(
      name: "QueryPath",
      dependencies: [
        "AbuseControl", "Addressing", "AnswerCache", "ClientIdentity", "DNSServer", "DNSWire",
        "DoHMessages", "DomainIndex", "Policy", "Recursion", "ResponsePolicy", "Transfers",
        "ZoneRecords", "Zones",
      ],
      swiftSettings: strict),
    .target(
      name: "Generation",
      dependencies: [
        "CheckedYAML", "DGAKit", "DGAModels", "DNSWire", "DomainIndex", "ListSources",
      ], swiftSettings: strict),

    .target(
      name: "RPZOut", dependencies: ["DNSWire", "DomainIndex", "Policy", "ZoneRecords"],
      swiftSettings: pure),

    // MARK: Composition
    .target(
      name: "PonorApp",
      dependencies: [
        "AbuseControl", "Addressing", "AnswerCache", "AttributionService", "CLinuxShims",
        "CheckedYAML", "ClientIdentity", "ControlPlane", "DGAKit", "DNSServer", "DNSWire",
        "Delivery", "DeliveryRules", "Dnstap",
        "DoHMessages", "DomainIndex", "Evidence", "EvidenceParameters", "EvidenceStore",
        "Exporters", "Generation", "HitLog", "ListSources", "Operation", "Policy",
        "PolicyZoneFiles", "Pseudonyms", "QueryPath", "RPZOut", "Recursion", "ResponsePolicy",
        "Settings", "Sharing", "Transfers", "ZoneRecords", "Zones", lifecycle, logging,
        nioCore, nioPosix,
      ], swiftSettings: strict),
    .executableTarget(
      name: "ponor",
      dependencies: [
        "Addressing", "Attribution", "AttributionService", "AttributionSources", "CheckedYAML",
        "ControlPlane", "DGAKit", "DGAModels", "DNSServer", "DNSWire", "Delivery",
        "DomainIndex", "Evidence", "EvidenceParameters", "EvidenceStore", "Exporters",
        "Generation", "HitLog", "Identification", "Operation", "PonorApp", "Pseudonyms",
        "RPZOut", "Settings", argumentParser,
      ], swiftSettings: strict, linkerSettings: [staticRuntime]),

    // MARK: Tests
    .target(
      name: "WireSamples", dependencies: ["DNSWire"], path: "Tests/WireSamples",
      swiftSettings: strict),
    .target(
      name: "FuzzEntries",
      dependencies: [
        "Addressing", "AnswerCache", "Attribution", "CheckedYAML", "ClientIdentity", "DGAKit",
        "DNSWire", "DoHMessages", "DomainIndex", "Evidence", "EvidenceParameters", "Exporters",
        "HitLog", "Identification", "ListSources", "Operation", "PolicyZoneFiles", "ResponsePolicy",
        "Settings", "Sharing", "Transfers", "ZoneRecords", "Zones",
      ], path: "Tests/Fuzz/Sources/FuzzEntries", swiftSettings: strict),
    .executableTarget(
      name: "hit-crash-helper", dependencies: ["Evidence", "HitLog"],
      path: "Tests/HitCrashHelper", swiftSettings: strict),
    .executableTarget(
      name: "evidence-scale",
      dependencies: ["Evidence", "EvidenceParameters", "EvidenceStore", "Exporters", "HitLog"],
      path: "Tests/EvidenceScale", swiftSettings: strict),
    .testTarget(
      name: "AbuseControlTests",
      dependencies: ["AbuseControl", "Addressing", "DNSWire", "WireSamples"],
      swiftSettings: strict),
    .testTarget(
      name: "AddressingTests", dependencies: ["Addressing", "WireSamples"], swiftSettings: strict),
    .testTarget(
      name: "ClientIdentityTests", dependencies: ["Addressing", "ClientIdentity", "DNSWire"],
      swiftSettings: strict),
    .testTarget(
      name: "AnswerCacheTests", dependencies: ["AnswerCache", "DNSWire"], swiftSettings: strict),
    .testTarget(
      name: "DNSWireTests", dependencies: ["DNSWire", "FuzzEntries", "WireSamples"],
      swiftSettings: strict),
    .testTarget(
      name: "FuzzCorpusTests",
      dependencies: [
        "Addressing", "Attribution", "DNSWire", "DomainIndex", "Evidence", "EvidenceParameters",
        "FuzzEntries", "HitLog", "WireSamples",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "DNSWireOracleTests", dependencies: ["CLDNS", "DNSWire", "WireSamples"],
      swiftSettings: strict),
    .testTarget(
      name: "DnstapTests", dependencies: ["Addressing", "Dnstap"], swiftSettings: strict),
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
      name: "ListSourcesTests",
      dependencies: ["Addressing", "CheckedYAML", "DGAKit", "ListSources"],
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
      name: "ResponsePolicyTests",
      dependencies: ["Addressing", "DNSWire", "ListSources", "PolicyZoneFiles", "ResponsePolicy"],
      swiftSettings: strict),
    .testTarget(
      name: "RPZOutTests",
      dependencies: ["DNSWire", "DomainIndex", "Policy", "RPZOut", "ZoneRecords"],
      swiftSettings: strict),
    .testTarget(
      name: "ZonesTests", dependencies: ["DNSWire", "Zones"], swiftSettings: strict),
    .testTarget(
      name: "TransfersTests",
      dependencies: ["Addressing", "DNSServer", "DNSWire", "Transfers", "ZoneRecords"],
      swiftSettings: strict),
    .testTarget(
      name: "RecursionTests",
      dependencies: ["Addressing", "CUnboundCrypto", "DNSWire", "Recursion"],
      swiftSettings: strict),
    .testTarget(
      name: "EventLoopTests", dependencies: ["CEventLoop"], swiftSettings: strict),
    .testTarget(
      name: "DNSServerTests",
      dependencies: [
        "Addressing", "DNSServer", "DNSWire", "DoHMessages", nioCore, nioPosix,
      ], swiftSettings: strict),
    .testTarget(
      name: "DoHMessagesTests",
      dependencies: ["Addressing", "DNSWire", "DoHMessages", "WireSamples"],
      swiftSettings: strict),
    .testTarget(
      name: "QueryPathTests", dependencies: ["Addressing", "DNSServer", "DNSWire", "QueryPath"],
      swiftSettings: strict),
    .testTarget(
      name: "ControlPlaneTests",
      dependencies: ["ControlPlane", lifecycle, logging, nioPosix], swiftSettings: strict),
    .testTarget(
      name: "OperationTests", dependencies: ["Addressing", "DNSServer", "DNSWire", "Operation"],
      swiftSettings: strict),
    .testTarget(
      name: "EvidenceTests",
      dependencies: ["CheckedYAML", "Evidence", "EvidenceParameters", "WireSamples"],
      swiftSettings: strict),
    .testTarget(
      name: "AttributionTests",
      dependencies: ["Addressing", "Attribution", "AttributionSources", "Evidence", "Settings"],
      swiftSettings: strict),
    .testTarget(
      name: "ExportersTests", dependencies: ["Evidence", "Exporters"], swiftSettings: strict),
    .testTarget(
      name: "DeliveryRulesTests", dependencies: ["Addressing", "DeliveryRules", "Evidence"],
      swiftSettings: strict),
    .testTarget(
      name: "DeliveryTests", dependencies: ["Delivery", "DeliveryRules", "Evidence", "Exporters"],
      swiftSettings: strict),
    .testTarget(
      name: "SharingTests",
      dependencies: ["Delivery", "DeliveryRules", "Evidence", "Exporters", "Sharing"],
      swiftSettings: strict),
    .testTarget(
      name: "PseudonymsTests", dependencies: ["Evidence", "Pseudonyms"], swiftSettings: strict),
    .testTarget(
      name: "EvidenceStoreTests",
      dependencies: ["Evidence", "EvidenceParameters", "EvidenceStore", "HitLog", grdb],
      swiftSettings: strict),
    .testTarget(
      name: "HitLogTests", dependencies: ["Evidence", "HitLog", "hit-crash-helper", grdb],
      swiftSettings: strict),
  ]
)
