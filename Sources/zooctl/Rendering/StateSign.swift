import ControlProtocol
import ModelInfo

/// A state as a word, a sign and a colour, so that none of the three is needed to understand it.
struct StateSign {
    let word: String
    let sign: String
    let paint: Style.Paint?

    /// What a person wants to know first of a model: what goes on or what is wrong, else `ok`.
    init(_ model: ModelStatus, _ style: Style) {
        let isMoving = model.binaries.contains { $0.state == .fetching }
        word = model.state == .ok ? "ok" : Self.telling(model) ?? model.state.rawValue
        switch model.state {
        case .ok: (sign, paint) = (style.isUTF8 ? "●" : "*", .green)
        case .busy: (sign, paint) = (isMoving ? (style.isUTF8 ? "↓" : "v") : (style.isUTF8 ? "↻" : "~"), .blue)
        case .attention: (sign, paint) = ("!", .yellow)
        case .failed: (sign, paint) = (style.isUTF8 ? "✗" : "x", .red)
        }
    }

    /// The state of the part that makes the model what it is.
    private static func telling(_ model: ModelStatus) -> String? {
        let binaries: [BinaryState] =
            model.state == .busy
            ? [.fetching, .verifying, .queued, .missing]
            : [.corrupt, .mismatch, .failed, .blocked, .modified, .missing, .none, .outdated, .unverifiable]
        let gists: [GistState] =
            model.state == .busy
            ? [.publishing, .pulling, .pending] : [.conflict, .failed, .gone, .held, .unpublished, .readOnly]
        if let state = binaries.first(where: { state in model.binaries.contains { $0.state == state } }) {
            return switch state {
            case .fetching: "downloading"
            case .none: "missing"
            default: state.rawValue
            }
        }
        if gists.contains(model.gist.state) { return model.gist.state.rawValue }
        return model.info.state == .invalid ? "invalid" : nil
    }
}
