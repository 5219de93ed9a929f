import Foundation
import Logging
import SystemIO
import Testing

@testable import Systemd

struct JournalLogHandlerTests {
    @Test func `the journal gets fields of its own`() {
        let event = LogEvent(
            level: .warning, message: "two\nlines", error: nil,
            metadata: ["model": "a", "op": "publish", "job": "3", "message-id": "0123", "håll-it": "x"],
            source: "SyncEngine", file: "Engine.swift", function: "run()", line: 7)
        let fields = JournalLogHandler.journalFields(event, fields: LogText.fields(handler: [:], provider: nil, event: event))
        #expect(
            Set(fields) == [
                "MESSAGE=two\nlines", "PRIORITY=4", "SYSLOG_IDENTIFIER=zood", "CODE_FILE=Engine.swift", "CODE_LINE=7", "CODE_FUNC=run()",
                "ZOO_MODEL=a", "ZOO_OP=publish", "ZOO_JOB=3", "MESSAGE_ID=0123", "ZOO_H_LL_IT=x",
            ])
    }

    @Test func `the journal is used only when standard error leads there`() async {
        await #expect(processExitsWith: .success) {
            var status = stat()
            guard unsafe fstat(STDERR_FILENO, &status) == 0 else { exit(2) }
            setEnvironment("JOURNAL_STREAM", nil)
            let without = JournalLogHandler.isStandardErrorTheJournal
            setEnvironment("JOURNAL_STREAM", "\(status.st_dev):\(status.st_ino)")
            let with = JournalLogHandler.isStandardErrorTheJournal
            setEnvironment("JOURNAL_STREAM", "\(status.st_dev):\(status.st_ino + 1)")
            let redirected = JournalLogHandler.isStandardErrorTheJournal
            exit(!without && with && !redirected ? 0 : 1)
        }
    }

    @Test func `a journal that is not there costs a message and nothing else`() {
        JournalLogHandler().log(
            event: LogEvent(
                level: .info, message: "no journal here", error: nil, metadata: nil, source: "", file: "", function: "", line: 0))
    }
}
