import ModelInfo

/// How the content that a gist holds now stands to what is remembered of it.
public enum GistStanding: Equatable, Sendable {
    /// It is the base.
    case unchanged
    /// It is what was sent last, and nothing came in between.
    case ownWriting
    /// It is what was sent last, but over a revision that nobody here has seen: that one is not to be lost.
    case overwriting(String)
    /// Somebody else wrote since the last update was sent, before it, after it or in its place: only the revisions themselves tell.
    case interleaved
    /// Somebody else wrote it.
    case foreign
}

extension GistMemory {
    /// - Parameters:
    ///   - files: Those files of the gist that are model info.
    ///   - parent: The revision before; nil where the host did not say.
    public func standing(of files: [String: String], parent: String?) -> GistStanding {
        if hasBase, files.hasSameBytes(as: self.files) { return .unchanged }
        guard let sending else { return .foreign }
        let isOver = if let sendingOver, let parent { parent != sendingOver } else { false }
        // An update changes single files. What was in the others then is still there, and what was in these may be gone.
        guard files.hasSameBytes(as: sending) else { return isOver ? .interleaved : .foreign }
        guard isOver, let parent else { return .ownWriting }
        return .overwriting(parent)
    }

    /// What the gist holds, as far as that is known: mostly the base.
    public var held: [String: String] { isSendingUncertain ? files : sending ?? files }

    /// Whether a revision holds what the last update changed.
    public func wasSent(as revision: [String: String]) -> Bool {
        guard let sending else { return false }
        let changed = files.changes(to: sending).keys
        return !changed.isEmpty && changed.allSatisfy { sending[$0].hasSameBytes(as: revision[$0]) }
    }

    /// Whether an update is out of which it is not known if it was carried out, or over what.
    public var isSendingUncertain: Bool { sending != nil && sendingOver != nil }
}
