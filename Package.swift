// swift-tools-version: 6.2
import PackageDescription

/// What every target of ours is held to. Warnings are errors here and not by `-Xswiftc`,
/// which would hit the packages we depend on as well.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
]

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioHTTP = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let system = Target.Dependency.product(name: "SystemPackage", package: "swift-system")
let unixSignals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")

let package = Package(
    name: "zood",
    products: [
        .executable(name: "zood", targets: ["zood"]),
        .executable(name: "zooctl", targets: ["zooctl"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // C, in module maps and headers only.
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CSystemd", pkgConfig: "libsystemd", providers: [.apt(["libsystemd-dev"])]),
        .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
        .systemLibrary(name: "CLinux"),

        // Pure: text and values in, text and values out.
        .target(name: "PlainYAML", dependencies: ["CYAML"], swiftSettings: strict),
        .target(name: "ModelInfo", dependencies: ["PlainYAML"], swiftSettings: strict),
        .target(name: "Planning", dependencies: ["ModelInfo"], swiftSettings: strict),

        // The machine.
        .target(
            name: "SystemIO", dependencies: ["ModelInfo", "CLinux", logging, system],
            swiftSettings: strict),
        .target(name: "Systemd", dependencies: ["SystemIO", "CSystemd", logging, system], swiftSettings: strict),
        .target(
            name: "Transfers", dependencies: ["ModelInfo", "SystemIO", "CCurl", "COpenSSL", system],
            swiftSettings: strict),

        // What zooctl needs of the daemon.
        .target(
            name: "ControlProtocol", dependencies: ["ModelInfo", "SystemIO", nioCore, nioHTTP, nioPosix],
            swiftSettings: strict),

        // The daemon.
        .target(
            name: "SyncEngine",
            dependencies: [
                "ModelInfo", "Planning", "SystemIO", "Systemd", "Transfers", "ControlProtocol",
                "PlainYAML", grdb, lifecycle, logging, nioCore, nioHTTP, nioPosix, system, unixSignals,
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "zood",
            dependencies: ["SyncEngine", "ControlProtocol", "SystemIO", "Systemd", argumentParser, logging, system],
            swiftSettings: strict),
        .executableTarget(
            name: "zooctl", dependencies: ["ControlProtocol", "ModelInfo", "SystemIO", argumentParser, system],
            swiftSettings: strict),

        // Tests, and the loopback servers that they and `make demo` run against.
        .target(
            name: "ZooTestSupport",
            dependencies: ["ControlProtocol", "ModelInfo", "SystemIO", "COpenSSL", nioCore, nioHTTP, nioPosix, system],
            path: "Tests/ZooTestSupport", swiftSettings: strict),
        .executableTarget(
            name: "loopback-hosts", dependencies: ["ZooTestSupport", argumentParser, system], path: "Tests/LoopbackHosts",
            swiftSettings: strict),
        .testTarget(name: "PlainYAMLTests", dependencies: ["PlainYAML"], swiftSettings: strict),
        .testTarget(name: "ModelInfoTests", dependencies: ["ModelInfo"], swiftSettings: strict),
        .testTarget(name: "PlanningTests", dependencies: ["Planning", "ModelInfo"], swiftSettings: strict),
        .testTarget(
            name: "SystemIOTests", dependencies: ["SystemIO", "ModelInfo", logging, system],
            swiftSettings: strict),
        .testTarget(
            name: "SystemdTests", dependencies: ["Systemd", "SystemIO", "ZooTestSupport", logging, system],
            swiftSettings: strict),
        .testTarget(
            name: "TransfersTests", dependencies: ["Transfers", "ModelInfo", "SystemIO", "ZooTestSupport", system],
            swiftSettings: strict),
        .testTarget(
            name: "ControlProtocolTests",
            dependencies: [
                "ControlProtocol", "ModelInfo", "SystemIO", "ZooTestSupport", "zooctl", argumentParser, nioCore, nioHTTP, nioPosix, system,
            ],
            swiftSettings: strict),
        .testTarget(
            name: "SyncEngineTests",
            dependencies: [
                "SyncEngine", "Planning", "ModelInfo", "SystemIO", "Transfers", "ControlProtocol", "ZooTestSupport",
                grdb, logging, nioCore, nioHTTP, nioPosix, system,
            ],
            swiftSettings: strict),
        .testTarget(
            name: "ZooTestSupportTests", dependencies: ["ZooTestSupport", "ModelInfo", "loopback-hosts", system],
            swiftSettings: strict),
        .testTarget(
            name: "EndToEndTests",
            dependencies: ["ZooTestSupport", "ControlProtocol", "ModelInfo", "SystemIO", "zood", "zooctl", "loopback-hosts", grdb, system],
            swiftSettings: strict),
    ]
)
