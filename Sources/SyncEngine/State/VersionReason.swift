/// Why a version of model info was kept. The raw values are stable words: scripts match them, and `docs/control-api.md` explains each.
public enum VersionReason: String, CaseIterable, Sendable {
    /// Went out to the gist.
    case sent
    /// Lay in the directory before zood wrote something else there.
    case replaced
    /// Came from the gist.
    case remote
    /// Was written by zood itself: a key in the readme.
    case edited
    /// Was left beside the readme by an edit that did not end.
    case leftover
    /// Lay in the directory before an older version was put back.
    case rolledBack = "rolled-back"
    /// Was in the gist that was deleted.
    case unpublished
}
