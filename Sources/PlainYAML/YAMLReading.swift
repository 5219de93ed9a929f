extension YAMLNode {
    /// Nobody writes deeper by hand.
    public static let maximumDepth = 16

    /// Reads a text that holds one document.
    ///
    /// Linear in the text's size. The caller bounds that size.
    /// - Returns: Nil when the text holds nothing but blanks and comments.
    public init?(text: String) throws(YAMLProblem) {
        let events = YAMLEvents(of: text)
        while true {
            let event = try events.next()
            switch event.kind {
            case .streamEnd: return nil
            case .documentStart:
                self = try YAMLNode(try events.next(), from: events, depth: 0)
                _ = try events.next()
                let last = try events.next()
                guard case .streamEnd = last.kind else { throw .invalid(last.mark, why: "a second document begins here") }
                return
            default: continue
            }
        }
    }

    /// - Parameter first: The event that begins the node.
    private init(_ first: YAMLEvent, from events: borrowing YAMLEvents, depth: Int) throws(YAMLProblem) {
        guard depth <= Self.maximumDepth else { throw .refused(first.mark, what: "nested more than \(Self.maximumDepth) levels deep") }
        guard !first.isAnchored else { throw .refused(first.mark, what: "an anchor") }
        if let tag = first.tag { throw .refused(first.mark, what: "the tag \(tag)") }
        switch first.kind {
        case .scalar(let text, let style): self.init(.scalar(text, style), at: first.mark)
        case .sequenceStart:
            var items: [YAMLNode] = []
            var event = try events.next()
            while !event.endsCollection {
                items.append(try YAMLNode(event, from: events, depth: depth + 1))
                event = try events.next()
            }
            self.init(.sequence(items), at: first.mark)
        case .mappingStart:
            var pairs: [Pair] = []
            var event = try events.next()
            while !event.endsCollection {
                let key = try YAMLNode(event, from: events, depth: depth + 1)
                pairs.append(Pair(key: key, value: try YAMLNode(try events.next(), from: events, depth: depth + 1)))
                event = try events.next()
            }
            self.init(.mapping(pairs), at: first.mark)
        default: throw .refused(first.mark, what: "an alias")
        }
    }
}
