/// Reads the lines of one block: as YAML when it is, else line by line as a person would.
struct BlockReader {
    struct Problem {
        let code: DiagnosticCode
        let line, column: Int
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
            return (occurrences(of: try YAMLText.pairs(of: text)), [])
        } catch {
            return readLineByLine(because: error)
        }
    }

    // MARK: As YAML

    private func occurrences(of pairs: [YAMLText.Pair]) -> [KeyOccurrence] {
        pairs.indices.map { index in
            let pair = pairs[index]
            let next = index + 1 < pairs.count ? pairs[index + 1].keyPosition.line : lines.count + 1
            let isAlone = lines.indices.clamped(to: pair.keyPosition.line..<max(next - 1, pair.keyPosition.line)).allSatisfy(
                isWithoutContent)
            let column = pair.valuePosition.line == pair.keyPosition.line ? pair.valuePosition.column : nil
            let shape: KeyOccurrence.Shape
            var items: [String] = []
            let value: String
            switch pair.value.content {
            case .scalar(let text, let style):
                shape = isAlone && style != .literal && style != .folded ? .oneLine : .severalLines
                value = text.trimmedOfBlanks
            case .sequence(let sequence):
                (shape, items) = (.list, sequence.compactMap { $0.text?.trimmedOfBlanks })
                value = writtenText(of: pair, upTo: next)
            case .mapping:
                (shape, value) = (.map, writtenText(of: pair, upTo: next))
            }
            return KeyOccurrence(
                key: pair.key, value: value, shape: shape, items: items, line: firstLine + pair.keyPosition.line - 1,
                column: pair.keyPosition.column, valueColumn: column)
        }
    }

    private func isWithoutContent(_ index: Int) -> Bool {
        let content = bytes[lines[index].content].drop(while: \.isBlank)
        return content.isEmpty || content.first == UInt8(ascii: "#")
    }

    /// A list or map as it stands in the file: from behind its key to the next key's line.
    private func writtenText(of pair: YAMLText.Pair, upTo next: Int) -> String {
        let first = lines[min(pair.keyPosition.line, lines.count) - 1]
        let end = max(first.content.upperBound, next > 1 && next - 2 < lines.count ? lines[next - 2].content.upperBound : 0)
        let start = KeyLine(first.content, in: bytes).map { $0.colon + 1 } ?? first.content.lowerBound
        return ReadableText.string(bytes[start..<end]).trimmedOfBlanks
    }

    // MARK: Line by line

    private func readLineByLine(because failure: YAMLText.Problem?) -> (occurrences: [KeyOccurrence], problems: [Problem]) {
        var occurrences: [KeyOccurrence] = []
        var problems: [Problem] = []
        var base: Int?
        for (index, line) in lines.enumerated() where !isWithoutContent(index) {
            let number = firstLine + index
            guard let cut = KeyLine(line.content, in: bytes), !ConflictMarkers.isMarker(bytes[line.content]),
                cut.indentation.count <= base ?? cut.indentation.count
            else {
                if !ConflictMarkers.isMarker(bytes[line.content]) { take(line, into: &occurrences, number: number, &problems) }
                continue
            }
            base = base ?? cut.indentation.count
            let (occurrence, isInvalid) = occurrence(of: cut, in: line, number: number)
            occurrences.append(occurrence)
            if isInvalid, case .invalid = failure {
                problems.append(
                    invalid(
                        number, occurrence.valueColumn, "the line of \(Quotation.of(occurrence.key)) is not valid YAML and was read as text"
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
            if !problems.contains(where: { $0.line == number }) {
                problems.append(invalid(number, position.column, "not valid YAML (\(what)); the block was read line by line"))
            }
        case .duplicateKeys, nil: break
        }
        return (occurrences, problems.sorted { ($0.line, $0.column) < ($1.line, $1.column) })
    }

    private func invalid(_ line: Int, _ column: Int, _ message: String) -> Problem {
        Problem(code: .frontmatterInvalid, line: line, column: column, message: message, hint: "put the value in double quotes")
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
        guard let last = occurrences.popLast() else {
            problems.append(invalid(number, 1, "no `key: value` line"))
            return
        }
        let isItem = text.hasPrefix("- ") || text == "-"
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
