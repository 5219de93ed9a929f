/// Stops mass changes that are more likely an accident than a wish: an unmounted disk, a wrong `mv`, a copied tree.
public enum Brake {
    /// More first publications than this within one pass are held.
    public static let firstPublications = 10
    /// More models than this that would lose a remote file within one pass are held.
    public static let losses = 10
    /// So many losses are held already when they are more than ``share`` of the zoo.
    public static let fewLosses = 3
    public static let share = 0.3

    /// Whether `asking` models may do what they want within one pass over a zoo of `models`.
    public static func lets(_ asking: Int, of models: Int, do kind: BrakeKind) -> Bool {
        switch kind {
        case .firstPublication: asking <= firstPublications
        case .losesRemoteFile:
            asking <= losses && (asking < fewLosses || Double(asking) <= share * Double(models))
        }
    }
}
