/// Tells a person what came instead of a model.
public enum LooksLike {
    /// - Returns: "an HTML page titled '…'", or nil when nothing speaks against a binary.
    public static func page(firstBytes: [UInt8], contentType: String?) -> String? { nil }
}
