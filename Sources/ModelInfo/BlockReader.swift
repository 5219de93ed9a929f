import PlainYAML

/// Reads the lines of one block: as YAML when it is, else line by line as a person would.
struct BlockReader {
    struct Problem {
        let code: DiagnosticCode
        let line, column: Int
        /// The known key whose line it is.
        var field: String?
        let message: String
        var hint: String?
    }

    let bytes: [UInt8]
    let lines: [TextLine]
    /// Number of the first of `lines` in its file.
    let firstLine: Int

    /// - Parameter strictly: Try YAML first; else only line by line.
    func read(strictly: Bool) -> (occurrences: [KeyOccurrence], problems: [Problem]) {
        guard strictly, let first = lines.first, let last = lines.last else { return readLineByLine(because: nil) }
        do {
            let text = ReadableText.string(bytes[first.content.lowerBound..<last.end])
            return (occurrences(of: try YAMLText.pairs(of: text), upTo: lines.count), [])
        } catch {
            return readLineByLine(because: error)
        }
    }

    // MARK: As YAML

    /// - Parameter first: Index in `lines` of the first line of what was read.
    private func occurrences(of pairs: [YAMLText.Pair], from first: Int = 0, upTo end: Int) -> [KeyOccurrence] {
        pairs.indices.map { index in
            let pair = pairs[index]
            let own = first + pair.keyPosition.line
            let next = index + 1 < pairs.count ? first + pairs[index + 1].keyPosition.line : end + 1
            let isAlone = lines.indices.clamped(to: own..<max(next - 1, own)).allSatisfy(isWithoutContent)
            let column = pair.valuePosition.line == pair.keyPosition.line ? pair.valuePosition.column : nil
            let shape: KeyOccurrence.Shape
            var items: [String] = []
            var maps: [[KeyOccurrence]] = []
            let value: String
            switch pair.value.content {
            case .scalar(let text, let style):
                shape = isAlone && style != .literal && style != .folded ? .oneLine : .severalLines
                value = text.trimmedOfBlanks
            case .sequence(let sequence):
                (shape, items) = (.list, sequence.compactMap { $0.text?.trimmedOfBlanks })
                maps = sequence.compactMap { self.pairs(of: $0, from: first) }
                value = writtenText(from: own, upTo: next)
            case .mapping:
                (shape, value) = (.map, writtenText(from: own, upTo: next))
            }
            return KeyOccurrence(
                key: pair.key, value: value, shape: shape, items: items, maps: maps, line: firstLine + own - 1,
                column: pair.keyPosition.column, valueColumn: column)
        }
    }

    /// The pairs of a map inside a list whose keys are plain; nil for what is no map.
    private func pairs(of node: YAMLNode, from first: Int) -> [KeyOccurrence]? {
        guard case .mapping(let pairs) = node.content else { return nil }
        return pairs.compactMap { pair in
            guard let key = pair.key.text, let place = pair.key.mark else { return nil }
            let shape: KeyOccurrence.Shape
            var items: [String] = []
            switch pair.value.content {
            case .scalar(let text, let style):
                let isOneLine = pair.value.mark?.line == place.line && endsOnLine(text, style, first + place.line - 1)
                shape = isOneLine ? .oneLine : .severalLines
            case .sequence(let sequence): (shape, items) = (.list, sequence.compactMap { $0.text?.trimmedOfBlanks })
            case .mapping: shape = .map
            }
            let column = pair.value.mark.flatMap { $0.line == place.line ? $0.column : nil }
            return KeyOccurrence(
                key: key, value: pair.value.text?.trimmedOfBlanks ?? "", shape: shape, items: items,
                line: firstLine + first + place.line - 1,
                column: place.column, valueColumn: column)
        }
    }

    /// Whether a scalar that begins on the line of that index ends there too.
    private func endsOnLine(_ text: String, _ style: YAMLNode.Style, _ index: Int) -> Bool {
        guard lines.indices.contains(index), let cut = KeyLine(lines[index].content, in: bytes), !cut.isOpenEnded else { return false }
        return style == .quoted || bytes[cut.value].elementsEqual(text.utf8)
    }

    private func isWithoutContent(_ index: Int) -> Bool {
        let content = bytes[lines[index].content].drop(while: \.isBlank)
        return content.isEmpty || content.first == UInt8(ascii: "#")
    }

    /// A list or map as it stands in the file: from behind its key to the next key's line. Both are numbered within `lines`, from 1.
    private func writtenText(from own: Int, upTo next: Int) -> String {
        let first = lines[min(own, lines.count) - 1]
        let end = max(first.content.upperBound, next > 1 && next - 2 < lines.count ? lines[next - 2].content.upperBound : 0)
        let start = KeyLine(first.content, in: bytes).map { $0.colon + 1 } ?? first.content.lowerBound
        return ReadableText.string(bytes[start..<end]).trimmedOfBlanks
    }

    // MARK: Line by line

    /// Bytes; nobody writes a longer line of one key and value, and a block of lines that long is not worth a second look.
    static let maximumKeyLineCount = 16 * 1024

    private func readLineByLine(because failure: YAMLText.Problem?) -> (occurrences: [KeyOccurrence], problems: [Problem]) {
        var occurrences: [KeyOccurrence] = []
        var problems: [Problem] = []
        var base: Int?
        var structures = Structures()
        var index = 0
        while index < lines.count {
            defer { index += 1 }
            let (line, number) = (lines[index], firstLine + index)
            guard !isWithoutContent(index), !ConflictMarkers.isMarker(line.content, in: bytes) else { continue }
            guard let cut = keyLine(at: index, base: base) ?? strayKey(at: index, behind: occurrences.last) else {
                take(line, into: &occurrences, number: number, &problems)
                if case .unsafe = failure { problems = [] }
                continue
            }
            base = base ?? cut.indentation.count
            if let end = endOfStructure(behind: index, cut, base: base, &structures),
                structures.admits(byteCount: lines[end - 1].end - line.content.lowerBound),
                let whole = structure(from: index, upTo: end)
            {
                occurrences.append(whole)
                index = end - 1
                continue
            }
            let (occurrence, isInvalid) = occurrence(of: cut, in: line, number: number)
            occurrences.append(occurrence)
            if isInvalid, case .invalid = failure {
                problems.append(
                    invalid(
                        number, occurrence.valueColumn, field: occurrence.known?.field,
                        "the line of \(Quotation.of(occurrence.key)) is not valid YAML and was read as text"
                    ))
            }
        }
        switch failure {
        case .unsafe(let position, let what):
            let message = "\(what): zood obeys no such thing in a readme; the block was read line by line"
            problems.append(
                Problem(
                    code: .frontmatterUnsafe, line: firstLine + position.line - 1, column: position.column, message: message,
                    hint: "write plain `key: value` lines"))
        case .invalid(let position, let what):
            let number = firstLine + position.line - 1
            // Markers are told of as what they are.
            if problems.isEmpty, !lines.contains(where: { ConflictMarkers.isMarker($0.content, in: bytes) }) {
                problems.append(invalid(number, position.column, "not valid YAML (\(what)); the block was read line by line"))
            }
        case .duplicateKeys, nil: break
        }
        return (occurrences, problems.sorted { ($0.line, $0.column) < ($1.line, $1.column) })
    }

    /// The key of a line that begins a pair of its own: no list item, nothing that is indented deeper than the first key.
    private func keyLine(at index: Int, base: Int?) -> KeyLine? {
        let content = lines[index].content
        guard content.count <= Self.maximumKeyLineCount, let cut = KeyLine(content, in: bytes),
            cut.indentation.count <= base ?? cut.indentation.count
        else { return nil }
        let behind = cut.indentation.upperBound
        guard bytes[behind] != UInt8(ascii: "-") || behind + 1 < content.upperBound && !bytes[behind + 1].isBlank else { return nil }
        return cut
    }

    /// A known key that is indented although nothing before it asks for that.
    private func strayKey(at index: Int, behind last: KeyOccurrence?) -> KeyLine? {
        guard let last, !last.value.isEmpty, last.shape == .oneLine, let cut = keyLine(at: index, base: nil),
            KnownKey(spelledBy: cut.key, of: bytes) != nil
        else { return nil }
        return cut
    }

    /// What was looked at in search of structures, so that keys nested in one another cost no more than the block they stand in.
    private struct Structures {
        /// Index of the line behind the last one that was found.
        var end = 0
        private var byteCount = 0

        /// Whether so many more bytes may be read as YAML. What nobody writes by hand, key upon key that begins a structure and does
        /// not end it, is read line by line from there on, as all of the block is.
        mutating func admits(byteCount more: Int) -> Bool {
            byteCount += more
            return byteCount <= 4 * Frontmatter.maximumByteCount
        }
    }

    /// Where a list, a map or a text block ends that begins with a key; nil when the key's value is on its line.
    private func endOfStructure(behind index: Int, _ cut: KeyLine, base: Int?, _ structures: inout Structures) -> Int? {
        guard cut.value.isEmpty || cut.isOpenEnded || "|>[{".utf8.contains(bytes[cut.value.lowerBound]) else { return nil }
        // Keys within one structure see the same end.
        var end = max(index + 1, structures.end)
        while end < lines.count, !ConflictMarkers.isMarker(lines[end].content, in: bytes),
            isWithoutContent(end) || keyLine(at: end, base: base) == nil
        {
            end += 1
        }
        structures.end = end
        while end > index + 1, isWithoutContent(end - 1) { end -= 1 }
        return end > index + 1 ? end : nil
    }

    /// The pair in some lines that are YAML by themselves, though the block as a whole is not.
    private func structure(from index: Int, upTo end: Int) -> KeyOccurrence? {
        let text = ReadableText.string(bytes[lines[index].content.lowerBound..<lines[end - 1].end])
        guard let pairs = try? YAMLText.pairs(of: text), pairs.count == 1 else { return nil }
        return occurrences(of: pairs, from: index, upTo: end).first
    }

    private func invalid(
        _ line: Int, _ column: Int, field: String? = nil, _ message: String, hint: String = "put the value in double quotes"
    ) -> Problem {
        Problem(code: .frontmatterInvalid, line: line, column: column, field: field, message: message, hint: hint)
    }

    private func occurrence(of cut: KeyLine, in line: TextLine, number: Int) -> (KeyOccurrence, isInvalid: Bool) {
        let text = ReadableText.string(bytes[cut.indentation.upperBound..<line.content.upperBound])
        var key = ReadableText.string(bytes[cut.key]).trimmed
        var value = ReadableText.string(bytes[cut.value]).trimmedOfBlanks
        var isInvalid = false
        do {
            // A line that is YAML by itself says what its quotes mean.
            if let pair = try YAMLText.pairs(of: text).first, case .scalar(let text, let style) = pair.value.content, style != .literal,
                style != .folded
            {
                (key, value) = (pair.key, text.trimmedOfBlanks)
            }
        } catch .invalid {
            isInvalid = true
        } catch {
            // Told once for the whole block.
        }
        return (
            KeyOccurrence(
                key: key, value: value, shape: cut.isOpenEnded ? .severalLines : .oneLine, line: number,
                column: column(of: cut.indentation.upperBound, in: line), valueColumn: column(of: cut.value.lowerBound, in: line)),
            isInvalid
        )
    }

    /// A line that is no pair belongs to the one before it; without one it is only told of.
    private func take(_ line: TextLine, into occurrences: inout [KeyOccurrence], number: Int, _ problems: inout [Problem]) {
        let text = ReadableText.string(bytes[line.content]).trimmed
        let isItem = text.hasPrefix("- ") || text == "-"
        guard isItem || bytes[line.content].first?.isBlank == true, let last = occurrences.popLast() else {
            problems.append(invalid(number, 1, "no `key: value` line", hint: "take it out of the block"))
            return
        }
        let item = isItem ? [String(text.dropFirst()).trimmed] : []
        occurrences.append(
            KeyOccurrence(
                key: last.key, value: last.value.isEmpty ? text : last.value + "\n" + text,
                shape: isItem && (last.value.isEmpty || last.shape == .list) ? .list : .severalLines, items: last.items + item,
                line: last.line,
                column: last.column, valueColumn: last.valueColumn))
    }

    private func column(of offset: Int, in line: TextLine) -> Int {
        1 + ReadableText.string(bytes[line.content.lowerBound..<offset]).unicodeScalars.count
    }
}
