import ModelInfo

/// Turns what watchers tell into "look at these again".
struct Marks: Sendable {
    let queue: LookQueue
    let board: StatusBoard
    let store: StateStore
    let clock: any DaemonClock

    func take(_ news: ZooWatcher.News, of zoo: Zoo) async {
        switch news {
        case .touched(let directories): await queue.touch(await models(of: directories, in: zoo))
        case .placed(let directories):
            // Whoever placed it has it looked at as soon as it is remembered. This is for a file that somebody else put there just then.
            let soon = clock.now.addingTimeInterval(1)
            for model in await models(of: directories, in: zoo) { await queue.wake(model, at: soon) }
        case .everything(let directories):
            var models = Set(directories.map { ModelID(zoo: zoo.name, path: $0) })
            models.formUnion(await board.ids.filter { $0.zoo == zoo.name })
            // Models that are gone since the last run are known only to the state.
            models.formUnion((try? await store.knownModels())?.filter { $0.zoo == zoo.name } ?? [])
            await queue.mark(models.sorted())
        }
    }
    /// Those in these directories, and those above whose files may lie there.
    private func models(of directories: [RelativePath], in zoo: Zoo) async -> Set<ModelID> {
        var models = Set(directories.map { ModelID(zoo: zoo.name, path: $0) })
        for directory in directories { models.formUnion(await board.models(above: directory, in: zoo.name)) }
        return models
    }
}
