import ControlProtocol
import FoundationEssentials
import GRDB
import SystemIO

/// Looks at everything that zood needs, for `zooctl doctor`: changes nothing.
struct Doctor: Sendable {
    let zoos: ZooDoctor
    let store: StateStore
    let health: HealthBoard
    let configuration: ConfigurationInForce
    let gate: GistGate
    let board: StatusBoard
    let environment: [String: String]
    let clock: any DaemonClock
    /// Its own, so that a file system that hangs keeps nobody else waiting.
    let lane = BlockingLane(label: "zood.doctor", width: 1)

    func report() async -> DoctorReport {
        let loaded = configuration.current
        var checks = [configurationCheck(loaded), DoctorCheck("socket", .ok, "\(loaded.socket)")]
        checks += await state(loaded)
        checks += await zoos.checks(floor: loaded.configuration.binaries.minimumFree, models: await board.ids)
        checks.append(await git())
        checks += await GistDoctor(gate: gate, configuration: loaded, environment: environment, clock: clock).checks()
        checks += network(loaded) + roles()
        // What is wrong by itself and has no check of its own.
        let told = Set(["host-limited", "token-refused", "network-file-system", "zoo-read-only"])
        for item in await health.items where !told.contains(item.code) {
            checks.append(
                DoctorCheck(
                    item.code, item.severity == .error ? .error : item.severity == .warning ? .warning : .ok, item.text, hint: item.hint))
        }
        return DoctorReport(checks: checks)
    }

    private func configurationCheck(_ loaded: LoadedConfiguration) -> DoctorCheck {
        DoctorCheck("configuration", .ok, loaded.file.map { "\($0) is in force" } ?? "there is no file, so the defaults are in force")
    }

    private func state(_ loaded: LoadedConfiguration) async -> [DoctorCheck] {
        let path = "\(loaded.state)"
        do {
            try await store.checkWritable(at: clock.now)
            if let damage = try await store.damage() {
                return [
                    DoctorCheck(
                        "state", .error, "\(path): the database is damaged: \(damage)",
                        hint: "systemctl restart zood: it is set aside and made anew")
                ]
            }
        } catch {
            return [DoctorCheck("state", .error, "\(path): it cannot be written: \(error)", hint: "df -h \(path)")]
        }
        return (try? await lane.run { [Self.directoryCheck("state", path, at: try RootedDirectory(at: loaded.state))] }) ?? []
    }

    /// Blocks.
    private static func directoryCheck(_ check: String, _ path: String, at directory: RootedDirectory) -> DoctorCheck {
        guard let space = try? FileSystemKind.space(at: directory), let kind = try? FileSystemKind.of(directory) else {
            return DoctorCheck(check, .warning, "\(path): its file system does not answer", hint: "findmnt --target \(path)")
        }
        let free = "\(space.availableBytes >> 20) MiB free"
        if kind.isNetwork, check == "state" {
            return DoctorCheck(
                check, .error, "\(path) lies on \(kind.name), where a database is not safe",
                hint: "zood --state DIR, on a disk of this machine")
        }
        let isFull = space.availableBytes < 64 << 20
        return DoctorCheck(
            check, isFull ? .warning : .ok, "\(path): writable, \(kind.name), \(free)", hint: isFull ? "make room: df -h \(path)" : nil)
    }

    private func git() async -> DoctorCheck {
        do {
            let said = try await lane.run { try GitProgram().run(["--version"]) }
            return DoctorCheck("git", .ok, String(decoding: said, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines))
        } catch {
            return DoctorCheck("git", .error, "\(error)", hint: "apt install git")
        }
    }

    private func network(_ loaded: LoadedConfiguration) -> [DoctorCheck] {
        var checks: [DoctorCheck] = []
        if loaded.configuration.network.proxy != nil {
            checks.append(
                DoctorCheck(
                    "proxy", .ok,
                    "a proxy is used: it resolves the names, so addresses are checked only where a URL has one or this machine knows the name"
                ))
        }
        let allowed = loaded.configuration.binaries.allowAddresses
        if !allowed.isEmpty {
            checks.append(
                DoctorCheck(
                    "allow-addresses", .ok,
                    "URLs of readmes and gists may reach \(allowed.map(\.description).joined(separator: ", ")) (binaries.allow_addresses)"))
        }
        return checks
    }

    private func roles() -> [DoctorCheck] {
        let unknown = configuration.gate.unknownGroups
        guard !unknown.isEmpty else { return [DoctorCheck("roles", .ok, "every group of control.roles exists")] }
        return [
            DoctorCheck(
                "roles", .warning, "this machine has no group \(unknown.joined(separator: ", ")), which control.roles names",
                hint: "groupadd --system \(unknown[0]), or correct control.roles, then: zooctl reload")
        ]
    }
}

extension StateStore {
    /// The first thing that SQLite finds wrong with the database; nil when it is whole.
    func damage() async throws -> String? {
        let said = try await database.read { db in try String.fetchOne(db, sql: "PRAGMA quick_check(1)") }
        return said == "ok" ? nil : said ?? "no answer"
    }
}
