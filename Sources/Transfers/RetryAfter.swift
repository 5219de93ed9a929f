enum RetryAfter {
    static func duration(_ value: String) -> Duration? { nil }
}
