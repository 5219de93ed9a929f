import FoundationEssentials
import ModelInfo
import Planning

/// Who is read next: what a person waits for in the order of asking, then what was never read, then what was read longest ago.
struct ReadingLine {
    private struct Place {
        var lastReadAt: Date
        var ticket: Int
    }

    private var requests: [Int: ReadingRequest] = [:]
    private var urgent: [Int] = []
    private var urgentHead = 0
    /// The next one is at the end.
    private var others: [Place] = []
    private var nextTicket = 0

    var isEmpty: Bool { requests.isEmpty }

    /// - Returns: By what it can be taken out again.
    mutating func add(_ request: ReadingRequest) -> Int {
        let ticket = nextTicket
        nextTicket += 1
        requests[ticket] = request
        if request.order.reason.isUrgent {
            urgent.append(ticket)
        } else {
            // What is new comes before all that was read before.
            let at = request.order.reason == .new ? Date.distantPast : request.lastReadAt
            var (low, high) = (0, others.count)
            while low < high {
                let middle = (low + high) / 2
                if others[middle].lastReadAt > at || others[middle].lastReadAt == at && others[middle].ticket > ticket {
                    low = middle + 1
                } else {
                    high = middle
                }
            }
            others.insert(Place(lastReadAt: at, ticket: ticket), at: low)
        }
        return ticket
    }

    mutating func remove(_ ticket: Int) { requests[ticket] = nil }

    /// The next one that somebody waits for.
    mutating func takeUrgent() -> ReadingRequest? {
        while urgentHead < urgent.count {
            let ticket = urgent[urgentHead]
            urgentHead += 1
            if urgentHead > urgent.count / 2 {
                urgent.removeFirst(urgentHead)
                urgentHead = 0
            }
            if let request = requests.removeValue(forKey: ticket) { return request }
        }
        return nil
    }

    /// The next of the others.
    mutating func takeOther() -> ReadingRequest? {
        while let place = others.popLast() {
            if let request = requests.removeValue(forKey: place.ticket) { return request }
        }
        return nil
    }

    /// Takes out all that wait for their turn only.
    mutating func removeDue() -> [ReadingRequest] {
        let due = requests.filter { $0.value.order.reason == .due }
        for ticket in due.keys { requests[ticket] = nil }
        return Array(due.values)
    }
}
