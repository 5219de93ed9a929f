import ControlProtocol
import Foundation
import ModelInfo
import Testing

/// The JSON that scripts rely on, word for word.
struct WireShapeTests {
    /// A status with everything in it: keys sorted, times in UTC, what is unknown as null.
    static let status = """
        {"daemon":{"configuration":"/etc/zood/zood.yaml","pid":812,"startedAt":"2026-11-20T08:12:00Z","state":"running","version":"0.1.0"},\
        "health":[{"code":"watch-limit","hint":null,"severity":"warning","text":"8192 of 8192","title":"out of watches"}],\
        "models":[{"binaries":[{"file":"bvlc_alexnet.caffemodel","nextVerifyAt":null,"note":null,\
        "progress":{"bytesPerSecond":12582912,"doneBytes":52428800,"etaSeconds":15,"totalBytes":243862418},"recordedSha1":null,\
        "sha1":"9116a64c0fbe4459d18f4bb6b56d647b63920377","sha256":null,"size":243862418,"state":"fetching",\
        "url":"https://example.org/a.caffemodel","verifiedAt":null}],\
        "gist":{"id":"034c6ac3865563b69e60","note":null,"publishedAt":"2026-11-20T08:13:00Z","revision":null,"state":"inSync","url":null,"visibility":null},\
        "hint":null,"id":"bvlc_alexnet","info":{"diagnostics":[{"code":"missing-license","column":1,"file":"readme.md","hint":"add one",\
        "line":1,"message":"no license","severity":"warning"}],"state":"warnings"},"license":null,"name":"BAIR/BVLC AlexNet Model",\
        "note":"downloading, 15 s left","path":"/srv/models/bvlc_alexnet","state":"busy","zoo":"models"}],\
        "schema":"zood.status/1","summary":{"attention":0,"busy":1,"failed":0,"models":1,"ok":0},\
        "verification":{"bytes":44023414784,"coverage":0.962,"everySeconds":null,"neverRead":2,"nextVerifyAt":null,"oldestVerifiedAt":null,"overdue":0,"overdueBytes":0}}
        """

    @Test func `a status is read and written again without a difference`() throws {
        let report = try ControlCoding.decode(StatusReport.self, from: Array(Self.status.utf8))
        #expect(report.models[0].binaries[0].progress?.etaSeconds == 15)
        #expect(report.models[0].info.diagnostics.first?.code == .missingLicense)
        #expect(String(decoding: try ControlCoding.line(report), as: UTF8.self) == Self.status)
    }

    @Test func `a key that is null or absent reads as nil, and a key of a newer daemon is skipped`() throws {
        let text = #"{"error":{"code":"held","message":"m","details":{},"since":"2027"}}"#
        let error = try ControlCoding.decode(ErrorEnvelope.self, from: Array(text.utf8)).error
        #expect(error == ControlError(.held, "m"))
    }

    @Test(arguments: [
        (
            #"{"error":{"code":"no-space","details":{"file":"a"},"hint":null,"message":"m"}}"#,
            ErrorEnvelope(ControlError(.noSpace, "m", details: ["file": "a"])) as any Encodable & Sendable
        ),
        (#"{"job":"7","model":null,"schema":"zood.accepted/1"}"#, AcceptedJob(job: "7", model: nil)),
        (
            #"{"items":[{"byteCount":3,"file":"f","item":"i","keptUntil":null,"model":null,"movedAt":"2026-11-21T08:12:00Z","owner":null,"reason":"unknown"}],"schema":"zood.trash/1"}"#,
            TrashReport(items: [
                TrashedFile(
                    item: "i", model: nil, file: "f", reason: "unknown", movedAt: Samples.start, byteCount: 3, owner: nil, keptUntil: nil)
            ])
        ),
        (
            #"{"dryRun":true,"items":[{"byteCount":3,"kind":"trash","model":null,"name":"f","problem":null,"reason":"expired","since":"2026-11-21T08:12:00Z"}],"schema":"zood.gc/1"}"#,
            GarbageReport(
                dryRun: true,
                items: [GarbageItem(kind: "trash", model: nil, name: "f", reason: "expired", byteCount: 3, since: Samples.start)])
        ),
        (
            #"{"jobs":[{"createdAt":"2026-11-21T08:12:00Z","error":null,"finishedAt":null,"id":"7","kind":"import","mayCancel":false,"model":"a","note":null,"progress":null,"requestedBy":{"uid":1000,"user":null},"schema":"zood.job/1","state":"queued"}],"schema":"zood.jobs/1"}"#,
            JobList(jobs: [
                JobReport(
                    id: "7", kind: .import, model: "a", state: .queued, createdAt: Samples.start,
                    requestedBy: Requester(uid: 1000, user: nil))
            ])
        ),
        (
            #"{"details":{},"kind":"gist-updated","message":"revision 3","model":"a","schema":"zood.event/1","seq":3,"time":"2026-11-21T08:12:00Z","uid":null}"#,
            EventLine.event(Samples.event(3))
        ),
        (#"{"first":1,"last":4,"schema":"zood.eventGap/1"}"#, EventLine.gap(EventGap(first: 1, last: 4))),
        (
            #"{"models":[{"actions":[{"action":"fetch a","notBefore":null,"reason":"missing"}],"choices":[],"hint":null,"id":"a","note":null}],"schema":"zood.plan/1"}"#,
            PlanReport(models: [ModelPlan(id: "a", actions: [PlannedAction(action: "fetch a", reason: "missing")], note: nil)])
        ),
        (
            #"{"client":null,"daemon":{"features":["events"],"version":"0.1.0"},"schema":"zood.version/1"}"#,
            VersionReport(client: nil, daemon: DaemonVersion(version: "0.1.0", features: ["events"]))
        ),
        (
            #"{"atNextStart":[],"changed":["gists.host"],"configuration":null,"schema":"zood.reload/1"}"#,
            ReloadReport(configuration: nil, changed: ["gists.host"], atNextStart: [])
        ),
        (
            #"{"description":"d","dryRun":true,"files":[{"byteCount":3,"name":"readme.md"}],"gist":null,"hint":null,"host":"local","model":"a","newFiles":[],"obstacle":null,"problems":[],"revision":null,"schema":"zood.publish/1","secrets":[],"url":null,"visibility":"secret"}"#,
            PublishReport(
                dryRun: true, model: "a", host: "local", visibility: .secret, description: "d",
                files: [PublishedFile(name: "readme.md", byteCount: 3)], newFiles: [], problems: [], gist: nil, url: nil, revision: nil)
        ),
    ])
    func `every document has the keys that are promised`(text: String, value: any Encodable & Sendable) throws {
        #expect(String(decoding: try ControlCoding.line(value), as: UTF8.self) == text)
    }

    @Test func `events and gaps are told apart by their schema`() throws {
        for line in [EventLine.event(Samples.event(5)), .gap(EventGap(first: 1, last: 4))] {
            #expect(try ControlCoding.decode(EventLine.self, from: try ControlCoding.line(line)) == line)
        }
    }

    @Test func `a model's report lists what is skipped as lint does`() throws {
        var report = Samples.report(Samples.model("a"))
        report.skipped = [SkippedFile(name: "mean.png", code: .binarySkipped)]
        let text = String(decoding: try ControlCoding.line(report), as: UTF8.self)
        #expect(text.contains(#""skipped":[{"code":"binary-skipped","file":"mean.png"}]"#))
        #expect(try ControlCoding.decode(ModelReport.self, from: Array(text.utf8)) == report)
    }

    @Test func `a model's report tells its nets and solvers`() throws {
        var report = Samples.report(Samples.model("a"))
        report.prototxts = [
            PrototxtSummary(
                file: "deploy.prototxt", kind: .deploy, name: "Net", inputs: [.init(name: "data", shape: [1, 3, 8, 8])], layers: 1,
                layerTypes: [.init(type: "ReLU", count: 1)], parameters: ["w"])
        ]
        let text = String(decoding: try ControlCoding.line(report), as: UTF8.self)
        let expected = #"""
            "prototxts":[{"file":"deploy.prototxt","inputs":[{"name":"data","shape":[1,3,8,8]}],"kind":"deploy",\#
            "layerTypes":[{"count":1,"type":"ReLU"}],"layers":1,"name":"Net","parameterCount":1,"parameters":["w"],"trains":null}]
            """#
        #expect(text.contains(expected))
        #expect(try ControlCoding.decode(ModelReport.self, from: Array(text.utf8)) == report)
    }

    @Test func `an absent key of a publish request has its default`() throws {
        #expect(try ControlCoding.decode(PublishRequest.self, from: Array("{}".utf8)) == PublishRequest())
        let all = PublishRequest(dryRun: true, visibility: .public, allHeld: true)
        #expect(try ControlCoding.decode(PublishRequest.self, from: try ControlCoding.line(all)) == all)
    }
}
