/// What `GET /v1/health` answers: what is wrong with the daemon or its machine.
public struct HealthReport: Codable, Hashable, Sendable {
    public private(set) var schema = "zood.health/1"
    /// The most severe first; empty when nothing is wrong.
    public var health: [HealthItem]

    public init(health: [HealthItem]) { self.health = health }
}
