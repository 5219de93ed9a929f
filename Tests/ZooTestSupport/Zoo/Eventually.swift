/// A condition did not come true in time.
public struct NotInTime: Error, CustomStringConvertible {
    /// What was waited for.
    public let expectation: String
    /// How long.
    public let limit: Duration
    /// How things stood when the time was over, in lines; empty where nobody looked.
    public var situation = ""

    /// For people.
    public var description: String {
        "not within \(limit): \(expectation)" + (situation.isEmpty ? "" : "\n" + situation)
    }
}

/// Waits until a condition is true, looking every few milliseconds.
/// - Throws: ``NotInTime`` when it is not within `limit`, and whatever the condition throws.
public func eventually(
    _ expectation: String, within limit: Duration = .seconds(20), _ condition: () async throws -> Bool
) async throws {
    _ = try await eventually(expectation, within: limit) { try await condition() ? true : nil }
}

/// Waits until there is a value, and gives it.
public func eventually<Value>(
    _ expectation: String, within limit: Duration = .seconds(20), value: () async throws -> Value?
) async throws -> Value {
    let deadline = ContinuousClock.now + limit
    while true {
        if let value = try await value() { return value }
        guard ContinuousClock.now < deadline else { throw NotInTime(expectation: expectation, limit: limit) }
        try await Task.sleep(for: .milliseconds(5))
    }
}
