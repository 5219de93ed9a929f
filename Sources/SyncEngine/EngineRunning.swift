import ControlProtocol
import FoundationEssentials
import Logging
import ModelInfo
import Planning
import ServiceLifecycle
import SystemIO
import Systemd

extension Engine {
    /// Runs as a daemon until SIGTERM or SIGINT. A clean stop takes less than two seconds; transfers are kept for later.
    public func run() async throws {
        let services: [any Service] = [
            Room("work") { await work() },
            Room("reloads") { await reloadOnHangup() },
            Room("rescans") { await rescanNowAndThen() },
            Room("polling") { await polling.run() },
            Room("trash") { await expiry.run(with: daemon.garbage) },
            Room("watchdog") { await feedWatchdog() },
            control,
            Room("start") { await start() },
        ]
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: services.map { .init(service: $0) }, gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
        try await group.run()
        logger.info("stopped")
    }

    /// Runs until every model is settled, then stops: for cron and pipelines.
    /// - Returns: How every model stands.
    public func runOnce() async -> StatusReport {
        await withTaskGroup { group in
            group.addTask { await reconciler.run() }
            for watcher in watchers { await watcher.rescan() }
            await polling.pollNow()
            await daemon.queue.mark(daemon.jobs.models)
            await daemon.phase.enter(.running)
            while await !isSettled() { try? await clock.sleep(until: clock.now.addingTimeInterval(0.05)) }
            await daemon.queue.close()
            await daemon.workshop.stop()
        }
        return await daemon.status(isShort: false, limit: nil, after: nil)
    }

    /// Nothing due, nothing under way, and nothing that would be busy within the next minutes.
    private func isSettled() async -> Bool {
        guard await daemon.queue.isDrained, await daemon.workshop.allWork().isEmpty, await !daemon.brake.isAsked else { return false }
        let soon = clock.now.addingTimeInterval(400)
        return await daemon.board.all.allSatisfy { entry in
            entry.plan.state != .busy || (entry.plan.wakeAt ?? .distantFuture) > soon
        }
    }

    private func work() async {
        await withTaskGroup { group in
            group.addTask { await reconciler.run() }
            for watcher in watchers { group.addTask { await watcher.run() } }
            await withTaskCancellationHandler {
                await group.waitForAll()
            } onCancel: {
                Task { await daemon.queue.close() }
            }
        }
        await daemon.workshop.stop()
    }

    /// The first walk over the zoos. Ready when all is watched and the socket answers.
    private func start() async {
        for watcher in watchers { await watcher.rescan() }
        await daemon.queue.mark(daemon.jobs.models)
        await daemon.phase.untilListening()
        // Without a socket, or already told to stop: never ready.
        if Task.isCancelled { return }
        await daemon.phase.enter(.running)
        let count = await daemon.board.ids.count
        logger.info("running", metadata: ["zoos": "\(zoos.map(\.path.string).joined(separator: " "))", "models": "\(count)"])
        ServiceNotification.ready(status: Self.status(of: zoos))
        await untilCancelled()
        await daemon.phase.enter(.stopping)
        ServiceNotification.stopping()
    }

    private func reloadOnHangup() async {
        for await _ in await Signals.hangups() {
            do {
                let report = try await daemon.reload()
                logger.info("reloaded", metadata: ["changed": "\(report.changed.joined(separator: " "))"])
            } catch {
                logger.error("reload refused", metadata: ["because": "\(error.message)"])
            }
        }
    }

    /// Covers what inotify does not see: other machines' changes on a network file system, directories without a watch.
    private func rescanNowAndThen() async {
        while !Task.isCancelled {
            var seconds = daemon.configuration.current.configuration.watch.rescan.seconds
            for watcher in watchers where await watcher.unwatchedCount > 0 { seconds = min(seconds, 300) }
            // Spread, so that many servers of one file server do not walk it at once.
            let next = clock.now.addingTimeInterval(seconds * Double.random(in: 0.75..<1.25))
            do { try await clock.sleep(until: next) } catch { return }
            for watcher in watchers { await watcher.rescan() }
        }
    }

    /// Proves to systemd that the queue's actor still answers.
    private func feedWatchdog() async {
        guard let interval = ServiceNotification.watchdogInterval else { return await untilCancelled() }
        while !Task.isCancelled {
            _ = await daemon.queue.isDrained
            ServiceNotification.watchdog()
            do { try await clock.sleep(until: clock.now.addingTimeInterval(interval.seconds / 2)) } catch { return }
        }
    }
}

/// A part of the engine as a service: it runs until a clean stop cancels it.
private struct Room: Service, CustomStringConvertible {
    let description: String
    let body: @Sendable () async -> Void

    init(_ description: String, _ body: @escaping @Sendable () async -> Void) { (self.description, self.body) = (description, body) }

    func run() async throws { await cancelWhenGracefulShutdown { await body() } }
}
