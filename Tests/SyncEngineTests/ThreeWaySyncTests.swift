import Foundation
import ModelInfo
import Planning
import Testing

@testable import SyncEngine

/// Both sides of a gist are brought together, file by file.
@Suite struct ThreeWaySyncTests {
    @Test func `what only the gist changed is written here, and nothing else is touched`() async throws {
        try await SyncScene.with { scene in
            let before = try scene.readme()
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o640, .ownerAccountID: 4712, .groupOwnerAccountID: 4713], ofItemAtPath: scene.path("readme.md"))
            let untouched = try FileManager.default.attributesOfItem(atPath: scene.path("deploy.prototxt"))
            try scene.save("of nobody's\n", as: "notes.txt")
            let count = try await scene.revisionCount
            try await scene.push(["readme.md": before.with("Two.", "2.")])
            #expect(try await scene.settle(.pull).gist.state == .inSync)

            #expect(try scene.readme() == before.with("Two.", "2."))
            #expect(try scene.here()["notes.txt"] == "of nobody's\n")
            let attributes = try FileManager.default.attributesOfItem(atPath: scene.path("readme.md"))
            #expect(attributes[.posixPermissions] as? Int == 0o640 && attributes[.ownerAccountID] as? Int == 4712)
            #expect(attributes[.groupOwnerAccountID] as? Int == 4713)
            let other = try FileManager.default.attributesOfItem(atPath: scene.path("deploy.prototxt"))
            #expect(other[.systemFileNumber] as? Int == untouched[.systemFileNumber] as? Int)
            #expect(other[.modificationDate] as? Date == untouched[.modificationDate] as? Date)
            #expect(try scene.versions(.replaced) == [["readme.md": before]])
            #expect(try await scene.revisionCount == count + 1, "nothing is sent back")
            #expect(try await scene.events().suffix(2) == [.gistChanged, .gistPulled])
        }
    }

    @Test func `what both sides changed in different places is merged, written and sent as one revision`() async throws {
        try await SyncScene.with { scene in
            let before = try scene.readme()
            let count = try await scene.revisionCount
            try await scene.push(["readme.md": before.with("One.", "Theirs."), "deploy.prototxt": SyncScene.prototxt + "# theirs\n"])
            try scene.save(before.with("Four.", "Ours."))
            #expect(try await scene.settle(.pull).gist.state == .inSync)

            let merged = before.with("One.", "Theirs.").with("Four.", "Ours.")
            let expected = ["readme.md": merged, "deploy.prototxt": SyncScene.prototxt + "# theirs\n"]
            #expect(try scene.here() == expected)
            #expect(try await scene.remote() == expected)
            #expect(try await scene.revisionCount == count + 2)
            #expect(
                try scene.versions(.replaced) == [["readme.md": before.with("Four.", "Ours."), "deploy.prototxt": SyncScene.prototxt]])
        }
    }

    @Test func `of lines that both sides changed nothing is written and nothing sent, the gist's are kept, and it is said once`()
        async throws
    {
        try await SyncScene.with { scene in
            let before = try scene.readme()
            let theirs = ["readme.md": before.with("Two.", "Theirs."), "deploy.prototxt": SyncScene.prototxt + "# theirs\n"]
            try await scene.push(theirs.mapValues { $0 })
            try scene.save(before.with("Two.", "Ours."))
            let (here, count) = (try scene.here(), try await scene.revisionCount)
            let plan = try await scene.settle(.pull)
            #expect(plan.gist.state == .conflict && plan.gist.note?.contains("readme.md") == true)
            #expect(plan.gist.hint?.contains("zooctl resolve net --keep") == true)

            func check() async throws {
                #expect(try scene.here() == here, "also what could be taken waits, so that the files stay of one mind")
                #expect(try await scene.revisionCount == count)
                #expect(try await scene.remote() == theirs)
                #expect(try scene.versions(.remote) == [theirs])
                #expect(try await scene.count(.gistConflict) == 1)
                #expect(try await scene.count(.gistChanged) == 1)
            }
            try await check()
            let versions = try scene.versions()
            for kind in [Goal.Kind.sync, .pull, .publish(PublishWish())] {
                #expect(try await scene.settle(kind).gist.state == .conflict)
                try await check()
            }
            #expect(try scene.versions() == versions)
            // What is saved meanwhile is compared again, and its merge ends the conflict.
            try scene.save(before.with("Two.", "Theirs.").with("Four.", "Ours."))
            #expect(try await scene.settle().gist.state == .inSync)
            #expect(try await scene.remote() == scene.here())
        }
    }

    @Test(arguments: KeptSide.allCases) func `a person's word ends a conflict`(side: KeptSide) async throws {
        try await SyncScene.with { scene in
            let before = try scene.readme()
            let theirs = before.with("Two.", "Theirs.").with("Four.", "4.")
            let ours = before.with("Two.", "Ours.").with("One.", "1.")
            try await scene.push(["readme.md": theirs])
            try scene.save(ours)
            try await scene.settle(.pull)
            #expect(try await scene.settle(.resolve(side), number: 7).gist.state == .inSync)
            let expected =
                switch side {
                case .local: ours
                case .remote: theirs
                case .merged: before.with("Two.", "Ours.").with("One.", "1.").with("Four.", "4.")
                }
            #expect(try scene.readme() == expected)
            #expect(try await scene.remote() == scene.here())
            #expect(try await scene.memory.decisions.carriedOut == [7])
            #expect(try await scene.count(.gistResolved) == 1)
            let kept = try scene.versions().compactMap { $0["readme.md"] }
            #expect(kept.contains(theirs) && (kept.contains(ours) || expected == ours), "neither side is lost")
        }
    }

    @Test func `a conflict is ended also when a later job was carried out before`() async throws {
        try await SyncScene.with { scene in
            let before = try scene.readme()
            let version = try #require(try scene.rooms.store.versions(of: scene.model, limit: 1).first).number
            try await scene.push(["readme.md": before.with("Two.", "Theirs.")])
            try scene.save(before.with("Two.", "Ours."))
            #expect(try await scene.settle(.pull).gist.state == .conflict)
            // What a person wants back comes first, whichever was asked for first.
            let plan = try await SyncScene.settle(
                scene.rooms, "net", scene.policy,
                goals: [
                    Goal(id: 7, kind: .resolve(.local), requestedAt: Date()),
                    Goal(id: 8, kind: .rollback(version: version), requestedAt: Date()),
                ])
            #expect(plan.gist.state == .inSync)
            #expect(try await scene.count(.versionRestored) == 1)
            #expect(try await scene.count(.gistResolved) == 1)
            #expect(try await scene.memory.decisions.carriedOut == [7, 8])
            #expect(try await scene.remote() == scene.here())
        }
    }

    @Test func `a file that came into the gist comes here, with the mode of new files`() async throws {
        try await SyncScene.with { scene in
            try await scene.push(["solver.prototxt": "x: 1\n"])
            #expect(try await scene.settle(.pull).gist.state == .inSync)
            #expect(try scene.here()["solver.prototxt"] == "x: 1\n")
            let mode = try FileManager.default.attributesOfItem(atPath: scene.path("solver.prototxt"))[.posixPermissions] as? Int
            #expect(mode == 0o664)
            // From then on it is one of the model's.
            try scene.save("x: 2\n", as: "solver.prototxt")
            try await scene.settle()
            #expect(try await scene.remote()["solver.prototxt"] == "x: 2\n")
        }
    }

    @Test func `what is told of an update says which files were sent and which were taken out`() async throws {
        try await SyncScene.with { scene in
            try scene.save(try scene.readme() + "More.\n")
            try FileManager.default.removeItem(atPath: scene.path("deploy.prototxt"))
            try await scene.settle()
            let told = try await scene.rooms.store.events(after: 0, limit: 1000, of: scene.model).map(\.event.message)
            #expect(told.last == "readme.md sent to gist \(scene.gist); deploy.prototxt taken out of gist \(scene.gist)", "\(told)")
        }
    }

    @Test func `a file that was taken out of the gist stays here and is not sent again by itself`() async throws {
        try await SyncScene.with { scene in
            let before = try scene.here()
            try await scene.push(["deploy.prototxt": nil])
            let plan = try await scene.settle(.pull)
            #expect(plan.gist.state == .inSync && plan.diagnostics.map(\.code) == [.newFileWaits])
            #expect(try scene.here() == before)
            try scene.save(SyncScene.prototxt + "# more\n", as: "deploy.prototxt")
            try await scene.settle()
            #expect(try await scene.remote().keys.sorted() == ["readme.md"])
            try await scene.settle(.publish(PublishWish()))
            #expect(try await scene.remote()["deploy.prototxt"] == SyncScene.prototxt + "# more\n")
        }
    }

    @Test func `keeping the gist's side does not send again what was taken out of it`() async throws {
        try await SyncScene.with { scene in
            let before = try scene.readme()
            try await scene.push(["deploy.prototxt": nil, "readme.md": before.with("Two.", "Theirs.")])
            try scene.save(before.with("Two.", "Ours."))
            #expect(try await scene.settle(.pull).gist.state == .conflict)
            #expect(try await scene.settle(.resolve(.remote)).gist.state == .inSync)
            #expect(try scene.here()["deploy.prototxt"] == SyncScene.prototxt)
            #expect(try await scene.remote().keys.sorted() == ["readme.md"])
        }
    }

    @Test func `a readme that gets another of its names in the gist comes under that name, once, and no text is lost`() async throws {
        for (old, new) in [("readme.md", "README.md"), ("README.md", "readme.md"), ("readme.md", "readme.markdown")] {
            try await SyncScene.with(named: old) { scene in
                let before = try scene.readme(old)
                try await scene.push([old: nil, new: before.with("Two.", "Theirs.")])
                let plan = try await scene.settle(.pull)
                #expect(plan.gist.state == .inSync, "\(plan.gist)")
                let (here, remote) = (try scene.here(), try await scene.remote())
                #expect(here[new] == before.with("Two.", "Theirs."))
                #expect(remote == ["deploy.prototxt": SyncScene.prototxt, new: before.with("Two.", "Theirs.")], "\(remote.keys)")
                #expect(here[old] == before)
                #expect(plan.gist.note == "\(old) not published yet", "\(plan.gist)")
                // An edit of the new one goes on as ever.
                try scene.save(before.with("Two.", "Ours."), as: new)
                #expect(try await scene.settle().gist.state == .inSync)
                #expect(try await scene.remote()[new] == before.with("Two.", "Ours."))
            }
        }
    }

    @Test func `a gist without a readme is a conflict, and the readme here stays`() async throws {
        try await SyncScene.with { scene in
            let before = try scene.here()
            try await scene.push(["readme.md": nil, "deploy.prototxt": "theirs\n"])
            let plan = try await scene.settle(.pull)
            #expect(plan.gist.state == .conflict && plan.gist.note?.contains("no readme") == true)
            #expect(try scene.here() == before)
            #expect(try await scene.settle(.resolve(.merged)).gist.state == .inSync)
            #expect(try scene.here() == ["readme.md": before["readme.md"], "deploy.prototxt": "theirs\n"])
            #expect(try await scene.remote() == scene.here())
        }
    }

    @Test func `a file that both sides removed is no more; one that is removed here goes, one that was changed there comes back`()
        async throws
    {
        try await SyncScene.with(files: ["a.prototxt": "a\n", "b.prototxt": "b\n", "c.prototxt": "c\n"]) { scene in
            for name in ["a.prototxt", "b.prototxt", "c.prototxt"] { try FileManager.default.removeItem(atPath: scene.path(name)) }
            try await scene.push(["a.prototxt": nil, "b.prototxt": "b, theirs\n"])
            #expect(try await scene.settle(.pull).gist.state == .inSync)
            #expect(try scene.here().keys.sorted() == ["b.prototxt", "readme.md"])
            #expect(try await scene.remote() == scene.here())
        }
    }

    @Test func `what a gist holds beside model info is neither taken nor compared nor taken out of it`() async throws {
        let odd = [
            ".hidden": "x\n", "caffe.caffemodel": "x\n", "deploy.prototxt.swp": "x\n", "zeros.txt": "a\u{0}b\n", "empty.txt": " \n",
            "sub/file.txt": "x\n", "large.txt": String(repeating: "x", count: 1 << 20) + "\n",
        ]
        try await SyncScene.with { scene in
            let before = try scene.readme()
            let repository = scene.rooms.directory.appending("gists/\(scene.gist).git")
            func git(_ arguments: String..., input: String = "") throws -> String {
                String(decoding: try GitProgram().run(arguments, in: repository, input: Array(input.utf8)), as: UTF8.self)
            }
            // What the host itself refuses, a person pushes by git.
            let files = odd.map { "M 100644 inline \($0.key)\ndata \($0.value.utf8.count)\n\($0.value)\n" }.joined()
            let head = "commit refs/heads/main\ncommitter A <a@example.org> 1700000000 +0000\ndata 3\nodd\nfrom refs/heads/main^0\n"
            _ = try git("fast-import", "--quiet", "--date-format=raw", input: head + files)
            let count = try await scene.revisionCount
            #expect(try await scene.settle(.pull).gist.state == .inSync)
            #expect(try scene.here().keys.sorted() == ["deploy.prototxt", "readme.md"])
            #expect(try await scene.count(.gistPulled) == 0, "there was nothing to bring here")
            #expect(try await scene.revisionCount == count)
            try scene.save(before.with("Two.", "Ours."))
            #expect(try await scene.settle().gist.state == .inSync)
            let names = Set(try git("ls-tree", "-r", "--name-only", "main").split(separator: "\n").map(String.init))
            #expect(names == Set(odd.keys).union(["deploy.prototxt", "readme.md"]))
            #expect(try await scene.remote()["readme.md"] == before.with("Two.", "Ours."))
        }
    }

    @Test func `a name in the gist that would lead out of the directory is no file of the model`() {
        for name in ["../readme.md", "..", "/etc/passwd", "a/b.prototxt", "a\u{0}b", "a\nb", String(repeating: "a", count: 300)] {
            #expect(IncomingFiles.taken(from: [name: "x\n"], maximumByteCount: 100).isEmpty, "\(name)")
        }
    }

    @Test(arguments: [
        (
            "One.\r\n\r\nTwo.\r\n\r\nThree.\r\n", "One.\r\n\r\nTwo.\r\n\r\n3.\r\n", "1.\r\n\r\nTwo.\r\n\r\nThree.\r\n",
            "1.\r\n\r\nTwo.\r\n\r\n3.\r\n"
        ),
        ("One.\n\nTwo.\n\nThree.", "1.\n\nTwo.\n\nThree.", "One.\n\nTwo.\n\n3.", "1.\n\nTwo.\n\n3."),
        ("One.\n\nTwo.\n\nThree.", "One.\n\nTwo.\n\nThree.\n", "1.\n\nTwo.\n\nThree.", "1.\n\nTwo.\n\nThree.\n"),
        ("One.\n", "One.\n", "1.\r\n", "1.\r\n"),
        ("ü\n\nTwo.\n\nThree.\n", "u\u{308}\n\nTwo.\n\nThree.\n", "ü\n\nTwo.\n\n3.\n", "u\u{308}\n\nTwo.\n\n3.\n"),
    ])
    func `line ends, a missing last one and the spelling of letters stay as they were written`(
        base: String, local: String, remote: String, expected: String
    ) async throws {
        try await SyncScene.with(files: ["notes.txt": base]) { scene in
            try scene.save(local, as: "notes.txt")
            try await scene.push(["notes.txt": remote])
            #expect(try await scene.settle(.pull).gist.state == .inSync)
            #expect(try scene.here()["notes.txt"]?.hasSameBytes(as: expected) == true)
            #expect(try await scene.remote()["notes.txt"]?.hasSameBytes(as: expected) == true)
        }
    }

    @Test func `a file that came on both sides is a conflict, unless it is the same`() async throws {
        try await SyncScene.with { scene in
            try scene.save("same\n", as: "a.prototxt")
            try scene.save("ours\n", as: "b.prototxt")
            try await scene.push(["a.prototxt": "same\n", "b.prototxt": "theirs\n"])
            let plan = try await scene.settle(.pull)
            #expect(plan.gist.state == .conflict && plan.gist.note?.hasPrefix("b.prototxt:") == true)
            #expect(try scene.here()["b.prototxt"] == "ours\n")
        }
    }

    @Test func `where a directory or a link has the name of a file that came, it is left alone and said`() async throws {
        try await SyncScene.with { scene in
            try scene.rooms.write("elsewhere\n", to: "../target.txt")
            try FileManager.default.createSymbolicLink(atPath: scene.path("a.prototxt"), withDestinationPath: "../../target.txt")
            try await scene.push(["a.prototxt": "theirs\n", "readme.md": try scene.readme().with("Two.", "2.")])
            let plan = try await scene.settle(.pull)
            #expect(plan.gist.state == .held && plan.gist.note?.contains("a.prototxt is no regular file") == true && plan.gist.hint != nil)
            #expect(try scene.readme().contains("Two."), "all of it or nothing")
            #expect(try String(contentsOfFile: scene.rooms.directory.appending("target.txt").string, encoding: .utf8) == "elsewhere\n")
        }
    }

    @Test func `the line with the gist's id never makes a conflict`() async throws {
        try await SyncScene.with { scene in
            let before = try scene.readme()
            let line = "gist_id: \(scene.gist)\n"
            #expect(before.contains(line))
            let bare = before.replacing(line, with: "")
            let elsewhere = bare.replacing("name: Net\n", with: line + "name: Net\n")
            for (number, theirs) in [bare, elsewhere, bare.replacing("license: MIT\n", with: "license: BSD\n")].enumerated() {
                try await scene.push(["readme.md": theirs.with("Four.", "Theirs \(number).")])
                // The line beside the id's.
                let ours = try scene.readme().replacing("license: MIT\n", with: "license: MIT\nauthor: A\(number)\n")
                if number < 2 { try scene.save(ours) }
                let plan = try await scene.settle(.pull)
                #expect(plan.gist.state == .inSync, "\(number): \(plan.gist)")
                #expect(try scene.readme().ranges(of: "gist_id").count == 1 && scene.readme().contains("Theirs \(number)."))
                #expect(try await scene.remote() == scene.here())
                try scene.save(before)
                try await scene.settle()
            }
        }
    }

    @Test func `a checksum that both sides wrote down is no conflict with itself`() async throws {
        try await SyncScene.with { scene in
            let before = try scene.readme()
            let pin = "sha1: \(String(repeating: "a", count: 40))\n"
            func pinned(_ text: String) -> String { text.replacing("license: MIT\n", with: "license: MIT\n" + pin) }
            try await scene.push(["readme.md": pinned(before.with("One.", "1."))])
            try scene.save(pinned(before.with("Four.", "4.")))
            #expect(try await scene.settle(.pull).gist.state == .inSync)
            #expect(try scene.readme() == pinned(before.with("One.", "1.").with("Four.", "4.")))
        }
    }

    @Test func `what a person saves between the look and the writing is not written over`() async throws {
        try await SyncScene.with { scene in
            let before = try scene.readme()
            try await scene.push(["readme.md": before.with("One.", "1."), "solver.prototxt": "theirs\n"])
            try await scene.perform(.readGist(scene.gist), on: scene.rooms.view(of: "net"))
            let look = try await scene.rooms.view(of: "net")
            try scene.save(before.with("Four.", "Just now."))
            try await scene.perform(.integrate(scene.gist), on: look)
            #expect(try scene.here() == ["readme.md": before.with("Four.", "Just now."), "deploy.prototxt": SyncScene.prototxt])
            let trouble = try #require(try await scene.memory.gistTrouble)
            #expect(trouble.notBefore != nil, "it is tried again by itself")
            // The content is another now, so the next pass merges it.
            #expect(try await scene.settle().gist.state == .inSync)
            #expect(try scene.readme() == before.with("One.", "1.").with("Four.", "Just now."))
            #expect(try await scene.remote() == scene.here())
        }
    }

    @Test func `a file that a person makes between the look and the writing is not written over either`() async throws {
        try await SyncScene.with { scene in
            try await scene.push(["solver.prototxt": "theirs\n"])
            try await scene.perform(.readGist(scene.gist), on: scene.rooms.view(of: "net"))
            let look = try await scene.rooms.view(of: "net")
            try scene.save("ours\n", as: "solver.prototxt")
            try await scene.perform(.integrate(scene.gist), on: look)
            #expect(try scene.here()["solver.prototxt"] == "ours\n")
            #expect(try await scene.settle().gist.state == .conflict)
        }
    }

    @Test func `bringing the same together again, as after a kill, changes nothing more`() async throws {
        try await SyncScene.with { scene in
            let before = try scene.readme()
            try await scene.push(["readme.md": before.with("One.", "1."), "solver.prototxt": "theirs\n"])
            try scene.save(before.with("Four.", "4."))
            try await scene.perform(.readGist(scene.gist), on: scene.rooms.view(of: "net"))
            let memory = try await scene.memory
            try await scene.perform(.integrate(scene.gist), on: scene.rooms.view(of: "net"))
            let (here, versions) = (try scene.here(), try scene.versions())
            // All was written, and nothing of it recorded.
            try await scene.change { $0 = memory }
            #expect(try await scene.settle().gist.state == .inSync)
            #expect(try scene.here() == here && scene.versions().prefix(versions.count) == versions[...])
            #expect(try scene.versions(.replaced).count == 1)
            #expect(try await scene.remote() == here)
        }
    }
}
