import FoundationEssentials
import ModelInfo
import Planning

/// One file to read from end to end.
struct ReadingOrder: Equatable, Sendable {
    var file: RelativePath
    var wantsSHA1: Bool
    var reason: ReadingReason

    init(_ file: RelativePath, sha1 wantsSHA1: Bool, because reason: ReadingReason) {
        (self.file, self.wantsSHA1, self.reason) = (file, wantsSHA1, reason)
    }

    /// Nil for another kind of action.
    init?(_ action: Action) {
        guard case .verify(let file, let sha1, let reason) = action else { return nil }
        self.init(file, sha1: sha1, because: reason)
    }
}

/// The same with all that reading it needs.
struct ReadingRequest: Sendable {
    let order: ReadingOrder
    let model: ModelID
    /// The model in a command, `ModelView.idWord`.
    let idWord: String
    let declared: DeclaredBinary
    let zoo: Zoo
    /// As the look found it; 0 when that is not known.
    let byteCount: Int64
    /// When it was read last; `.distantPast` when it never was.
    let lastReadAt: Date

    /// Nil when the model does not declare the file.
    init?(_ order: ReadingOrder, for view: ModelView, _ model: PresentModel, _ declared: DeclaredBinary?, in zoo: Zoo) {
        guard let declared else { return nil }
        (self.order, self.model, self.idWord, self.declared, self.zoo) = (order, view.id, view.idWord, declared, zoo)
        byteCount = model.binaries[order.file]?.size ?? 0
        lastReadAt = view.memory.binaries[order.file]?.hashed?.at ?? .distantPast
    }
}
