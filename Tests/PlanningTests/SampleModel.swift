import Foundation
import ModelInfo

@testable import Planning

/// The time of all these tests.
let now = Date(timeIntervalSince1970: 1_800_000_000)

func ago(_ seconds: TimeInterval) -> Date { now.addingTimeInterval(-seconds) }

func path(_ text: String) -> RelativePath { try! RelativePath(text) }

func model(_ text: String) -> ModelID { ModelID(zoo: "zoo", path: path(text)) }

let weights = path("weights.caffemodel")
let goodSHA1 = SHA1Digest(hex: String(repeating: "1", count: 40))!
let otherSHA1 = SHA1Digest(hex: String(repeating: "2", count: 40))!
let goodSHA256 = SHA256Digest(hex: String(repeating: "a", count: 64))!
let otherSHA256 = SHA256Digest(hex: String(repeating: "b", count: 64))!
let localID = GistID(bare: "local-" + String(repeating: "0", count: 32))!
let otherLocalID = GistID(bare: "local-" + String(repeating: "1", count: 32))!
let gitHubID = GistID(bare: "034c6ac3865563b69e60")!

extension FileIdentity {
    static func sample(
        device: UInt64 = 1, inode: UInt64 = 7, size: Int64 = 100, modified: Int64 = 5_000, changed: Int64 = 5_000
    ) -> FileIdentity {
        FileIdentity(
            device: device, inode: inode, size: size, modified: modified, changed: changed, mode: 0o644, owner: 0, group: 0, links: 1)
    }
}

extension HashedFile {
    static func sample(
        _ identity: FileIdentity = .sample(), sha1: SHA1Digest? = goodSHA1, sha256: SHA256Digest = goodSHA256, at: Date = ago(100)
    ) -> HashedFile {
        HashedFile(identity: identity, sha1: sha1, sha256: sha256, at: at)
    }
}

/// A model directory in memory, and what is remembered of it.
struct SampleModel {
    /// The keys of the readme, in order.
    var keys = [
        "name: Net", "caffemodel: weights.caffemodel", "caffemodel_url: https://files.example.org/weights.caffemodel", "license: MIT",
        "caffe_commit: 709dc15af4a06bebda027c1eb2b3f3e3375d5077",
    ]
    var sha1: SHA1Digest? = goodSHA1
    var gistID: GistID?
    /// Beside the readme.
    var files = ["deploy.prototxt": "name: \"net\"\n"]
    /// The whole readme, where the keys above are not enough.
    var readme: [UInt8]?
    var binary: FileIdentity?
    var refusedBinary: String?
    /// A uid, where the binary is not zood's own.
    var binaryOwner: UInt32?
    var edit: EditWay = .own
    var mark = "mark"
    var memory = ModelMemory()
    var claims = Claims()
    var goals: [Goal] = []
    var inFlight: [RelativePath: BinaryWork] = [:]
    var brake: [BrakeKind: BrakeVerdict] = [:]
    var room: Int64?
    var policy = Policy()

    var readmeBytes: [UInt8] {
        if let readme { return readme }
        var lines = ["---"] + keys
        if let sha1 { lines.append("sha1: \(sha1)") }
        if let gistID { lines.append("gist_id: \(gistID)") }
        return Array((lines + ["---", "", "Text.", ""]).joined(separator: "\n").utf8)
    }

    var reading: ModelReading {
        let contents = files.mapValues { Array($0.utf8) }.merging(["readme.md": readmeBytes]) { $1 }
        let items = contents.map {
            DirectoryItem(name: path($0.key), kind: .file, identity: .sample(size: Int64($0.value.count)), content: .bytes($0.value))
        }
        return ModelReading(DirectorySnapshot(entries: items), maximumFileSize: 1 << 20, directory: "net")
    }

    var present: PresentModel {
        var model = PresentModel(
            reading: reading, binaries: binary.map { [weights: $0] } ?? [:],
            refusedBinaries: refusedBinary.map { [weights: $0] } ?? [:], edit: edit, contentMark: mark)
        model.foreignBinaries = binaryOwner.map { [weights: $0] } ?? [:]
        return model
    }

    var view: ModelView {
        var view = ModelView(
            id: model("net"), disk: .present(present), memory: memory, claims: claims, goals: goals, inFlight: inFlight, brake: brake)
        view.room = room
        return view
    }

    var plan: Plan { Planning.plan(view, policy: policy, now: now) }

    /// With a gist that holds what is on disk.
    static func published(as id: GistID = localID, _ change: (inout SampleModel) -> Void = { _ in }) -> SampleModel {
        var sample = SampleModel()
        if !id.isLocal { sample.policy.host = .github }
        sample.gistID = id
        sample.binary = .sample()
        sample.memory.binaries[weights] = BinaryMemory(hashed: .sample(), good: .sample())
        sample.memory.gist = sample.gist(id)
        change(&sample)
        return sample
    }

    /// A gist of what is publishable now.
    func gist(_ id: GistID) -> GistMemory {
        let files = reading.publishable.mapValues(\.text)
        return GistMemory(
            id: id, url: "https://gists.example.org/\(id)", revision: "r1", publishedAt: ago(1000), files: files,
            everPublished: Set(files.keys))
    }

    /// With this binary on disk, and remembered so.
    static func withBinary(
        _ identity: FileIdentity? = .sample(), hashed: HashedFile? = nil, good: HashedFile? = nil, trouble: Trouble? = nil
    ) -> SampleModel {
        var sample = SampleModel()
        sample.binary = identity
        sample.memory.binaries[weights] = BinaryMemory(hashed: hashed, good: good, trouble: trouble)
        return sample
    }

    func with(_ change: (inout SampleModel) -> Void) -> SampleModel {
        var copy = self
        change(&copy)
        return copy
    }
}

extension Goal {
    static func sample(_ kind: Kind, at: Date = ago(1)) -> Goal { Goal(id: 1, kind: kind, requestedAt: at) }
    static let publish = Goal.sample(.publish(PublishWish()))
}

extension Trouble {
    static func sample(
        _ kind: Kind = .network, about: String = "mark", at: Date = ago(10), notBefore: Date? = now.addingTimeInterval(50),
        hint: String? = nil
    ) -> Trouble {
        Trouble(kind: kind, about: about, failures: 1, at: at, notBefore: notBefore, message: "it did not work", hint: hint)
    }
}

extension Plan {
    var binary: BinaryVerdict { binaries[0] }

    /// What is to be done, without the sleeping.
    var deeds: [Action] { actions.filter { if case .sleep = $0 { false } else { true } } }
}
