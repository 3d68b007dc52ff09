// swift-tools-version: 6.2
import PackageDescription

// INTERLOCK_DIST=1 builds the shared library that ships: Swift runtime linked in, only interlock_*
// exported, every symbol of the version script required. Use a scratch path of its own for it.
let dist = Context.environment["INTERLOCK_DIST"] == "1"
let exports = Context.packageDirectory + "/Sources/InterlockABI/interlock.map"

// Exclusive access is checked where the tests run: what ships has no trap for it.
let strict: [SwiftSetting] =
  [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
  ]
  + (dist
    ? [
      .unsafeFlags([
        "-static-stdlib", "-Osize", "-enforce-exclusivity=unchecked", "-Xfrontend",
        "-disable-reflection-metadata",
      ])
    ] : [])

let shared: [LinkerSetting] =
  dist
  ? [
    .unsafeFlags([
      "-static-stdlib", "-use-ld=lld",
      "-Xlinker", "--version-script=\(exports)",
      "-Xlinker", "-soname=libinterlock.so.1",
      "-Xlinker", "-z", "-Xlinker", "defs",
      "-Xlinker", "-z", "-Xlinker", "nodelete",
      "-Xlinker", "-z", "-Xlinker", "now",
      "-Xlinker", "--icf=all", "-Xlinker", "-s",
      "-Xlinker", "--wrap=_swift_stdlib_getScalarName",
      "-Xlinker", "--wrap=_swift_stdlib_getNameAlias",
    ])
  ] : []

let package = Package(
  name: "Interlock",
  products: [
    .library(name: "interlock", type: .dynamic, targets: ["InterlockABI"]),
    .library(name: "Interlock", type: .static, targets: ["Interlock", "InterlockSQLite"]),
  ],
  targets: [
    .target(name: "CInterlock"),
    .target(name: "CFork"),
    .target(name: "CFutex"),
    .target(name: "CSQLite", linkerSettings: [.linkedLibrary("sqlite3")]),
    // The archive is only fit for a library that exports nothing of it.
    .target(
      name: "CSodium", linkerSettings: [.linkedLibrary(dist ? ":libsodium.a" : "sodium")]),
    .target(name: "InterlockCore", swiftSettings: strict),
    .target(name: "InterlockCrypto", dependencies: ["CSodium"], swiftSettings: strict),
    .target(
      name: "InterlockStore",
      dependencies: ["CFork", "CFutex", "InterlockCore", "InterlockCrypto"],
      swiftSettings: strict),
    .target(
      name: "InterlockSQLite",
      dependencies: [
        "CFutex", "CSQLite", "InterlockCore", "InterlockCrypto", "InterlockStore",
      ],
      swiftSettings: strict),
    .target(
      name: "Interlock",
      dependencies: ["CFutex", "InterlockCore", "InterlockCrypto", "InterlockStore"],
      swiftSettings: strict),
    .target(
      name: "InterlockABI",
      dependencies: [
        "CInterlock", "Interlock", "InterlockCore", "InterlockCrypto", "InterlockSQLite",
        "InterlockStore",
      ],
      exclude: ["interlock.map"], swiftSettings: strict, linkerSettings: shared),
    // What `make fuzz` runs; the tests replay its inputs.
    .target(
      name: "FuzzTargets", dependencies: ["InterlockCore"], path: "Tests/Fuzz/Targets",
      swiftSettings: strict),
    .testTarget(
      name: "CoreTests", dependencies: ["FuzzTargets", "InterlockCore"], swiftSettings: strict),
    .testTarget(
      name: "StoreTests",
      dependencies: ["CSQLite", "InterlockCore", "InterlockSQLite", "InterlockStore"],
      swiftSettings: strict),
    .testTarget(
      name: "EngineTests",
      dependencies: [
        "CInterlock", "CSQLite", "Interlock", "InterlockABI", "InterlockCore", "InterlockCrypto",
        "InterlockSQLite", "InterlockStore",
      ],
      exclude: ["fixtures", "make_fixture.py"], swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6]
)
