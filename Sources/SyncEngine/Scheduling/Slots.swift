/// So many at once; the others wait in the order of coming.
actor Slots {
    private var count: Int
    private var inUse = 0
    private var line: [(id: Int, enter: CheckedContinuation<Bool, Never>)] = []
    private var nextID = 0

    /// - Parameter count: At least 1; less counts as 1.
    init(count: Int) { self.count = max(count, 1) }

    /// - Returns: False when the task was cancelled while it waited; then there is nothing to leave.
    func enter() async -> Bool {
        if Task.isCancelled { return false }
        if inUse < count {
            inUse += 1
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
        inUse -= 1
        admit()
    }

    /// Another number from now on: who waits and fits comes in at once; where there are too many in, nobody comes until enough left.
    func resize(to count: Int) {
        self.count = max(count, 1)
        admit()
    }

    private func admit() {
        while inUse < count, !line.isEmpty {
            inUse += 1
            line.removeFirst().enter.resume(returning: true)
        }
    }

    private func giveUp(_ id: Int) {
        guard let place = line.firstIndex(where: { $0.id == id }) else { return }
        line.remove(at: place).enter.resume(returning: false)
    }
}
