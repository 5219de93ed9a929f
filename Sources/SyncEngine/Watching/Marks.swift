import ModelInfo

/// Turns what watchers tell into "look at these again".
struct Marks: Sendable {
    let queue: LookQueue
    let board: StatusBoard
    let store: StateStore

    func take(_ news: ZooWatcher.News, of zoo: Zoo) async {
        switch news {
        case .touched(let directories):
            var models = Set(directories.map { ModelID(zoo: zoo.name, path: $0) })
            for directory in directories { models.formUnion(await board.models(above: directory, in: zoo.name)) }
            await queue.touch(models)
        case .everything(let directories):
            var models = Set(directories.map { ModelID(zoo: zoo.name, path: $0) })
            models.formUnion(await board.ids.filter { $0.zoo == zoo.name })
            // Models that are gone since the last run are known only to the state.
            models.formUnion((try? await store.knownModels())?.filter { $0.zoo == zoo.name } ?? [])
            await queue.mark(models.sorted())
        }
    }
}
