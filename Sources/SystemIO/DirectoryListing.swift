import CLinux
import Glibc
import ModelInfo

/// The names in one directory, from one listing that ran to its end without an error.
public struct DirectoryListing: Hashable, Sendable {
    /// A name and what it is; a link is `.link`, wherever it leads.
    public struct Entry: Hashable, Sendable {
        /// One component.
        public let name: RelativePath
        /// As the listing says it; may have changed since.
        public let kind: DirectoryItem.Kind
    }

    /// In the order of the file system. Without `.` and `..`.
    public let entries: [Entry]
    /// How many names are not UTF-8.
    public let unreadableNames: Int
}

extension RootedDirectory {
    /// Lists the directory, hidden names included. What is not in it was absent for certain: a listing that fails half-way throws.
    public func entries() throws(SystemError) -> DirectoryListing {
        let names = try rawNames()
        var entries: [DirectoryListing.Entry] = []
        var unreadable = 0
        for (bytes, type) in names where bytes != [0x2e] && bytes != [0x2e, 0x2e] {
            guard let text = String(validating: bytes, as: UTF8.self), let name = try? RelativePath(text) else {
                unreadable += 1
                continue
            }
            // Some file systems give no type; a name that vanished meanwhile is left out.
            if let kind = kind(type) {
                entries.append(.init(name: name, kind: kind))
            } else if let (_, kind) = try status(of: name) {
                entries.append(.init(name: name, kind: kind))
            }
        }
        return DirectoryListing(entries: entries, unreadableNames: unreadable)
    }

    private func kind(_ type: UInt8) -> DirectoryItem.Kind? {
        switch Int(type) {
        case DT_REG: .file
        case DT_DIR: .directory
        case DT_LNK: .link
        case DT_UNKNOWN: nil
        default: .other
        }
    }

    private func rawNames() throws(SystemError) -> [(bytes: [UInt8], type: UInt8)] {
        // A descriptor of its own: a duplicate would share the reading position with other listings.
        let number = withRaw { unsafe openat($0, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
        guard number >= 0 else { throw SystemError(errno: Glibc.errno, operation: "list", path: path.string) }
        guard let stream = unsafe fdopendir(number) else {
            let failed = Glibc.errno
            close(number)
            throw SystemError(errno: failed, operation: "list", path: path.string)
        }
        defer { unsafe closedir(stream) }
        var names: [(bytes: [UInt8], type: UInt8)] = []
        while true {
            var name: UnsafePointer<CChar>?
            var type: UInt8 = 0
            let found = try SystemError.check(Int(unsafe zoo_next_entry(stream, &name, &type)), "list", path.string)
            guard found == 1, let name = unsafe name else { return names }
            let bytes = unsafe UnsafeRawBufferPointer(start: name, count: strlen(name))
            names.append((unsafe Array(bytes), type))
        }
    }
}
