extension ServedFile {
    /// The answer of RFC 9110 to a GET or HEAD: whole, a range, 304 or 416.
    func reply(to request: RecordedRequest) throws -> Reply {
        let byteCount = try content.byteCount
        let etag = try etagText
        var reply = Reply(200)
        (reply.body, reply.range) = (content, 0..<byteCount)
        let headers = [
            ("content-type", contentType), ("etag", etag), ("last-modified", lastModifiedText), ("date", dateText),
            ("accept-ranges", acceptsRanges ? "bytes" : nil),
        ]
        for (name, value) in headers { value.map { reply.headers.add(name: name, value: $0) } }

        if let known = request.header("if-none-match"), let etag, known == "*" || known == etag {
            reply.status = 304
            reply.range = 0..<0
            return reply
        }
        guard acceptsRanges, request.method == "GET", isStillMeant(by: request.header("if-range"), etag: etag),
            let wanted = request.header("range").flatMap(RequestedRange.init)
        else { return reply }
        guard let range = wanted.resolved(byteCount: byteCount) else {
            return Reply(416, [("content-range", "bytes */\(byteCount)")])
        }
        reply.status = 206
        reply.range = range
        reply.headers.add(name: "content-range", value: "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(byteCount)")
        return reply
    }

    /// RFC 9110, 13.1.5: a strong ETag or the exact date; a weak one never matches.
    private func isStillMeant(by condition: String?, etag: String?) -> Bool {
        guard let condition, !ignoresIfRange else { return true }
        if condition.hasPrefix("\"") { return condition == etag }
        return !condition.hasPrefix("W/") && condition == lastModifiedText
    }
}
