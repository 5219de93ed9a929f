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
        let device: UInt64
        do throws(SystemError) {
            root = try RootedDirectory(at: configuration.path)
            device = try root.status().device
        } catch {
            let (culprit, why) = firstUnusable(configuration.path) ?? (configuration.path.string, error.reason)
            throw ZooProblem(
                .missing, "zoo \(configuration.name): \(configuration.path) cannot be opened: \(culprit): \(why)",
                hint: error.errno == ENOENT
                    ? "make it: install -d -m 2775 -g models \(configuration.path)"
                    : "let the daemon's user pass: setfacl -m u:zood:rx \(culprit)")
        }
        var staging: Staging?
        var refusal: String?
        if configuration.mode == .readWrite {
            do throws(ZooProblem) { staging = try Staging(zoo: root, name: configuration.name) } catch {
                guard error.kind == .readOnly else { throw error }
                refusal = "\(error.description); \(error.hint)"
            }
        }
        return Zoo(name: configuration.name, path: configuration.path, root: root, device: device, staging: staging, refusal: refusal)
    }

    /// The first component of the path that stands in the way: what "permission denied" does not tell.
    private static func firstUnusable(_ path: FilePath) -> (String, String)? {
        var upTo = FilePath(root: path.root, [])
        for component in path.components {
            upTo.append(component)
            do throws(SystemError) { _ = try RootedDirectory(at: upTo) } catch { return (upTo.string, error.reason) }
        }
        return nil
    }
}
