/// Which file name, URL and checksum of a readme belong to one binary.
///
/// They do when they stand under one heading or in one row; and where several stand together, the first name goes with the first URL.
struct BinaryGroups {
    struct Group {
        fileprivate(set) var keys: [KnownKey: KeyOccurrence]
        /// Further lines with a URL of a file of the same name.
        fileprivate(set) var mirrors: [KeyOccurrence] = []

        init(keys: [KnownKey: KeyOccurrence]) { self.keys = keys }

        /// What declares it, for messages.
        var declaration: KeyOccurrence? { keys[.caffemodel] ?? keys[.caffemodelURL] ?? keys[.sha1] }
        /// The name's bytes; nil without a name.
        var file: [UInt8]? {
            guard let name = keys[.caffemodel].map({ MarkdownValue($0.value).text }), !name.isEmpty else { return nil }
            return Array(name.utf8)
        }
    }

    private(set) var groups: [Group] = []
    /// What says again what an earlier occurrence said, or contradicts it; the earlier one counts.
    private(set) var duplicates: [(occurrence: KeyOccurrence, first: KeyOccurrence)] = []
    /// It cannot be told for certain what belongs together.
    private(set) var isAmbiguous = false

    private var indexByFile: [[UInt8]: Int] = [:]
    private var namesInURLs: Set<[UInt8]> = []

    /// A readme that declares more is a list of something else.
    private static let maximumCount = 500

    /// - Parameters:
    ///   - occurrences: Of keys of binaries, in the order of the file, blocks first.
    ///   - isRepeatable: A second name is a second binary; false where a merge left both of its sides.
    init(_ occurrences: [KeyOccurrence], isRepeatable: Bool) {
        var segments: [[KeyOccurrence]] = []
        for occurrence in occurrences {
            if let last = segments.last?.last, last.layout == occurrence.layout, last.section == occurrence.section {
                segments[segments.count - 1].append(occurrence)
            } else {
                segments.append([occurrence])
            }
        }
        for segment in segments {
            for group in split(segment, isRepeatable: isRepeatable) { place(group, isRepeatable: isRepeatable) }
        }
    }

    // MARK: What stands together

    private mutating func split(_ segment: [KeyOccurrence], isRepeatable: Bool) -> [Group] {
        let names = segment.filter { $0.known == .caffemodel && !$0.value.isEmpty }
        let count = Set(names.map { Array($0.value.utf8) }).count
        guard isRepeatable, count > 1, let leader = segment.first?.known else { return [gather(segment)] }
        let kinds = segment.compactMap(\.known)
        let changes = zip(kinds, kinds.dropFirst()).count { $0 != $1 }
        if changes + 1 == Set(kinds).count { return stacked(segment) }
        var groups: [Group] = []
        var open: [KeyOccurrence] = []
        for occurrence in segment {
            if occurrence.known == leader, !open.isEmpty {
                groups.append(gather(open))
                open = []
            }
            open.append(occurrence)
        }
        return groups + [gather(open)]
    }

    /// All names, then all URLs, then all checksums.
    private mutating func stacked(_ segment: [KeyOccurrence]) -> [Group] {
        let columns = Dictionary(grouping: segment) { $0.known ?? .caffemodel }
        let count = columns[.caffemodel]?.count ?? 0
        var groups = [Group](repeating: Group(keys: [:]), count: count)
        for (key, occurrences) in columns {
            if occurrences.count != count { isAmbiguous = true }
            for (index, occurrence) in occurrences.enumerated() {
                if index < count { groups[index].keys[key] = occurrence } else { repeated(occurrence, of: occurrences[0]) }
            }
        }
        return groups
    }

    /// Of each key the first, one without a value only when there is no other.
    private mutating func gather(_ occurrences: [KeyOccurrence]) -> Group {
        var keys: [KnownKey: KeyOccurrence] = [:]
        var mirrors: [KeyOccurrence] = []
        for occurrence in occurrences {
            guard let key = occurrence.known else { continue }
            if let first = keys[key] {
                if isMirror(occurrence, of: first) { mirrors.append(occurrence) }
                repeated(occurrence, of: first)
            } else {
                keys[key] = occurrence
            }
        }
        var group = Group(keys: keys)
        group.mirrors = mirrors
        return group
    }

    private func isMirror(_ occurrence: KeyOccurrence, of first: KeyOccurrence) -> Bool {
        let name = Self.lastComponent(of: occurrence.value)
        return occurrence.known == .caffemodelURL && !name.isEmpty && name == Self.lastComponent(of: first.value)
            && !occurrence.value.hasSameBytes(as: first.value)
    }

    private mutating func repeated(_ occurrence: KeyOccurrence, of first: KeyOccurrence) {
        // Weaker layouts are only asked for what is missing: what they repeat is nobody's mistake.
        guard occurrence.layout <= .text || occurrence.layout == first.layout else { return }
        duplicates.append((occurrence, first))
        // A mirror is proven by the checksum, if there is one.
        if occurrence.layout == first.layout, !occurrence.value.hasSameBytes(as: first.value), !isMirror(occurrence, of: first) {
            isAmbiguous = true
        }
    }

    // MARK: What stands apart

    private mutating func place(_ group: Group, isRepeatable: Bool) {
        guard groups.count < Self.maximumCount else { return }
        if let file = group.file, let index = indexByFile[file] { return fill(index, from: group) }
        guard let last = groups.indices.last else { return append(group) }
        if Set(groups[last].keys.keys).isDisjoint(with: group.keys.keys) { return fill(last, from: group) }
        let isNew =
            if group.keys[.caffemodel] == nil {
                group.keys[.caffemodelURL].map { url in
                    url.layout != .block && url.layout == groups[last].declaration?.layout && isAnotherFile(url)
                }
                    ?? false
            } else {
                group.declaration?.layout == groups[last].declaration?.layout || group.keys[.caffemodelURL] != nil
            }
        if isNew, isRepeatable { append(group) } else { fill(last, from: group) }
    }

    private mutating func append(_ group: Group) {
        groups.append(Group(keys: [:]))
        fill(groups.count - 1, from: group)
    }

    private mutating func fill(_ index: Int, from group: Group) {
        for (key, occurrence) in group.keys.sorted(by: { ($0.value.line, $0.value.column) < ($1.value.line, $1.value.column) }) {
            if let first = groups[index].keys[key] { repeated(occurrence, of: first) } else { groups[index].keys[key] = occurrence }
        }
        groups[index].mirrors += group.mirrors
        if let file = groups[index].file { indexByFile[file] = indexByFile[file] ?? index }
        if let url = groups[index].keys[.caffemodelURL] { namesInURLs.insert(Self.lastComponent(of: url.value)) }
    }

    private func isAnotherFile(_ url: KeyOccurrence) -> Bool { !namesInURLs.contains(Self.lastComponent(of: url.value)) }

    private static func lastComponent(of url: String) -> [UInt8] {
        let written = MarkdownValue(url)
        return Array((written.target ?? written.text).lastComponent)
    }
}
