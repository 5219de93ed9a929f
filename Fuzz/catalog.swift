// The catalogue: any bytes as the page that lists gists. No gist is listed twice, and against itself nothing has changed.
@testable import ModelInfo

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: data, count: size))
    let page = CatalogPage(bytes)
    let lineCount = 1 + bytes.count { $0 == 10 || $0 == 13 }
    require(Set(page.entries.map(\.id)).count == page.entries.count, "a gist is listed twice")
    require(Set(page.notGists).count == page.notGists.count, "a link is listed twice")
    require(page.entries.allSatisfy { (1...lineCount).contains($0.line) && !$0.title.isEmpty }, "an entry without place or title")
    let changes = page.diagnostics(comparedWith: page, file: "page.md")
    require(changes.isEmpty, "changed against itself: \(changes)")
    return 0
}
