import ModelInfo
import Synchronization

/// Where zood itself has just given a finished file its name. The kernel tells of that as of all else, and nobody is in the middle of
/// saving something there: it is no reason to leave the model alone for a while.
final class OwnPlacements: Sendable {
    private struct Place: Hashable { var zoo: String, path: RelativePath }

    /// So long the kernel's word may be under way. What somebody else renames to that name meanwhile is whole, too.
    private static let remembered = Duration.seconds(5)

    private let clock = SuspendingClock()
    private let places = Mutex<[Place: SuspendingClock.Instant]>([:])

    /// To be called before the file gets its name.
    /// - Parameter path: In the zoo.
    func note(_ path: RelativePath, in zoo: String) {
        let now = clock.now
        places.withLock { places in
            if places.count > 256 { places = places.filter { now - $0.value < Self.remembered } }
            places[Place(zoo: zoo, path: path)] = now
        }
    }

    func holds(_ path: RelativePath, in zoo: String) -> Bool {
        let now = clock.now
        return places.withLock { $0[Place(zoo: zoo, path: path)].map { now - $0 < Self.remembered } ?? false }
    }
}
