import ControlProtocol
import Foundation
import ModelInfo
import Testing

@testable import zooctl

struct RenderingTests {
    static let plain = Style(hasColor: false, isUTF8: true, width: nil)

    @Test(
        arguments: [
            (0, "0 B"), (1023, "1023 B"), (1024, "1 KiB"), (1536, "1.5 KiB"), (243_862_418, "233 MiB"), (13_002_342, "12.4 MiB"),
            (104_857_599, "100 MiB"), (1_073_741_823, "1 GiB"), (44_023_414_784, "41 GiB"), (.max, "8 EiB"), (-5, "0 B"),
        ] as [(Int64, String)])
    func `sizes are in IEC units with at most three digits`(count: Int64, text: String) {
        #expect(Units.bytes(count) == text)
    }

    @Test func `durations and moments are short`() {
        #expect([15, 60, 390, 3600, 226800, -4].map(Units.duration) == ["15 s", "1 min", "6 min 30 s", "1 h", "2 d 15 h", "0 s"])
        let now = Samples.start
        #expect(
            [2, 30, 3000, 21600, 260000, -260000].map { Units.relative(now.addingTimeInterval(-$0), to: now) } == [
                "just now", "30 s ago", "50 min ago", "6 h ago", "3 d ago", "in 3 d",
            ])
    }

    @Test func `only all of it is 100 percent`() {
        #expect([0, 0.962, 0.99999, 1, 2].map(Units.percent) == ["0 %", "96.2 %", "99.9 %", "100 %", "100 %"])
    }

    @Test(arguments: [
        ("a\u{1B}[31mb", "a\\u{1b}[31mb"), ("two\nlines\r\t", "two\\u{a}lines\\u{d}\\u{9}"), ("\u{9B}2J", "\\u{9b}2J"),
        ("abc\u{202E}cba", "abc\\u{202e}cba"), ("zero\u{200B}width", "zero\\u{200b}width"), ("\u{2028}", "\\u{2028}"),
        ("Grüße 模型 🙂", "Grüße 模型 🙂"),
    ])
    func `text of a model can neither move the cursor nor forge a line`(text: String, printed: String) {
        #expect(printable(text) == printed)
    }

    @Test(arguments: [40, 60, 80, 100, 200])
    func `no line of a table is wider than the terminal`(width: Int) {
        let models = [
            Samples.model("bvlc_alexnet", .failed, note: String(repeating: "long note ", count: 30)),
            Samples.model("视觉模型", .attention, note: String(repeating: "宽", count: 90)),
        ]
        let style = Style(hasColor: false, isUTF8: true, width: width)
        let page = StatusPage(report: Samples.status(models), models: models, style: style, now: Samples.start).text
        let rows = page.split(separator: "\n").dropFirst()
        for row in rows { #expect(columnCount(String(row)) <= width, "\(row)") }
        #expect(rows.count == 3)
    }

    @Test func `nothing is cut where no terminal is`() {
        let note = String(repeating: "long note ", count: 30) + "end"
        let models = [Samples.model("a", .failed, note: note)]
        let page = StatusPage(report: Samples.status(models), models: models, style: Self.plain, now: Samples.start).text
        #expect(page.contains(note))
    }

    @Test func `numbers stand on the right and columns keep their place`() {
        var table = Table(columns: [.init(title: "NAME"), .init(title: "SIZE", isNumber: true), .init(title: "NOTE")])
        table.rows = [[.init("模"), .init("9 B"), .init("x")], [.init("longer"), .init("233 MiB"), .init("")]]
        #expect(table.text(Self.plain) == "NAME       SIZE  NOTE\n模          9 B  x\nlonger  233 MiB\n")
    }

    @Test func `a state is a word, a sign and a colour, in ASCII where the locale is`() {
        let models = [
            Samples.model("a"), Samples.model("b", .busy), Samples.model("c", .attention, gist: .held), Samples.model("d", .failed),
        ]
        let utf8 = Style(hasColor: true, isUTF8: true, width: nil)
        let ascii = Style(hasColor: false, isUTF8: false, width: nil)
        #expect(models.map { StateSign($0, utf8).sign } == ["●", "↻", "!", "✗"])
        #expect(models.map { StateSign($0, ascii).sign } == ["*", "~", "!", "x"])
        #expect(models.map { StateSign($0, ascii).word } == ["ok", "busy", "held", "failed"])
        #expect(Swift.Set(models.map { StateSign($0, utf8).paint }).count == 4)
        let page = StatusPage(report: Samples.status(models), models: models, style: ascii, now: Samples.start).text
        #expect(page.utf8.allSatisfy { $0 < 0x80 })
    }

    @Test func `colour obeys the option, then NO_COLOR`() {
        #expect(Style(.always, environment: ["NO_COLOR": "1"]).hasColor)
        #expect(!Style(.never, environment: [:]).hasColor)
        #expect(!Style(.auto, environment: ["NO_COLOR": "1"]).hasColor)
        #expect(Style(.auto, environment: ["LANG": "de_DE.UTF-8"]).isUTF8)
        #expect(!Style(.auto, environment: ["LANG": "de_DE.UTF-8", "LC_ALL": "C"]).isUTF8)
    }

    @Test func `hints come last, in lines that scripts can drop`() {
        let health = HealthItem(code: "watch-limit", severity: .warning, title: "out of watches", text: "8192", hint: "sysctl x")
        let models = [Samples.model("a", .failed, hint: "zooctl diff a")]
        let page = StatusPage(report: Samples.status(models, health: [health]), models: models, style: Self.plain, now: Samples.start).text
        let last = page.split(separator: "\n").suffix(3)
        #expect(last == ["# warning: out of watches: 8192", "#   hint: sysctl x", "# next, a: zooctl diff a"])
    }

    @Test func `status -x has every hint, the whole table the first eight and where the others are`() {
        let models = (1...9).map { Samples.model("m\($0)", .failed, hint: "zooctl show m\($0)") }
        func lines(showsAllHints: Bool) -> [Substring] {
            StatusPage(
                report: Samples.status(models), models: models, style: Self.plain, now: Samples.start, showsAllHints: showsAllHints
            ).text.split(separator: "\n").filter { $0.hasPrefix("#") }
        }
        #expect(lines(showsAllHints: true).count == 9 && lines(showsAllHints: true).last == "# next, m9: zooctl show m9")
        #expect(lines(showsAllHints: false).count == 9 && lines(showsAllHints: false).last == "# and 1 more: zooctl status -x")
    }

    @Test func `weights that nobody can fetch are called missing`() {
        let binary = BinaryStatus(
            file: "w", state: .none, url: nil, sha1: nil, sha256: nil, size: nil, verifiedAt: nil, nextVerifyAt: nil, progress: nil)
        #expect(StateSign(Samples.model("a", .attention, binaries: [binary]), Self.plain).word == "missing")
    }

    @Test func `the model that was probably meant is offered`() {
        let models = ["bvlc_alexnet", "vision/vgg16", "vision/nin"].map { Samples.model($0) }
        #expect(ModelArgument.missing("bvlc_alexnit", among: models).hint == "did you mean bvlc_alexnet?")
        #expect(ModelArgument.missing("vgg16", among: models).hint == "did you mean vision/vgg16?")
        #expect(ModelArgument.missing("resnet", among: models).hint == "zooctl status lists the models")
    }

    @Test func `a check says the worst`() {
        #expect(
            CheckVerdict(Samples.status([Samples.model("a")])).line
                == "ZOOD OK - 1 model, 1 ok | models=1 ok=1 busy=0 attention=0 failed=0 overdue=0")
        #expect(CheckVerdict(Samples.status([Samples.model("a", .attention)])).exitCode == 1)
        #expect(CheckVerdict(Samples.status([Samples.model("a|b", .failed), Samples.model("c", .attention)])).exitCode == 2)
        #expect(CheckVerdict(Samples.status([Samples.model("a|b", .failed)])).line.contains(": a/b |"))
    }
}
