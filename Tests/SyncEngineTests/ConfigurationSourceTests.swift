import Foundation
import ModelInfo
import SystemPackage
import Testing
import ZooTestSupport

@testable import SyncEngine

@Suite struct ConfigurationSourceTests {
    /// A directory of one's own for each test.
    private final class Place {
        let path: FilePath

        init() throws {
            let url = URL(filePath: NSTemporaryDirectory()).appending(path: "zood-configuration-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
            path = FilePath(url.path)
        }

        deinit { try? FileManager.default.removeItem(atPath: path.string) }

        @discardableResult func write(_ text: String, to name: String = "zood.yaml", mode: Int = 0o600) throws -> String {
            let file = path.appending(name).string
            try Data(text.utf8).write(to: URL(filePath: file))
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file)
            return file
        }
    }

    private func source(
        _ environment: [String: String] = ["HOME": "/home/u"], uid: UInt32 = 1000, pid: Int32 = 7,
        flags: (inout ConfigurationSource.Flags) -> Void = { _ in }
    ) -> ConfigurationSource {
        var given = ConfigurationSource.Flags()
        flags(&given)
        return ConfigurationSource(flags: given, environment: environment, userID: uid, processID: pid, workingDirectory: "/here")
    }

    private func problems(_ source: ConfigurationSource) -> [String] {
        do throws(ConfigurationFailure) {
            _ = try source.load()
            return []
        } catch { return error.problems.map(\.description) }
    }

    @Test func `flags beat variables beat the file beat defaults`() throws {
        let place = try Place()
        let file = try place.write("zoos: [{ path: /f }]\nwatch: { settle: 3s, settle_max: 40s }\ncontrol: { socket: /f/s }\n")
        let inFile = try source { $0.configuration = file }.load()
        #expect(inFile.configuration.zoos.map(\.path) == ["/f"] && inFile.socket == "/f/s")
        #expect(inFile.configuration.watch.settle == .seconds(3) && inFile.configuration.watch.rescan == .seconds(6 * 3600))
        #expect(inFile.file?.string == file && inFile.state == "/home/u/.local/state/zood")

        let variables = [
            "HOME": "/home/u", "ZOOD_CONFIG": file, "ZOOD_ZOO": "/v:rel", "ZOOD_STATE": "/v/state", "ZOOD_SOCKET": "/v/s",
            "ZOOD_WATCH_SETTLE": "4s",
            "ZOOD_BINARIES_ALLOW_ADDRESSES": "[127.0.0.0/8]",
        ]
        let inVariables = try source(variables).load()
        #expect(inVariables.configuration.zoos.map(\.path) == ["/v", "/here/rel"])
        #expect(inVariables.state == "/v/state" && inVariables.socket == "/v/s")
        #expect(inVariables.configuration.watch.settle == .seconds(4) && inVariables.configuration.watch.settleMax == .seconds(40))
        #expect(inVariables.configuration.binaries.allowAddresses.map(\.description) == ["127.0.0.0/8"])

        let other = try place.write("watch: { settle: 9s }\n", to: "other.yaml")
        let inFlags = try source(variables) {
            $0.configuration = other
            $0.zoos = ["x/../zoo"]
            $0.state = "state"
            $0.socket = "/flag/s"
        }.load()
        #expect(inFlags.configuration.zoos.map(\.path) == ["/here/zoo"])
        #expect(inFlags.state == "/here/state" && inFlags.socket == "/flag/s" && inFlags.file?.string == other)
        #expect(inFlags.configuration.watch.settle == .seconds(4))
    }

    @Test func `a zoo named on the command line keeps what the file says of it`() throws {
        let place = try Place()
        let file = try place.write("zoos:\n  - { path: /a, name: first, mode: read-only }\n  - { path: /b }\n")
        let loaded = try source {
            $0.configuration = file
            $0.zoos = ["/a"]
        }.load()
        #expect(loaded.configuration.zoos.map(\.name) == ["first"] && loaded.configuration.zoos.map(\.mode) == [.readOnly])
    }

    @Test(arguments: [
        (["HOME": "/home/u"], "/home/u/.config/zood/zood.yaml", "/home/u/.local/state/zood", "/home/u/.local/state/zood/zood.sock"),
        (
            ["HOME": "/home/u", "XDG_CONFIG_HOME": "/c", "XDG_STATE_HOME": "/s", "XDG_RUNTIME_DIR": "/run/user/1000"], "/c/zood/zood.yaml",
            "/s/zood",
            "/run/user/1000/zood/zood.sock"
        ),
        (
            ["HOME": "/home/u", "XDG_STATE_HOME": "relative"], "/home/u/.config/zood/zood.yaml", "/home/u/.local/state/zood",
            "/home/u/.local/state/zood/zood.sock"
        ),
        // A terminal of a user's service manager, and a service of it: still by hand.
        (
            ["HOME": "/home/u", "INVOCATION_ID": "x", "SYSTEMD_EXEC_PID": "7", "XDG_RUNTIME_DIR": "/run/user/1000"],
            "/home/u/.config/zood/zood.yaml",
            "/home/u/.local/state/zood", "/run/user/1000/zood/zood.sock"
        ),
        (["SYSTEMD_EXEC_PID": "7"], "/etc/zood/zood.yaml", "/var/lib/zood", "/run/zood/zood.sock"),
        (["STATE_DIRECTORY": "/var/lib/private/zood:/x"], "/etc/zood/zood.yaml", "/var/lib/private/zood", "/run/zood/zood.sock"),
    ])
    func `default places are the service's for a service and a person's by hand`(
        environment: [String: String], file: String, state: String, socket: String
    ) {
        let defaults = DefaultPaths(environment: environment, userID: 1000, processID: 7)
        #expect(defaults.configuration?.string == file && defaults.state?.string == state)
        #expect(defaults.state.map { defaults.socket(state: $0).string } == socket)
        #expect(defaults.zoo == (file.hasPrefix("/etc") ? "/srv/models" : nil))
    }

    @Test func `root by hand gets the service's places and is told so`() {
        let byHand = DefaultPaths(environment: ["HOME": "/root"], userID: 0, processID: 7)
        #expect(byHand.isRootByHand && byHand.state == "/var/lib/zood" && byHand.zoo == "/srv/models")
        #expect(!DefaultPaths(environment: ["SYSTEMD_EXEC_PID": "7"], userID: 0, processID: 7).isRootByHand)
    }

    @Test func `by hand a zoo has to be named, and a place for the state has to be known`() {
        #expect(
            problems(source()) == [
                "zood: no zoo is named; start it with --zoo DIR or name it under zoos: in /home/u/.config/zood/zood.yaml"
            ])
        #expect(problems(source([:]) { $0.zoos = ["/z"] }) == ["zood: no place for the state: HOME is not set; start it with --state DIR"])
    }

    @Test func `a file that was named has to be there, and to be a small regular file`() async throws {
        let place = try Place()
        let missing = place.path.appending("none.yaml").string
        #expect(
            problems(source { $0.configuration = missing }).first
                == "\(missing): cannot be read: open \(missing): No such file or directory (ENOENT)")
        #expect(problems(source { $0.configuration = place.path.string }).first?.contains("cannot be read") == true)
        let large = try place.write("#" + String(repeating: "x", count: 2 << 20), to: "large.yaml")
        #expect(problems(source { $0.configuration = large }).first?.contains("EFBIG") == true)
        let fifo = place.path.appending("fifo").string
        #expect(try await ProgramRun.run("mkfifo", [fifo]).status == 0)
        #expect(problems(source { $0.configuration = fifo }).first?.contains("cannot be read") == true)
    }

    @Test func `a linked configuration file is read`() throws {
        let place = try Place()
        let file = try place.write("zoos: [{ path: /f }]\n")
        let link = place.path.appending("link.yaml").string
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: file)
        #expect(try source { $0.configuration = link }.load().configuration.zoos.map(\.path) == ["/f"])
    }

    @Test func `mistakes of file, variables and flags come together`() throws {
        let place = try Place()
        let file = try place.write("watch: { settle: x }\n")
        let found = problems(
            source(["HOME": "/h", "ZOOD_VERIFY_EVERY": "30x", "ZOOD_BINARIES_MIRRORS": "[", "ZOOD_STATE": "/s\n"]) {
                $0.configuration = file
                $0.zoos = [""]
            })
        #expect(found.count == 5, "\(found)")
        #expect(found[0] == #"\#(file):1:18: watch.settle: "x" is no duration; write e.g. 90s, 15m, 6h or 30d"#)
        #expect(found.contains(#"ZOOD_VERIFY_EVERY: verify.every: "30x" is no duration; write e.g. 90s, 15m, 6h or 30d"#))
        #expect(found.contains { $0.hasPrefix("ZOOD_BINARIES_MIRRORS:") })
        #expect(found.contains(#"--zoo: "" is empty"#))
        #expect(found.contains(#"ZOOD_STATE: "/s\u{a}" holds line ends or control characters"#))
    }

    @Test func `values that do not go together are told where they stand`() throws {
        let place = try Place()
        let file = try place.write(
            """
            zoos:
              - path: /srv/models
              - path: /srv/models/vision
              - { path: /home/models }
            watch: { settle: 1m, settle_max: 2s }
            files: { directory_mode: "0644", mode: "0444" }
            notify:
              - on: [failed]
            """)
        let found = problems(source { $0.configuration = file })
        #expect(
            found == [
                "\(file):3:11: zoos[1].path: /srv/models/vision and /srv/models of zoos[0] lie in each other; watch one of them",
                "\(file):4:5: zoos[2].name: 'models' is the name of zoos[0] (/srv/models) already; give one another name:",
                "\(file):6:40: files.mode: the owner needs to write text files: add 2 to the first digit after the 0",
                "\(file):6:26: files.directory_mode: the owner needs every right on a directory: begin with 07",
                "\(file):5:34: watch.settle_max: 2s is less than settle (1m)",
                "\(file):8:9: notify[0].on: name either a command or a webhook",
            ], "\(found.joined(separator: "\n"))")
    }

    @Test func `a socket's path that no socket can have is refused`() {
        let long = "/" + String(repeating: "x", count: 120)
        #expect(
            problems(
                source {
                    $0.zoos = ["/z"]; $0.socket = long
                }
            ).first?.contains("longer than 107 bytes") == true)
        #expect(
            problems(
                source {
                    $0.zoos = ["/z"]; $0.state = long
                }
            ).first?.contains("longer than 107 bytes") == true)
    }

    @Test func `a misspelt variable is mentioned`() throws {
        let loaded = try source(["HOME": "/h", "ZOOD_VERIFY_EVRY": "1d", "ZOOD_CRASH_AT": "x"]) { $0.zoos = ["/z"] }.load()
        #expect(loaded.notices == ["the variable ZOOD_VERIFY_EVRY is none of zood's; did you mean ZOOD_VERIFY_EVERY?"])
    }

    // MARK: Token

    private func token(_ file: String?, credentials: String? = nil) -> Result<String?, TokenProblem> {
        var gists = GistConfiguration()
        gists.tokenFile = file.map { FilePath($0) }
        do throws(TokenProblem) {
            let token = try TokenFile.load(gists, environment: credentials.map { ["CREDENTIALS_DIRECTORY": $0] } ?? [:])
            return .success(token?.withValue { $0 })
        } catch { return .failure(error) }
    }

    @Test func `the token comes from the credential, else from a file that only its owner reads`() throws {
        let place = try Place()
        #expect(token(nil) == .success(nil))
        let file = try place.write(" ghp_file\n", to: "token")
        #expect(token(file) == .success("ghp_file"))
        #expect(token(file, credentials: place.path.string) == .success("ghp_file"), "no credential of that name is there")
        try place.write("ghp_credential", to: "github-token", mode: 0o440)
        #expect(token(file, credentials: place.path.string) == .success("ghp_credential"))
    }

    @Test(arguments: [0o640, 0o604, 0o644, 0o660, 0o601])
    func `a token file that others may touch is refused with the command that helps`(mode: Int) throws {
        let place = try Place()
        let file = try place.write("ghp_secret", to: "token", mode: mode)
        guard case .failure(let problem) = token(file) else {
            Issue.record("accepted with mode \(String(mode, radix: 8))")
            return
        }
        #expect(problem.description.contains("chmod 600 \(file)") && problem.description.contains(String(mode, radix: 8)))
        #expect(!problem.description.contains("ghp_secret"))
    }

    @Test func `what is no token file is refused without a word of what is in it`() throws {
        let place = try Place()
        for text in ["", "\n", "ghp_secret and more", "ghp_secret\nghp_other", "ghp_secret\u{0}"] {
            guard case .failure(let problem) = token(try place.write(text, to: "token")) else {
                Issue.record("accepted \(text)")
                continue
            }
            #expect(!problem.description.contains("ghp_"))
        }
        for path in [place.path.string, place.path.appending("none").string, "/dev/null"] {
            guard case .failure(let problem) = token(path) else {
                Issue.record("accepted \(path)")
                continue
            }
            #expect(problem.description.contains("token file cannot be read"))
        }
    }
}
