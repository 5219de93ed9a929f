import FoundationEssentials
import Glibc
import ModelInfo
import SystemIO
import SystemPackage

extension Zoo {
    /// Opens a zoo as configured.
    /// - Throws: `ZooProblem` of kind `missing` or `taken`. A zoo that cannot be written to is served read-only and says why in `refusal`.
    static func open(_ configuration: ZooConfiguration) throws(ZooProblem) -> Zoo {
        let root: RootedDirectory
        let identity: FileIdentity
        do throws(SystemError) {
            root = try RootedDirectory(at: configuration.path)
            identity = try root.status()
        } catch {
            let culprit = firstUnusable(configuration.path)
            let right = culprit == configuration.path ? "rx" : "x"
            throw ZooProblem(
                .missing, "zoo \(configuration.name): \(configuration.path) cannot be opened: \(culprit): \(error.reason)",
                hint: error.errno == ENOENT
                    ? "make it: install -d -m 2775 -g models \(configuration.path)"
                    : "let the daemon's user pass: setfacl -m u:zood:\(right) \(culprit)")
        }
        var staging: Staging?
        var refusal: String?
        if configuration.mode == .readWrite {
            do throws(ZooProblem) { staging = try Staging(zoo: root, name: configuration.name) } catch {
                guard error.kind == .readOnly else { throw error }
                refusal = "\(error.description); \(error.hint)"
            }
        }
        return Zoo(name: configuration.name, path: configuration.path, root: root, identity: identity, staging: staging, refusal: refusal)
    }

    /// The part of the path that stands in the way, which "permission denied" does not tell.
    private static func firstUnusable(_ path: FilePath) -> FilePath {
        var upTo = FilePath(root: path.root, [])
        for component in path.components {
            let above = upTo
            upTo.append(component)
            do { _ = try upTo.stat() } catch Errno.permissionDenied { return above } catch { return upTo }
        }
        return path
    }
}
