import ModelInfo
import SystemIO
import SystemPackage
import Transfers

/// Where the GitHub token comes from: systemd's credential `github-token`, else `gists.token_file`.
public enum TokenFile {
    /// The name of systemd's credential.
    static let credentialName = "github-token"
    private static let maximumByteCount = 4096

    /// Reads the token anew.
    /// - Returns: Nil when there is neither a credential nor a `token_file`.
    /// - Throws: A sentence with the command that helps; it never holds a part of the token.
    public static func load(_ gists: GistConfiguration, environment: [String: String]) throws(TokenProblem) -> SecretToken? {
        if let directory = environment["CREDENTIALS_DIRECTORY"] {
            let path = FilePath(directory).appending(credentialName)
            if let bytes = try credential(path) { return try token(in: bytes, path) }
        }
        guard let path = gists.tokenFile else { return nil }
        let file: (bytes: [UInt8], identity: FileIdentity)
        do throws(SystemIO.SystemError) { file = try BoundedFile.read(path, maximumByteCount: maximumByteCount) } catch {
            throw TokenProblem(
                "the token file cannot be read: \(error); gists.token_file has to name a file that holds the token and nothing else")
        }
        guard file.identity.mode & 0o077 == 0 else {
            throw TokenProblem(
                "the token file \(path) may be read by others (mode \(FileMode(bits: file.identity.mode).configured)); run: chmod 600 \(path)"
            )
        }
        return try token(in: file.bytes, path)
    }

    /// Nil when systemd passes no such credential. Its rights are systemd's business: it grants them by an access list, which
    /// looks like group rights.
    private static func credential(_ path: FilePath) throws(TokenProblem) -> [UInt8]? {
        do throws(SystemIO.SystemError) { return try BoundedFile.read(path, maximumByteCount: maximumByteCount).bytes } catch {
            if error.errno == Errno.noSuchFileOrDirectory.rawValue { return nil }
            throw TokenProblem("the credential \(credentialName) cannot be read: \(error)")
        }
    }

    private static func token(in bytes: [UInt8], _ path: FilePath) throws(TokenProblem) -> SecretToken {
        guard let token = SecretToken(String(decoding: bytes, as: UTF8.self)) else {
            throw TokenProblem("the token file \(path) holds no token: it has to be one line without blanks, and nothing else")
        }
        return token
    }
}

/// Why the token is not used, for people.
public struct TokenProblem: Error, Equatable, Sendable, CustomStringConvertible {
    /// What is wrong, with which file, and the command that helps.
    public let description: String

    init(_ description: String) { self.description = description }
}
