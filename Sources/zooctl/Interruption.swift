import ControlProtocol
import Dispatch
import Glibc
import SystemIO

/// While it is held, Ctrl-C ends zooctl with a word about what goes on, or does not.
final class Interruption {
    private let source: any DispatchSourceSignal

    /// - Parameter jobs: Their ids; they go on in the daemon.
    convenience init(jobs: [String]) {
        let names = jobs.map(printable)
        self.init(
            names.count == 1 ? "job \(names[0]) goes on" : "\(names.count) jobs go on",
            hint: "zooctl jobs shows them; zooctl cancel \(names.first ?? "JOB") ends one")
    }

    /// - Parameter news: What a person wants to know then.
    init(_ news: String, hint: String? = nil) {
        signal(SIGINT, SIG_IGN)
        source = DispatchSource.makeSignalSource(signal: SIGINT, queue: .global())
        source.setEventHandler {
            Output.standardError("\(Terminal.isOne(.standardError) ? "\r\u{1B}[K" : "")zooctl: interrupted; \(news)\n")
            if let hint { Output.standardError("hint: \(hint)\n") }
            exit(ExitStatus.interrupted.rawValue)
        }
        source.activate()
    }

    func forget() {
        source.cancel()
        signal(SIGINT, SIG_DFL)
    }
}
