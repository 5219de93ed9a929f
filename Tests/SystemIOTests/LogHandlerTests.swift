import Foundation
import Logging
import Testing

@testable import SystemIO

struct LogHandlerTests {
    private func event(_ message: String, _ metadata: Logger.Metadata? = nil) -> LogEvent {
        LogEvent(
            level: .warning, message: "\(message)", error: nil, metadata: metadata, source: "SyncEngine", file: "Engine.swift",
            function: "run()", line: 7)
    }

    private func line(_ event: LogEvent, handler: Logger.Metadata = [:]) -> String {
        let fields = LogText.fields(handler: handler, provider: nil, event: event)
        return StandardErrorLogHandler.line(event, fields: fields, time: "08:12:00")
    }

    @Test func `a line for a person has time, level, message and sorted fields`() {
        #expect(
            line(event("4 watches left", ["model": "bvlc_alexnet", "job": "12"]))
                == "08:12:00 warning 4 watches left job=12 model=bvlc_alexnet")
        #expect(line(event("x", ["why": "no space left", "empty": ""])) == "08:12:00 warning x empty=\"\" why=\"no space left\"")
        #expect(line(event("x", ["why": "say \"no\""])) == "08:12:00 warning x why=\"say \\\"no\\\"\"")
    }

    @Test func `a message's own field beats the logger's`() {
        #expect(line(event("x", ["model": "b"]), handler: ["model": "a", "zoo": "z"]) == "08:12:00 warning x model=b zoo=z")
    }

    @Test func `text from outside can forge no line and move no cursor`() {
        let written = line(event("name\n08:12:01 info forged\u{1b}[2J", ["model": "a\u{202e}b\tc\u{2028}d"]))
        #expect(written == "08:12:00 warning name\\n08:12:01 info forged\\u{1b}[2J model=a\\u{202e}b\\tc\\u{2028}d")
    }

    @Test func `the journal gets fields of its own`() {
        let event = event("two\nlines", ["model": "a", "op": "publish", "job": "3", "message-id": "0123", "håll-it": "x"])
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

    @Test func `a person's line goes to standard error whole`() async {
        let result = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
            var logger = Logger(label: "zood", factory: { _ in StandardErrorLogHandler(logLevel: .info) })
            logger[metadataKey: "model"] = "a"
            logger.debug("unseen")
            logger.info("seen")
            JournalLogHandler().log(
                event: LogEvent(
                    level: .info, message: "no journal here", error: nil, metadata: nil, source: "", file: "", function: "", line: 0))
            exit(0)
        }
        let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        #expect(text.contains(/^\d\d:\d\d:\d\d info seen model=a\n/.anchorsMatchLineEndings()))
        #expect(!text.contains("unseen"))
    }
}
