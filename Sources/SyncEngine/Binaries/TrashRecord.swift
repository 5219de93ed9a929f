import FoundationEssentials
import ModelInfo

/// What is remembered of a file that was moved away.
struct TrashRecord: Equatable, Sendable {
    /// 12 hexadecimal digits; unique in this state.
    var item: String
    var model: ModelID
    /// Where it was, below the model's directory.
    var file: RelativePath
    /// Its name in the zoo's trash.
    var name: RelativePath
    var reason: TrashReason
    var at: Date
    var byteCount: Int64

    /// Where it was, below its zoo.
    var place: RelativePath { model.path.appending(file) }
}
