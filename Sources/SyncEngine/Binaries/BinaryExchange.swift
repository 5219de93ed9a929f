import ModelInfo
import SystemIO

/// The old binary and the verified new one swap their names: what came out decides whether that stands. Saved before, so that a restart
/// finishes what a kill interrupted.
struct BinaryExchange: Codable, Equatable, Sendable {
    /// The new file.
    var verified: FileIdentity
    /// The old file that may be replaced. Anything else that comes out is something that a person saved.
    var judged: FileIdentity
    /// What goes into the trash with the old one.
    var reason: TrashReason

    init(verified: FileIdentity, judged: FileIdentity, reason: TrashReason) {
        (self.verified, self.judged, self.reason) = (verified, judged, reason)
    }

    /// Of one that another version of zood saved the reason may be absent or a word of its own: what came out is kept without limit then.
    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        verified = try container.decode(FileIdentity.self, forKey: .verified)
        judged = try container.decode(FileIdentity.self, forKey: .judged)
        reason = try container.decodeIfPresent(String.self, forKey: .reason).flatMap(TrashReason.init(rawValue:)) ?? .unknown
    }

    enum End: Equatable {
        /// The new file is still under its staged name.
        case notDone
        /// Nothing is under the staged name any more.
        case over
        /// The old one is in the trash, under this name.
        case kept(RelativePath)
        /// A person saved meanwhile, and has it back.
        case putBack
    }

    /// Blocks.
    /// - Parameters:
    ///   - staged: Where the new file was, and where what it displaced is now.
    ///   - target: The model's directory; nil when it is gone, and then what came out goes to the trash whatever it is.
    func settle(
        _ staged: RelativePath, in directory: RootedDirectory, _ target: RootedDirectory?, _ model: ModelID, _ file: RelativePath,
        _ trash: Trash
    ) throws -> End {
        guard let (out, _) = try directory.status(of: staged) else { return .over }
        if isNew(out) { return .notDone }
        let isOld = out.isSameFile(as: judged)
        guard let target, !isOld else {
            return .kept(try trash.keep(staged, from: directory, of: model, file, because: isOld ? reason : .displaced))
        }
        try directory.putBack(staged, to: file, in: target, insteadOf: verified)
        if let (left, _) = try directory.status(of: staged), !isNew(left) {
            // Saved and overwritten within the same moment: no name has it any more.
            _ = try trash.keep(staged, from: directory, of: model, file, because: .displaced)
        }
        return .putBack
    }

    private func isNew(_ file: FileIdentity) -> Bool { file.device == verified.device && file.inode == verified.inode }
}
