import ModelInfo

/// The `ZOOD_*` variables: four for the places, and one for every key that is a value or a list of values.
enum ConfigurationVariables {
    static let config = "ZOOD_CONFIG"
    static let zoo = "ZOOD_ZOO"
    static let state = "ZOOD_STATE"
    static let socket = "ZOOD_SOCKET"

    static let places: [(name: String, meaning: String)] = [
        (config, "The configuration file, as `--config`."),
        (
            zoo,
            "Directories to watch, separated by `:`, as `--zoo`. They replace the file's list; a zoo that the file lists keeps its name and mode."
        ),
        (state, "The state directory, as `--state`."),
        (socket, "The control socket, as `--socket`."),
    ]

    struct KeyVariable {
        let name: String
        let path: [String]
        let isScalar: Bool
    }

    /// Such as `ZOOD_VERIFY_EVERY` for `verify.every`. `control.socket` has ``socket`` instead.
    static let keys = walk(Configuration.keys.map(\.documentation), below: []).filter { $0.path != ["control", "socket"] }

    private static func walk(_ keys: [KeyDocumentation], below path: [String]) -> [KeyVariable] {
        keys.flatMap { key -> [KeyVariable] in
            let path = path + [key.name]
            switch key.shape {
            case .scalar, .list:
                return [KeyVariable(name: "ZOOD_" + path.joined(separator: "_").uppercased(), path: path, isScalar: key.shape == .scalar)]
            case .section: return walk(key.children, below: path)
            case .sectionList: return []
            }
        }
    }

    /// One sentence for every variable that looks like a misspelt one of ours.
    static func misspelt(in environment: [String: String]) -> [String] {
        let known = places.map(\.name) + keys.map(\.name)
        return environment.keys.sorted().compactMap { name in
            guard name.hasPrefix("ZOOD_"), !known.contains(name), let guess = Spelling.nearest(to: name, among: known) else { return nil }
            return "the variable \(shown(name)) is none of zood's; did you mean \(guess)?"
        }
    }
}
