import FoundationEssentials
import ModelInfo

/// Fetches that wait for room on their zoo's file system. As long as there are any, the room is looked at now and then, and the models
/// that it is enough for are marked; without any, nothing wakes.
actor RoomWatch {
    /// Seconds between two looks. A look is one `statvfs` of each zoo.
    static let interval: TimeInterval = 10

    private struct Waiting {
        var byteCount: Int64
        var zoo: Zoo
    }

    private let clock: any DaemonClock
    private let look: @Sendable (Zoo) async -> Int64?
    private let mark: @Sendable ([ModelID]) async -> Void
    private var waiting: [ModelID: Waiting] = [:]
    private var alarm: Task<Void, Never>?

    /// - Parameters:
    ///   - look: The bytes that downloads may still take in a zoo, see `Staging.room`; nil when the system does not say.
    ///   - mark: Called with the models that there is room for.
    init(
        clock: any DaemonClock, look: @escaping @Sendable (Zoo) async -> Int64?, mark: @escaping @Sendable ([ModelID]) async -> Void
    ) {
        (self.clock, self.look, self.mark) = (clock, look, mark)
    }

    /// What ``plan`` may know of the room in a zoo now.
    func room(in zoo: Zoo) async -> Int64? { await look(zoo) }

    /// The model waits for so many bytes; with nil, for none.
    func put(_ model: ModelID, awaits byteCount: Int64?, in zoo: Zoo) {
        waiting[model] = byteCount.map { Waiting(byteCount: $0, zoo: zoo) }
        arm()
    }

    /// The model is no more.
    func drop(_ model: ModelID) {
        waiting[model] = nil
        arm()
    }

    /// Looks at once: something of ours ended, and may have left room.
    func check() async {
        for (_, models) in Dictionary(grouping: waiting, by: \.value.zoo.name) {
            guard let zoo = models.first?.value.zoo, var left = await look(zoo) else { continue }
            var fitting: [ModelID] = []
            // The smallest first, and no more than fit together: what does not fit would only ask its host in vain.
            for (model, wait) in models.sorted(by: { ($0.value.byteCount, $0.key) < ($1.value.byteCount, $1.key) }) {
                guard wait.byteCount <= left else { break }
                left -= wait.byteCount
                fitting.append(model)
            }
            if !fitting.isEmpty { await mark(fitting) }
        }
    }

    private func arm() {
        if waiting.isEmpty {
            alarm?.cancel()
            alarm = nil
        } else if alarm == nil {
            let (clock, due) = (clock, clock.now.addingTimeInterval(Self.interval))
            alarm = Task { [weak self] in
                do { try await clock.sleep(until: due) } catch { return }
                await self?.ring()
            }
        }
    }

    private func ring() async {
        alarm = nil
        await check()
        arm()
    }
}
