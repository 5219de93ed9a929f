import CYAML

/// One step of libyaml's parser, with what was written and where.
struct YAMLEvent {
    enum Kind {
        case streamStart, streamEnd, documentStart, documentEnd
        case scalar(String, YAMLNode.Style)
        case sequenceStart, sequenceEnd, mappingStart, mappingEnd
        case alias
    }

    let kind: Kind
    let mark: YAMLMark
    /// Whether `&name` stands before the node.
    let isAnchored: Bool
    /// The tag that was written, `!!str` in its long form.
    let tag: String?

    /// Whether it ends the list or map that was begun last; the parser sees to it that it is the right one.
    var endsCollection: Bool {
        switch kind {
        case .sequenceEnd, .mappingEnd: true
        default: false
        }
    }
}

/// libyaml's parser over one text. Its events come one by one, so that what is refused is refused before anything is built of it.
@safe struct YAMLEvents: ~Copyable {
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    /// The parser reads from here for as long as it lives.
    private let bytes: UnsafeMutableBufferPointer<UInt8>

    init(of text: String) {
        unsafe bytes = .allocate(capacity: text.utf8.count)
        _ = unsafe bytes.initialize(from: text.utf8)
        unsafe parser = .allocate(capacity: 1)
        // It fails only when memory does, and then nothing goes on.
        guard unsafe yaml_parser_initialize(parser) == 1 else { fatalError("no memory for a YAML parser") }
        unsafe yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        unsafe yaml_parser_set_input_string(parser, bytes.baseAddress, bytes.count)
    }

    deinit {
        unsafe yaml_parser_delete(parser)
        unsafe parser.deallocate()
        unsafe bytes.deallocate()
    }

    /// The next event; after the last, or after a problem, not to be asked again.
    func next() throws(YAMLProblem) -> YAMLEvent {
        var event = unsafe yaml_event_t()
        guard unsafe yaml_parser_parse(parser, &event) == 1 else { throw problem() }
        defer { unsafe yaml_event_delete(&event) }
        return unsafe Self.copy(event)
    }

    private static func copy(_ event: yaml_event_t) -> YAMLEvent {
        var anchor: UnsafeMutablePointer<yaml_char_t>?
        var tag: UnsafeMutablePointer<yaml_char_t>?
        let kind: YAMLEvent.Kind
        switch unsafe event.type {
        case YAML_SCALAR_EVENT:
            let scalar = unsafe event.data.scalar
            unsafe (anchor, tag) = unsafe (scalar.anchor, scalar.tag)
            let text = unsafe String(decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
            kind = unsafe .scalar(text, style(scalar.style))
        case YAML_SEQUENCE_START_EVENT:
            unsafe (anchor, tag) = unsafe (event.data.sequence_start.anchor, event.data.sequence_start.tag)
            kind = .sequenceStart
        case YAML_MAPPING_START_EVENT:
            unsafe (anchor, tag) = unsafe (event.data.mapping_start.anchor, event.data.mapping_start.tag)
            kind = .mappingStart
        case YAML_SEQUENCE_END_EVENT: kind = .sequenceEnd
        case YAML_MAPPING_END_EVENT: kind = .mappingEnd
        case YAML_ALIAS_EVENT: kind = .alias
        case YAML_DOCUMENT_START_EVENT: kind = .documentStart
        case YAML_DOCUMENT_END_EVENT: kind = .documentEnd
        case YAML_STREAM_START_EVENT: kind = .streamStart
        default: kind = .streamEnd
        }
        return unsafe YAMLEvent(
            kind: kind, mark: mark(event.start_mark), isAnchored: anchor != nil, tag: tag.map { unsafe String(cString: $0) })
    }

    private static func style(_ style: yaml_scalar_style_t) -> YAMLNode.Style {
        switch style {
        case YAML_SINGLE_QUOTED_SCALAR_STYLE, YAML_DOUBLE_QUOTED_SCALAR_STYLE: .quoted
        case YAML_LITERAL_SCALAR_STYLE: .literal
        case YAML_FOLDED_SCALAR_STYLE: .folded
        default: .plain
        }
    }

    private static func mark(_ mark: yaml_mark_t) -> YAMLMark { YAMLMark(line: mark.line + 1, column: mark.column + 1) }

    private func problem() -> YAMLProblem {
        let parser = unsafe parser.pointee
        let why = unsafe parser.problem.map { unsafe String(cString: $0) } ?? "it cannot be read"
        if unsafe parser.error == YAML_READER_ERROR {
            // The reader runs ahead of the lines that are counted: it knows an offset only.
            return .invalid(place(ofByte: unsafe parser.problem_offset), why: why)
        }
        let context = unsafe parser.context.map { unsafe String(cString: $0) }
        // An open quote is noticed where the text ends; what helps is where it began.
        let isOpenQuote = context?.contains("quoted scalar") ?? false
        let mark = unsafe Self.mark(isOpenQuote ? parser.context_mark : parser.problem_mark)
        return .invalid(mark, why: context.map { "\($0): \(why)" } ?? why)
    }

    private func place(ofByte offset: Int) -> YAMLMark {
        let before = unsafe bytes.prefix(offset)
        let lineStart = unsafe (before.lastIndex(of: UInt8(ascii: "\n")) ?? -1) + 1
        let line = unsafe before.reduce(into: 1) { $0 += $1 == UInt8(ascii: "\n") ? 1 : 0 }
        let column = unsafe String(decoding: before[lineStart...], as: UTF8.self).unicodeScalars.count + 1
        return YAMLMark(line: line, column: column)
    }
}
