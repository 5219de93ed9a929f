import FoundationEssentials
import ModelInfo
import SystemIO
import SystemPackage

/// One watched directory tree, opened once: everything below it is reached through `root` and never by an absolute path.
public struct Zoo: Sendable {
    /// As configured; unique among the zoos.
    public let name: String
    public let path: FilePath
    public let root: RootedDirectory
    /// What the root was when it was opened.
    let identity: FileIdentity
    /// Nil when nothing may be written into this zoo.
    public let staging: Staging?
    /// Why nothing may be written although the configuration allows it; nil when it may, or when `mode` is `read-only`.
    public let refusal: String?

    /// Whether nothing is ever written into it.
    public var isReadOnly: Bool { staging == nil }

    /// Why the configured path no longer leads to the directory that was opened: something was mounted or unmounted there, or it
    /// was moved, removed or made anew. Then nothing is known of any model. Nil when all is well. Blocks.
    var absence: ZooProblem? {
        let why: String
        do throws(SystemError) {
            let now = try RootedDirectory(at: path).status()
            if (now.device, now.inode) == (identity.device, identity.inode) { return nil }
            why = now.device == identity.device ? "another directory is there now" : "another file system is there now"
        } catch {
            why = error.reason
        }
        return ZooProblem(
            .missing, "zoo \(name): \(path) is no longer what zood opened: \(why); nothing is published or fetched for its models",
            hint: "mount it or put it back; if the change is meant: systemctl restart zood")
    }

    /// `FILE` of a model as people write it, for messages.
    public func absolute(_ path: RelativePath) -> String { self.path.appending(path.description).string }
}
