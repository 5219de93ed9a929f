import ModelInfo

/// What becomes of one file that both sides know, compared with what it was when both were last equal.
public enum MergeStep: Equatable, Sendable {
    /// What lies here stays; if it differs from the gist's, it is sent.
    case keep
    /// The gist's text is written here.
    case take(String)
    /// It was taken out of the gist; here it stays.
    case goneThere
    /// Both sides changed it: only a merge can tell.
    case merge(base: String, local: String, remote: String)

    /// - Parameters: Texts of the file; nil where there is none of that name.
    public static func decide(base: String?, local: String?, remote: String?) -> MergeStep {
        if local.hasSameBytes(as: remote) || remote.hasSameBytes(as: base) { return .keep }
        guard let remote else { return .goneThere }
        // What is not here any more and was changed there comes back: a person sees it, and may remove it again.
        guard let local else { return .take(remote) }
        if base.hasSameBytes(as: local) { return .take(remote) }
        return .merge(base: base ?? "", local: local, remote: remote)
    }
}
