import FoundationEssentials
import ModelInfo
import Planning

/// Who is read next: what people wait for, job by job in turns, then what was never read, then what was read longest ago.
struct ReadingLine {
    private struct Place {
        var lastReadAt: Date
        var ticket: Int
    }

    private struct JobLine {
        let goal: Int64
        var tickets: [Int]
        private var head = 0

        init(goal: Int64, tickets: [Int]) { (self.goal, self.tickets) = (goal, tickets) }

        var first: Int? { head < tickets.count ? tickets[head] : nil }

        mutating func removeFirst() {
            head += 1
            if head > tickets.count / 2 {
                tickets.removeFirst(head)
                head = 0
            }
        }
    }

    private var requests: [Int: ReadingRequest] = [:]
    /// A line for each job, in the order of asking: one that reads a whole zoo keeps nobody else waiting until its end.
    private var urgent: [JobLine] = []
    /// Whose turn it is.
    private var turn = 0
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
            let goal = request.order.reason.goal
            if let index = urgent.firstIndex(where: { $0.goal == goal }) {
                urgent[index].tickets.append(ticket)
            } else {
                urgent.append(JobLine(goal: goal, tickets: [ticket]))
            }
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
    /// - Parameter byteCount: It stays in line when it is larger.
    mutating func takeUrgent(atMost byteCount: Int64 = .max) -> ReadingRequest? {
        while !urgent.isEmpty {
            let index = turn < urgent.count ? turn : 0
            guard let ticket = urgent[index].first else {
                urgent.remove(at: index)
                continue
            }
            if let request = requests[ticket], request.byteCount > byteCount { return nil }
            urgent[index].removeFirst()
            guard let request = requests.removeValue(forKey: ticket) else { continue }
            turn = index + 1
            if urgent[index].first == nil {
                urgent.remove(at: index)
                turn = index
            }
            return request
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
