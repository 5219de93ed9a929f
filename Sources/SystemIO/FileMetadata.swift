import Glibc
import ModelInfo

/// What of a file stays when its content is replaced: owner, group, mode, ACL and extended attributes.
enum FileMetadata {
    /// Why something could not be kept, for people.
    struct NotKept: Error, Equatable {
        let reason: String
    }

    /// Makes `staged` look like `original`, or throws; then `staged` is good for nothing.
    ///
    /// `security.*` attributes are set as far as the system lets us: most are the system's own (SELinux labels a new file by itself).
    static func copy(from original: borrowing OwnedDescriptor, to staged: borrowing OwnedDescriptor) throws(NotKept) {
        do {
            let (wanted, _) = try original.status()
            let (own, _) = try staged.status()
            if (own.owner, own.group) != (wanted.owner, wanted.group) { try staged.setOwner(wanted.owner, group: wanted.group) }
            try copyAttributes(from: original, to: staged)
            // Last: chown clears bits, and with an ACL the group bits are its mask.
            try staged.setMode(wanted.mode)
        } catch {
            throw NotKept(reason: error.description)
        }
    }

    private static func copyAttributes(
        from original: borrowing OwnedDescriptor, to staged: borrowing OwnedDescriptor
    ) throws(SystemError) {
        let path = staged.path
        let wanted = try attributes(of: original)
        let present = try attributes(of: staged)
        try staged.withRaw { (target) throws(SystemError) in
            // A default ACL of the directory may have given the new file one that the old does not have.
            for name in present.keys where wanted[name] == nil && !isOfTheSystem(name) {
                try ExtendedAttributes.remove(name, of: target, path: path)
            }
            // The ACL last: it may take from us the right to write, without which no other attribute can be set.
            let (others, lists) = (wanted.filter { $0.key != ExtendedAttributes.accessACL }, wanted[ExtendedAttributes.accessACL])
            for (name, value) in Array(others) + (lists.map { [(ExtendedAttributes.accessACL, $0)] } ?? []) where present[name] != value {
                do throws(SystemError) {
                    try ExtendedAttributes.set(name, to: value, of: target, path: path)
                } catch {
                    guard isOfTheSystem(name) else { throw error }
                }
            }
        }
    }

    private static func isOfTheSystem(_ name: String) -> Bool { name.hasPrefix("security.") }

    private static func attributes(of file: borrowing OwnedDescriptor) throws(SystemError) -> [String: [UInt8]] {
        let path = file.path
        return try file.withRaw { (descriptor) throws(SystemError) in
            var all: [String: [UInt8]] = [:]
            for name in try ExtendedAttributes.names(of: descriptor, path: path) {
                all[name] = try ExtendedAttributes.value(name, of: descriptor, path: path)
            }
            return all
        }
    }
}
