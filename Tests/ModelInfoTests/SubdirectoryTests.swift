import Testing

@testable import ModelInfo

struct SubdirectoryTests {
    @Test func `a file name may lead into a directory below the model`() {
        let card = card("caffemodel: rgb/EmotiW.caffemodel", "caffemodel_url: http://h/EmotiW.caffemodel")
        #expect(card.binaries.map(\.file?.description) == ["rgb/EmotiW.caffemodel"])
        #expect(card.canDownload && !card.codes.contains(.caffemodelUnsafePath))
    }

    @Test func `one base name in several directories is several files`() {
        let text = ["rgb", "lbp"].map { "### \($0)\n\ncaffemodel: \($0)/M.caffemodel\n\ncaffemodel_url: http://h/\($0)/M.caffemodel\n" }
        let card = card(text: "# Emotions\n\n" + text.joined(separator: "\n"))
        #expect(card.binaries.map(\.file?.description) == ["rgb/M.caffemodel", "lbp/M.caffemodel"])
        #expect(card.binaries.map(\.url) == ["http://h/rgb/M.caffemodel", "http://h/lbp/M.caffemodel"])
    }
}
