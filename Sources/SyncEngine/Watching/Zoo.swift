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
    /// The root's device when it was opened: another one means that something was mounted or unmounted.
    public let device: UInt64
    /// Nil when nothing may be written into this zoo.
    public let staging: Staging?
    /// Why nothing may be written although the configuration allows it; nil when it may, or when `mode` is `read-only`.
    public let refusal: String?

    /// Whether nothing is ever written into it.
    public var isReadOnly: Bool { staging == nil }

    /// `FILE` of a model as people write it, for messages.
    public func absolute(_ path: RelativePath) -> String { self.path.appending(path.description).string }
}
