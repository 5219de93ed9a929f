import Glibc
import ModelInfo

extension RootedDirectory {
    /// Undoes an exchange: what came out of it, now under the hidden name `staged` of this directory, gets its name in `target` back.
    ///
    /// If somebody saved under that name meanwhile, that comes out now and is put back in turn, until what comes out is what was put in
    /// last: then nothing newer than what is under the name exists. An older saved content that is left over stays under `staged`; so does
    /// our own file, when nobody saved meanwhile. A name that was removed is taken again.
    /// - Parameter ours: What our exchange put under the name. It must be held open, so that its inode number names nothing else.
    public func putBack(
        _ staged: RelativePath, to name: RelativePath, in target: RootedDirectory, insteadOf ours: FileIdentity
    ) throws(SystemError) {
        var lastPutIn = ours.inode
        // Pins `lastPutIn` from the second round on.
        var pinned: PinnedFile?
        do throws(SystemError) {
            for _ in 0..<16 {
                let saved = try PinnedFile(staged, in: self)
                try rename(staged, to: name, in: target, .exchange)
                CrashPoint.reach("putback.exchanged")
                guard let (out, _) = try status(of: staged), out.inode != lastPutIn else { return }
                lastPutIn = saved.identity.inode
                pinned = consume saved
            }
            _ = consume pinned
        } catch {
            guard error.errno == ENOENT else { throw error }
            try? rename(staged, to: name, in: target, .refuse)
        }
    }
}
