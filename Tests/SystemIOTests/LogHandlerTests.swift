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

    @Test func `a person's line goes to standard error whole`() async {
        let result = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
            var logger = Logger(label: "zood", factory: { _ in StandardErrorLogHandler(logLevel: .info) })
            logger[metadataKey: "model"] = "a"
            logger.debug("unseen")
            logger.info("seen")
            exit(0)
        }
        let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        #expect(text.contains(/^\d\d:\d\d:\d\d info seen model=a\n/.anchorsMatchLineEndings()))
        #expect(!text.contains("unseen"))
    }
}
