import Foundation

/// A path with everything percent-encoded but unreserved characters and slashes.
func percentEncoded(_ path: String) -> String {
    path.addingPercentEncoding(withAllowedCharacters: .alphanumerics.union(.init(charactersIn: "-._~/"))) ?? path
}
