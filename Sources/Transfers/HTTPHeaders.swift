/// The headers of one answer, in the order they came; names are compared without case.
public struct HTTPHeaders: Equatable, Sendable {
    private var fields: [(name: String, value: String)] = []

    /// Headers in this order.
    public init(_ fields: [(name: String, value: String)] = []) { self.fields = fields }

    /// The first value of that name, without blanks around it; nil when there is none.
    public subscript(name: String) -> String? { fields.first { isEqualIgnoringCase($0.name, name) }?.value }

    /// All values of that name, in order.
    public func values(of name: String) -> [String] {
        fields.filter { isEqualIgnoringCase($0.name, name) }.map(\.value)
    }

    mutating func append(name: String, value: String) { fields.append((name, value)) }

    /// Same names, cases included, same values, same order.
    public static func == (a: HTTPHeaders, b: HTTPHeaders) -> Bool {
        a.fields.elementsEqual(b.fields) { $0 == $1 }
    }
}

/// Compares ASCII letters without case and everything else exactly.
func isEqualIgnoringCase(_ a: some StringProtocol, _ b: some StringProtocol) -> Bool {
    a.utf8.elementsEqual(b.utf8) { lowerCased($0) == lowerCased($1) }
}

private func lowerCased(_ byte: UInt8) -> UInt8 {
    UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte ? byte | 0x20 : byte
}
