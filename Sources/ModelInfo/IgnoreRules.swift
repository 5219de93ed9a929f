/// What `.zooignore` files name, in gitignore(5)'s syntax, at any level of a zoo. Later lines and deeper files win.
public struct IgnoreRules: Hashable, Sendable {
    private var rules: [Rule] = []

    public init() {}

    /// - Parameters:
    ///   - text: The content of one `.zooignore`.
    ///   - directory: Where it lies, relative to the zoo; nil for the zoo's root. Its patterns count from there.
    public func adding(_ text: String, in directory: RelativePath?) -> IgnoreRules {
        var copy = self
        for line in text.split(omittingEmptySubsequences: true, whereSeparator: \.isNewline) {
            if let rule = Rule(line: line, base: directory) { copy.rules.append(rule) }
        }
        return copy
    }

    /// Whether `path` itself is named. What lies below an ignored directory is never asked for.
    public func ignore(_ path: RelativePath, isDirectory: Bool) -> Bool {
        rules.last { $0.matches(path, isDirectory: isDirectory) }.map { !$0.isNegated } ?? false
    }
}

extension IgnoreRules {
    private struct Rule: Hashable, Sendable {
        var isNegated = false
        var onlyDirectories = false
        /// Matched against the path from `base`, not only against the last name.
        var isAnchored = false
        /// Pattern parts between slashes; `**` stands for any number of names.
        var parts: [[Character]]
        var base: RelativePath?

        init?(line: Substring, base: RelativePath?) {
            var text = line
            while text.last == " " || text.last == "\t" {
                if text.dropLast().last == "\\" { break }
                text.removeLast()
            }
            guard !text.isEmpty, text.first != "#" else { return nil }
            if text.first == "!" {
                isNegated = true
                text.removeFirst()
            }
            if text.last == "/" {
                onlyDirectories = true
                text.removeLast()
            }
            isAnchored = text.contains("/")
            if text.first == "/" { text.removeFirst() }
            guard !text.isEmpty else { return nil }
            parts = text.split(separator: "/").map(Array.init)
            self.base = base
        }

        func matches(_ path: RelativePath, isDirectory: Bool) -> Bool {
            if onlyDirectories && !isDirectory { return false }
            var names = path.components
            if let base {
                guard path.isInside(base), path != base else { return false }
                names.removeFirst(base.components.count)
            }
            guard isAnchored else { return Self.matches(Array(names[names.count - 1]), parts[0]) }
            return Self.matches(names[...], parts[...])
        }

        private static func matches(_ names: ArraySlice<String>, _ parts: ArraySlice<[Character]>) -> Bool {
            guard let part = parts.first else { return names.isEmpty }
            if part == ["*", "*"] {
                return names.indices.contains { matches(names[$0...], parts.dropFirst()) } || matches([], parts.dropFirst())
            }
            guard let name = names.first else { return false }
            return matches(Array(name), part) && matches(names.dropFirst(), parts.dropFirst())
        }

        /// One name against one pattern with `*`, `?`, `[…]` and `\`. Greedy with one way back, so never more than quadratic.
        private static func matches(_ name: [Character], _ pattern: [Character]) -> Bool {
            var (n, p) = (0, 0)
            var star: (n: Int, p: Int)?
            while n < name.count {
                if p < pattern.count, pattern[p] == "*" {
                    star = (n, p)
                    p += 1
                } else if let next = step(name[n], pattern, at: p) {
                    (n, p) = (n + 1, next)
                } else if let back = star {
                    star = (back.n + 1, back.p)
                    (n, p) = (back.n + 1, back.p + 1)
                } else {
                    return false
                }
            }
            return pattern[p...].allSatisfy { $0 == "*" }
        }

        /// Where the pattern goes on when its part at `p` matches `character`; nil when it does not.
        private static func step(_ character: Character, _ pattern: [Character], at p: Int) -> Int? {
            guard p < pattern.count else { return nil }
            switch pattern[p] {
            case "?": return p + 1
            case "\\" where p + 1 < pattern.count: return pattern[p + 1] == character ? p + 2 : nil
            case "[":
                guard let end = pattern[(p + 1)...].dropFirst().firstIndex(of: "]") else { return character == "[" ? p + 1 : nil }
                var set = pattern[(p + 1)..<end]
                let isNegated = set.first == "!" || set.first == "^"
                if isNegated { set.removeFirst() }
                return contains(character, set) != isNegated ? end + 1 : nil
            default: return pattern[p] == character ? p + 1 : nil
            }
        }

        private static func contains(_ character: Character, _ set: ArraySlice<Character>) -> Bool {
            var i = set.startIndex
            while i < set.endIndex {
                if i + 2 < set.endIndex, set[i + 1] == "-" {
                    if set[i] <= character, character <= set[i + 2] { return true }
                    i += 3
                } else {
                    if set[i] == character { return true }
                    i += 1
                }
            }
            return false
        }
    }
}
