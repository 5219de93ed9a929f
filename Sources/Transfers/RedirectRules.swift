/// How redirects are followed: by hand, one request after another, since each place they lead to is judged anew.
public enum RedirectRules {
    /// How many are followed; one more is `tooManyRedirects`.
    public static let maximumCount = 5

    /// Where the answer `head` sends a request with `method`.
    ///
    /// 307 and 308 repeat any method with its body. 301, 302 and 303 are followed for GET only: for what writes they say that something
    /// was done or is elsewhere, and repeating it as a GET would take the answer to that for the answer to this.
    /// - Returns: Nil when `head` is no redirect to be followed, so is the answer itself.
    /// - Throws: `tooManyRedirects` without a `Location`, `downgrade`, `refusedScheme`, `badURL`.
    static func target(of head: ResponseHead, from url: HTTPURL, method: String) throws(TransferFailure) -> HTTPURL? {
        switch head.status {
        case 307, 308: break
        case 301, 302, 303: guard method == "GET" else { return nil }
        default: return nil
        }
        guard let location = head.headers["Location"] else { throw TransferFailure(.tooManyRedirects) }
        let target = try url.resolving(location)
        guard url.scheme == "http" || target.scheme == "https" else { throw TransferFailure(.downgrade(to: target.description)) }
        return target
    }

    /// Sends requests one after another until an answer is no redirect.
    /// - Parameters:
    ///   - send: Sends one request to the URL and returns its answer's head.
    ///   - judge: Refuses, by throwing, a place that this request may not go to.
    /// - Returns: The last answer's head, and the URL that gave it.
    static func follow(
        from url: HTTPURL, method: String, judge: (HTTPURL) throws(TransferFailure) -> Void = { _ in },
        send: (HTTPURL) throws(TransferFailure) -> ResponseHead
    ) throws(TransferFailure) -> (ResponseHead, HTTPURL) {
        var url = url
        for _ in 0...maximumCount {
            let head = try send(url)
            guard let target = try target(of: head, from: url, method: method) else { return (head, url) }
            try judge(target)
            url = target
        }
        throw TransferFailure(.tooManyRedirects)
    }
}
