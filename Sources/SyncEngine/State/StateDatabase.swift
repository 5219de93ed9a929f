import FoundationEssentials
import GRDB
import SystemIO
import SystemPackage

/// Opens `zood.sqlite`, sets it aside when it cannot be used, and brings it up to date.
enum StateDatabase {
    static let fileName = "zood.sqlite"

    /// - Returns: The database, and a sentence for `status` when the old one had to be set aside.
    /// - Throws: `StateFailure` when the directory cannot be used or the database was written by a newer zood.
    static func open(in directory: FilePath, now: Date) throws -> (DatabaseQueue, setAside: String?) {
        let file = directory.appending(fileName).string
        do {
            return (try use(file), nil)
        } catch let failure as StateFailure {
            throw failure
        } catch let error as DatabaseError where [.SQLITE_CORRUPT, .SQLITE_NOTADB].contains(error.resultCode) {
            let moved = fileName + ".damaged-" + String(Int(now.timeIntervalSince1970))
            for suffix in ["", "-wal", "-shm"] {
                try? FileManager.default.moveItem(atPath: file + suffix, toPath: directory.appending(moved + suffix).string)
            }
            let sentence = "the state could not be opened (\(error.message ?? "damaged")); it was set aside as \(moved) and is made anew"
            return (try use(file), sentence)
        }
    }

    /// A second connection to a database that is in use, which only reads. What was committed before, it sees.
    static func openReader(in directory: FilePath) throws -> DatabaseQueue {
        var configuration = GRDB.Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(5)
        configuration.prepareDatabase { try $0.execute(sql: "PRAGMA cache_size = -512") }
        return try DatabaseQueue(path: directory.appending(fileName).string, configuration: configuration)
    }

    private static func use(_ file: String) throws -> DatabaseQueue {
        var configuration = GRDB.Configuration()
        configuration.journalMode = .wal
        configuration.busyMode = .timeout(5)
        let queue = try DatabaseQueue(path: file, configuration: configuration)
        // Turning WAL on sets NORMAL, with which a power loss may forget what we told others: set it again once open.
        try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
        let verdict = try queue.read { try String.fetchOne($0, sql: "PRAGMA quick_check(1)") }
        guard verdict == "ok" else {
            // Its first line only says which database is meant.
            let finding = verdict?.split(separator: "\n").last.map(String.init)
            throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: finding ?? "no answer")
        }
        let migrator = StateSchema.migrator()
        if try queue.read({ try migrator.hasBeenSuperseded($0) }) { throw StateFailure.newer(file) }
        try migrator.migrate(queue)
        return queue
    }
}

/// Why there is no state to work with.
public enum StateFailure: Error, Equatable, CustomStringConvertible {
    /// A later zood has written this file.
    case newer(String)

    public var description: String {
        switch self {
        case .newer(let file): "\(file) was written by a newer zood; install that one, or move the file away to start anew"
        }
    }
}
