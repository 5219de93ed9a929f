/// How much of a file system stays free: an amount, or a share of the whole.
public enum FreeSpaceFloor: Hashable, Sendable {
    case size(ByteSize)
    /// 0 to 99, of the file system's size.
    case percent(Int)

    /// The floor in bytes on a file system of `total` bytes.
    public func byteCount(ofTotal total: Int) -> Int {
        switch self {
        case .size(let size): size.byteCount
        case .percent(let percent): total / 100 * percent
        }
    }
}

extension FreeSpaceFloor: ConfigurationValue {
    static var kind: String { "size or percentage" }

    init(configured text: String) throws(ValueProblem) {
        if text.hasSuffix("%") {
            guard let percent = Int(text.dropLast()), (0...99).contains(percent) else {
                throw ValueProblem("is no percentage from 0% to 99%")
            }
            self = .percent(percent)
        } else if let size = try? ByteSize(configured: text) {
            self = .size(size)
        } else {
            throw ValueProblem("is neither a size nor a percentage; write e.g. 20GiB or 5%")
        }
    }

    var configured: String {
        switch self {
        case .size(let size): size.configured
        case .percent(let percent): "\(percent)%"
        }
    }
}
