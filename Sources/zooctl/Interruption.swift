import ControlProtocol
import Dispatch
import Glibc
import SystemIO

/// While it is held, Ctrl-C ends zooctl with a word about the jobs that go on in the daemon.
final class Interruption {
    private let source: any DispatchSourceSignal

    /// - Parameter jobs: Their ids.
    init(jobs: [String]) {
        signal(SIGINT, SIG_IGN)
        source = DispatchSource.makeSignalSource(signal: SIGINT, queue: .global())
        source.setEventHandler {
            let names = jobs.map(printable)
            let plural = names.count == 1 ? "job \(names[0]) goes on" : "\(names.count) jobs go on"
            Output.standardError("\(Terminal.isOne(.standardError) ? "\r\u{1B}[K" : "")zooctl: interrupted; \(plural)\n")
            Output.standardError("hint: zooctl jobs shows them; zooctl cancel \(names.first ?? "JOB") ends one\n")
            exit(ExitStatus.interrupted.rawValue)
        }
        source.activate()
    }

    func forget() {
        source.cancel()
        signal(SIGINT, SIG_DFL)
    }
}
