import ControlProtocol
import FoundationEssentials
import ModelInfo
import Planning
import SystemIO

/// Looks at model directories for those who ask and wait. Each zoo has threads of its own for that, and an answer has a deadline: a file
/// system that hangs costs the question its answer, and nobody else theirs.
final class AskedLook: Sendable {
    /// Seconds until a question is answered by what is wrong.
    static let patience: TimeInterval = 5
    /// So many looks at one zoo may be unanswered; where a file system hangs they pile up no further.
    static let unansweredLimit = 64

    private let observers: [String: ModelObserver]
    private let patience: Patience

    /// - Parameter observers: By zoo, each with a lane of its own.
    init(_ observers: [String: ModelObserver], clock: any DaemonClock) {
        self.observers = observers
        patience = Patience(seconds: Self.patience, limit: Self.unansweredLimit, clock: clock)
    }

    convenience init(zoos: [Zoo], startedAt: Date, clock: any DaemonClock) {
        let observers = zoos.map { zoo in
            (zoo.name, ModelObserver(lane: BlockingLane(label: "zood.asked.\(zoo.name)", width: 2), startedAt: startedAt))
        }
        self.init(Dictionary(uniqueKeysWithValues: observers), clock: clock)
    }

    /// - Throws: `ControlError.timedOut` when the directory could not be read in time, `CancellationError`.
    func look(at id: ModelID, in zoo: Zoo, _ settings: ModelObserver.Settings) async throws -> DiskView {
        guard let observer = observers[zoo.name] else { return .unknown(because: "the zoo \(zoo.name) is not served") }
        if let view = await patience.answer(about: zoo.name, { await observer.look(at: id, in: zoo, settings) }) { return view }
        try Task.checkCancellation()
        throw Self.hung(id, in: zoo)
    }

    private static func hung(_ id: ModelID, in zoo: Zoo) -> ControlError {
        let directory = zoo.absolute(id.path)
        return ControlError(
            .timedOut, "\(directory) could not be read within \(Int(patience)) s: its file system does not answer",
            hint: "look at the mount: findmnt --target \(ShellWord.of(zoo.path.string))")
    }
}
