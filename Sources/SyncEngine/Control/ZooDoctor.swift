import ControlProtocol
import FoundationEssentials
import ModelInfo
import SystemIO

/// Looks whether the zoos can be served. Each is looked at on a thread of its own and has a few seconds to answer: one that hangs is told of,
/// and keeps no other's answer waiting.
struct ZooDoctor: Sendable {
    /// Blocks.
    typealias Look = @Sendable (_ zoo: Zoo, _ floor: FreeSpaceFloor, _ directories: [RelativePath]) -> [DoctorCheck]

    /// Seconds that a zoo has to answer.
    static let patience: TimeInterval = 5
    /// Directories of a zoo that are looked at; more would only say the same of more of them.
    static let directoryLimit = 2000

    private let zoos: [Zoo]
    private let lanes: [BlockingLane]
    private let patience: Patience
    private let look: Look

    init(zoos: [Zoo], clock: any DaemonClock, look: @escaping Look = ZooDoctor.checks) {
        (self.zoos, self.look) = (zoos, look)
        lanes = zoos.map { BlockingLane(label: "zood.doctor.\($0.name)", width: 1) }
        patience = Patience(seconds: Self.patience, limit: 4, clock: clock)
    }

    /// - Parameters:
    ///   - models: All that are known.
    /// - Returns: In the order of the zoos.
    func checks(floor: FreeSpaceFloor, models: [ModelID]) async -> [DoctorCheck] {
        await withTaskGroup(of: (Int, [DoctorCheck]).self) { group in
            for (index, zoo) in zoos.enumerated() {
                let directories = Self.directories(of: models.filter { $0.zoo == zoo.name })
                group.addTask { (index, await checks(of: zoo, on: lanes[index], floor, directories)) }
            }
            return await group.reduce(into: []) { $0.append($1) }.sorted { $0.0 < $1.0 }.flatMap(\.1)
        }
    }

    private func checks(
        of zoo: Zoo, on lane: BlockingLane, _ floor: FreeSpaceFloor, _ directories: [RelativePath]
    ) async -> [DoctorCheck] {
        let look = look
        let answer = await patience.answer(about: zoo.name) { try? await lane.run { look(zoo, floor, directories) } }
        return answer?.flatMap { $0 }
            ?? [
                DoctorCheck(
                    "zoo", .error, "\(Self.name(zoo)) does not answer: its file system hangs",
                    hint: "look at the mount: findmnt --target \(ShellWord.of(zoo.path.string))")
            ]
    }

    /// The models' directories and those above them, in order.
    private static func directories(of models: [ModelID]) -> [RelativePath] {
        var found: Set<RelativePath> = []
        for model in models {
            var path: RelativePath? = model.path
            while let here = path, found.insert(here).inserted { path = here.parent }
        }
        return Array(found.sorted().prefix(directoryLimit))
    }

    private static func name(_ zoo: Zoo) -> String { "zoo \(zoo.name) (\(zoo.path))" }

    static func checks(of zoo: Zoo, _ floor: FreeSpaceFloor, _ directories: [RelativePath]) -> [DoctorCheck] {
        let name = name(zoo)
        if let absence = zoo.absence { return [DoctorCheck("zoo", .error, absence.description, hint: absence.hint)] }
        var checks: [DoctorCheck] = []
        if let refusal = zoo.refusal {
            checks.append(DoctorCheck("zoo", .warning, "\(name) is served read-only: \(refusal)", hint: "then: systemctl restart zood"))
        } else {
            checks.append(DoctorCheck("zoo", .ok, "\(name) is \(zoo.isReadOnly ? "read-only, as configured" : "writable")"))
        }
        if let kind = try? FileSystemKind.of(zoo.root), kind.isNetwork {
            checks.append(
                DoctorCheck(
                    "zoo-file-system", .ok,
                    "\(name) lies on \(kind.name): what other machines change is found by walking it, every watch.rescan"))
        }
        if !zoo.isReadOnly, let space = try? FileSystemKind.space(at: zoo.root) {
            let least = floor.byteCount(ofTotal: Int(space.totalBytes))
            let isLow = space.availableBytes < Int64(least)
            checks.append(
                DoctorCheck(
                    "zoo-space", isLow ? .warning : .ok,
                    "\(name): \(space.availableBytes >> 20) MiB free, \(least >> 20) MiB stay free (binaries.min_free)",
                    hint: isLow ? "nothing is fetched until there is room: df -h \(zoo.path); or lower binaries.min_free" : nil))
        }
        return checks + groupInheritance(in: zoo, directories)
    }

    /// Directories in which a group may write, and where what is made gets the maker's own group instead.
    private static func groupInheritance(in zoo: Zoo, _ directories: [RelativePath]) -> [DoctorCheck] {
        func lacksSetgid(_ directory: RootedDirectory?) -> Bool {
            guard let mode = try? directory?.status().mode else { return false }
            return mode & 0o020 != 0 && mode & 0o2000 == 0
        }
        let path = ShellWord.of(zoo.path.string)
        if lacksSetgid(zoo.root) {
            return [
                DoctorCheck(
                    "zoo-setgid", .warning, "\(name(zoo)): its group may write, and new directories do not inherit that group (no setgid)",
                    hint: "chmod g+s \(path)")
            ]
        }
        let lacking = directories.filter { lacksSetgid(try? zoo.root.directory($0)) }
        guard let first = lacking.first else { return [] }
        let others = lacking.count > 1 ? " and \(lacking.count - 1) more" : ""
        return [
            DoctorCheck(
                "zoo-setgid", .warning,
                "\(name(zoo)): a group may write into \(first)\(others), and new files there do not inherit that group (no setgid)",
                hint: "find \(path) -type d -perm -g+w ! -perm -g+s -exec chmod g+s {} +")
        ]
    }
}
