import Testing

@testable import ModelInfo

struct URLFileTests {
    private func reading(_ readme: String, _ url: String) -> ModelReading {
        SnapshotBuilder().file("readme.md", readme).file("caffemodel-url", url).file("a.prototxt").reading()
    }

    @Test(arguments: ["http://h/fcn.caffemodel\n", "\r\n# from\r\nhttp://h/fcn.caffemodel", "\u{FEFF}<http://h/fcn.caffemodel>\n"])
    func `a file beside a readme without keys gives the URL, and the name in it`(text: String) {
        let reading = reading("# FCN\n\nWords.\n", text)
        #expect(reading.card?.binaries.first?.url == "http://h/fcn.caffemodel")
        #expect(reading.card?.binaries.first?.file?.description == "fcn.caffemodel")
        #expect(reading.card?.caffemodelURL == "http://h/fcn.caffemodel")
        #expect(reading.diagnostic(.caffemodelURLFile)?.file == "caffemodel-url")
        #expect(reading.codes.contains(.missingCaffemodel) && !reading.codes.contains(.missingCaffemodelURL))
        #expect(reading.isModel)
    }

    @Test func `the readme's own URL comes first`() {
        let reading = reading("---\ncaffemodel: a.caffemodel\ncaffemodel_url: http://h/a.caffemodel\n---\n", "http://g/b.caffemodel")
        #expect(reading.card?.binaries.map(\.url) == ["http://h/a.caffemodel"])
        #expect(!reading.codes.contains(.caffemodelURLFile))
    }

    @Test func `what is wrong with the URL is told of that file`() {
        let reading = reading("# FCN\n", "s3://h/fcn.caffemodel\n")
        #expect(reading.diagnostic(.urlUnsupportedScheme)?.file == "caffemodel-url")
        #expect(!reading.canDownload)
        #expect(self.reading("# FCN\n", "\n").card?.binaries.isEmpty == true)
    }
}
