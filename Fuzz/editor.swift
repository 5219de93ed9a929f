// The editor: key and value from the input's first two lines, the readme from the rest. One line changes, and what was set is read back.
@testable import ModelInfo

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    let input = Array(UnsafeBufferPointer(start: data, count: size))
    let parts = input.split(separator: .lineFeed, maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3 else { return 0 }
    let key = String(decoding: parts[0], as: UTF8.self)
    let value = String(decoding: parts[1], as: UTF8.self)
    let readme = Array(parts[2])
    if case .success(let edited) = FrontmatterEditor.setting(key, to: value, in: readme) {
        require(isOneLineApart(readme, edited), "more than one line changed")
        require(
            EditableReadme(edited).occurrences.contains { $0.value.hasSameBytes(as: value.trimmed) }, "not read back")
        require(FrontmatterEditor.setting(key, to: value, in: edited) == .success(edited), "set twice is not set once")
    }
    if case .success(let removed) = FrontmatterEditor.removing(key, in: readme) {
        require(isOneLineApart(readme, removed), "more than one line went")
        require(FrontmatterEditor.removing(key, in: removed) == .success(removed), "something is left to remove")
    }
    return 0
}
