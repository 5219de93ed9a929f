import Foundation
import SystemPackage
import Testing
import ZooTestSupport

@testable import SystemIO

/// `zooctl set` as people run it.
struct SetProgramTests {
    @Test func `a block is put at the top only when asked, with the line ends of the file and its byte order mark first`() async throws {
        let root = try OfflineDirectories(["a/readme.md": "\u{FEFF}A model.\r\n"])
        defer { root.remove() }
        let refused = try await root.zooctl("set", "a", "name=Le Net")
        #expect(refused.status == 12)
        #expect(
            refused.standardError == """
                zooctl: a/readme.md was not changed: there is no frontmatter block between two lines '---'
                hint: zooctl set --add-block a name='Le Net' puts a block at its top; or write by hand: name: Le Net

                """)
        #expect(root.text("a/readme.md") == "\u{FEFF}A model.\r\n")
        let made = try await root.zooctl("set", "--add-block", "a", "name=Le Net")
        #expect(made.status == 0 && made.standardOutput == "a/readme.md: name is now Le Net\n")
        #expect(root.text("a/readme.md") == "\u{FEFF}---\r\nname: Le Net\r\n---\r\nA model.\r\n")
        // Where there is a block, the flag changes nothing.
        #expect(try await root.zooctl("set", "--add-block", "a", "license=free").status == 0)
        #expect(root.text("a/readme.md") == "\u{FEFF}---\r\nname: Le Net\r\nlicense: free\r\n---\r\nA model.\r\n")
    }

    @Test func `a key goes with its line, and what is there already changes nothing`() async throws {
        let root = try OfflineDirectories(["readme.md": "---\nname: A\nx: y # why\n---\n"])
        defer { root.remove() }
        #expect(try await root.zooctl("set", ".", "name=A").standardOutput == "./readme.md: no change, name says so already\n")
        #expect(try await root.zooctl("set", ".", "name=").status == 0)
        #expect(root.text("readme.md") == "---\nx: y # why\n---\n")
        #expect(try await root.zooctl("set", ".", "name=").standardOutput == "./readme.md: no change, there is no name\n")
    }

    @Test func `a readme that is no plain file is refused with the reason that lint gives`() async throws {
        let root = try OfflineDirectories(["a/readme.md/x": "", "b/text": "name: A\n"])
        defer { root.remove() }
        try FileManager.default.createSymbolicLink(
            at: root.root.appending(path: "b/readme.md"), withDestinationURL: root.root.appending(path: "b/text"))
        for (directory, reason) in [("a", "readme.md is a directory, no regular file"), ("b", "readme.md is a link, no regular file")] {
            let refused = try await root.zooctl("set", directory, "name=B")
            #expect(refused.status == 12 && refused.standardError.contains("was not changed: \(reason)"), "\(refused.standardError)")
        }
        #expect(root.text("b/text") == "name: A\n")
    }

    @Test func `an owner's edit keeps mode and attributes of a readme that nobody may write`() async throws {
        let root = try OfflineDirectories(["readme.md": "---\nname: A\n---\n"])
        defer { root.remove() }
        let readme = root.root.appending(path: "readme.md").path
        let program = root.root.appending(path: "zooctl").path
        try FileManager.default.copyItem(atPath: try BuildProducts.path(of: "zooctl"), toPath: program)
        let value: [UInt8] = Array("kept".utf8)
        let notes = (0..<12).map { "user.note\($0)" }
        func file() throws -> OwnedDescriptor { OwnedDescriptor(owning: try FileDescriptor.open(FilePath(readme), .readOnly)) }
        try file().withRaw { for name in notes { try ExtendedAttributes.set(name, to: value, of: $0, path: readme) } }
        // user::r-- user:4713:r-- group::r-- mask::r-- other::r--, as the kernel keeps it.
        let acl: [UInt8] =
            [2, 0, 0, 0] + [1, 0, 4, 0, 255, 255, 255, 255] + [2, 0, 4, 0, 0x69, 0x12, 0, 0] + [4, 0, 4, 0, 255, 255, 255, 255]
            + [16, 0, 4, 0, 255, 255, 255, 255] + [32, 0, 4, 0, 255, 255, 255, 255]
        try file().withRaw { try ExtendedAttributes.set(ExtendedAttributes.accessACL, to: acl, of: $0, path: readme) }
        for path in [root.root.path, readme] { try await ProgramRun.succeed("chown", ["4711:4712", path]) }
        let edited = try await root.zooctl("set", ".", "name=B", identity: ProcessIdentity(uid: 4711, gid: 4712), program: program)
        #expect(edited.status == 0, "\(edited.standardError)")
        #expect(try await ProgramRun.succeed("stat", ["-c", "%a", readme]).standardOutput == "444\n")
        for (name, wanted) in notes.map({ ($0, value) }) + [(ExtendedAttributes.accessACL, acl)] {
            let found = try file().withRaw { try ExtendedAttributes.value(name, of: $0, path: readme) }
            #expect(found == wanted, "\(name)")
        }
    }

    @Test func `an edit by root leaves owner, group, mode, ACL and extended attributes of somebody else's file`() async throws {
        let root = try OfflineDirectories(["readme.md": "---\nname: A\n---\n"])
        defer { root.remove() }
        let readme = root.root.appending(path: "readme.md").path
        try await ProgramRun.succeed("chown", ["4711:4712", readme])
        try await ProgramRun.succeed("chmod", ["0640", readme])
        // An ACL that lets user 777 read, as the kernel takes it: tag, permissions, id.
        try await ProgramRun.succeed(
            "python3",
            [
                "-c",
                """
                import os, struct, sys
                entries = [(1, 6, -1), (2, 4, 777), (4, 4, -1), (16, 4, -1), (32, 0, -1)]
                acl = struct.pack("<I", 2) + b"".join(struct.pack("<HHi", *entry) for entry in entries)
                os.setxattr(sys.argv[1], "system.posix_acl_access", acl)
                os.setxattr(sys.argv[1], "user.origin", b"the lab")
                """, readme,
            ])
        let show = "import os, sys; [print(name, os.getxattr(sys.argv[1], name)) for name in sorted(os.listxattr(sys.argv[1]))]"
        let attributes = try await ProgramRun.succeed("python3", ["-c", show, readme]).standardOutput
        #expect(attributes.contains("system.posix_acl_access") && attributes.contains("the lab"))
        #expect(try await root.zooctl("set", ".", "name=B").status == 0)
        #expect(root.text("readme.md") == "---\nname: B\n---\n")
        #expect(try await ProgramRun.succeed("stat", ["-c", "%u:%g %a", readme]).standardOutput == "4711:4712 640\n")
        #expect(try await ProgramRun.succeed("python3", ["-c", show, readme]).standardOutput == attributes)
        #expect(try FileManager.default.contentsOfDirectory(atPath: root.root.path) == ["readme.md"])
    }
}
