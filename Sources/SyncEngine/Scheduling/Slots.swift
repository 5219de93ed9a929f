/// So many at once; the others wait in the order of coming.
actor Slots {
    private var free: Int
    private var line: [(id: Int, enter: CheckedContinuation<Bool, Never>)] = []
    private var nextID = 0

    /// - Parameter count: At least 1; less counts as 1.
    init(count: Int) { free = max(count, 1) }

    /// - Returns: False when the task was cancelled while it waited; then there is nothing to leave.
    func enter() async -> Bool {
        if Task.isCancelled { return false }
        if free > 0 {
            free -= 1
            return true
        }
        let id = nextID
        nextID += 1
        return await withTaskCancellationHandler {
            await withCheckedContinuation { line.append((id, $0)) }
        } onCancel: {
            Task { await self.giveUp(id) }
        }
    }

    /// How many wait in line.
    var waitingCount: Int { line.count }

    func leave() {
        if line.isEmpty { free += 1 } else { line.removeFirst().enter.resume(returning: true) }
    }

    private func giveUp(_ id: Int) {
        guard let place = line.firstIndex(where: { $0.id == id }) else { return }
        line.remove(at: place).enter.resume(returning: false)
    }
}
