import Testing

@testable import ModelInfo

@Suite struct `Share pages and dead links` {
    private func codes(_ text: String) -> [DiagnosticCode] { BinaryURL(text).findings.map(\.code) }

    @Test(arguments: [
        ("https://www.dropbox.com/s/abc/net.caffemodel?dl=0", "https://www.dropbox.com/s/abc/net.caffemodel?dl=1"),
        ("https://www.dropbox.com/s/abc/net.caffemodel", "https://www.dropbox.com/s/abc/net.caffemodel?dl=1"),
        ("https://www.dropbox.com/s/abc/net.caffemodel?", "https://www.dropbox.com/s/abc/net.caffemodel?dl=1"),
        ("https://www.dropbox.com/s/abc/net.caffemodel?d", "https://www.dropbox.com/s/abc/net.caffemodel?dl=1"),
        ("https://www.dropbox.com/s/abc/net.caffemodel?dl", "https://www.dropbox.com/s/abc/net.caffemodel?dl=1"),
        ("https://www.dropbox.com/s/abc/net.caffemodel?dl=", "https://www.dropbox.com/s/abc/net.caffemodel?dl=1"),
        ("http://dropbox.com/s/abc/net.caffemodel?DL=0#x", "http://dropbox.com/s/abc/net.caffemodel?dl=1"),
        (
            "https://www.dropbox.com/scl/fi/abc/net.caffemodel?rlkey=k1&st=z&dl=0",
            "https://www.dropbox.com/scl/fi/abc/net.caffemodel?rlkey=k1&st=z&dl=1"
        ),
        ("https://www.dropbox.com/scl/fi/abc/net.caffemodel?rlkey=k1&d", "https://www.dropbox.com/scl/fi/abc/net.caffemodel?rlkey=k1&dl=1"),
        ("https://www.dropbox.com/sh/abc/def/net.caffemodel?dl=0", "https://www.dropbox.com/sh/abc/def/net.caffemodel?dl=1"),
    ])
    func `a Dropbox page is fetched with dl=1, and the diagnostic says so`(written: String, direct: String) {
        let judged = BinaryURL(written)
        #expect(judged.url == direct && judged.directForm == direct && judged.shown == written)
        #expect(judged.findings.map(\.code) == [.dropboxNotDirect])
        #expect(judged.findings.first?.message.contains("dl=1: \(direct)") == true)
        #expect(judged.findings.first?.hint?.contains(direct) == true)
        #expect(BinaryURL(direct).findings.isEmpty && BinaryURL(direct).url == direct && BinaryURL(direct).directForm == nil)
    }

    @Test(arguments: [
        "https://www.dropbox.com/s/abc/net.caffemodel?raw=1", "https://dl.dropboxusercontent.com/s/abc/net.caffemodel",
        "https://dl.dropbox.com/s/abc/net.caffemodel", "https://www.dropbox.com/scl/fi/a/n.caffemodel?dl=1&rlkey=k",
        "https://notdropbox.com/s/abc/net.caffemodel?dl=0",
    ])
    func `a direct link is left as it is`(text: String) {
        #expect(BinaryURL(text).url == text && BinaryURL(text).findings.isEmpty)
    }

    @Test func `a Dropbox folder is no file`() {
        let judged = BinaryURL("https://www.dropbox.com/sh/abc/def?dl=0")
        #expect(judged.findings.map(\.code) == [.dropboxNotDirect] && judged.directForm == nil)
        #expect(codes("https://www.dropbox.com/sh/abc/def?dl=1") == [.urlNotDirect])
        #expect(codes("https://www.dropbox.com/home/net.caffemodel") == [.dropboxNotDirect])
    }

    @Test(arguments: [
        ("https://github.com/o/r/blob/master/m/a.caffemodel", "https://github.com/o/r/raw/master/m/a.caffemodel"),
        ("https://github.com/o/r/blob/master/a.caffemodel?raw=true", "https://github.com/o/r/raw/master/a.caffemodel"),
        ("https://drive.google.com/file/d/0B_x-1/view?usp=sharing", "https://drive.google.com/uc?export=download&id=0B_x-1"),
        ("https://drive.google.com/file/u/1/d/0Bx/edit", "https://drive.google.com/uc?export=download&id=0Bx"),
        ("https://drive.google.com/a/x.edu/file/d/0Bx/view", "https://drive.google.com/uc?export=download&id=0Bx"),
        ("https://drive.google.com/open?id=0Bx", "https://drive.google.com/uc?export=download&id=0Bx"),
        ("https://drive.google.com/uc?export=view&id=0Bx", "https://drive.google.com/uc?export=download&id=0Bx"),
        (
            "https://drive.google.com/file/d/0Bx/view?usp=sharing&resourcekey=0-k",
            "https://drive.google.com/uc?export=download&id=0Bx&resourcekey=0-k"
        ),
        ("https://huggingface.co/o/r/blob/main/a.caffemodel", "https://huggingface.co/o/r/resolve/main/a.caffemodel"),
        ("https://huggingface.co/datasets/o/r/blob/main/d/a.bin", "https://huggingface.co/datasets/o/r/resolve/main/d/a.bin"),
        ("https://gitlab.com/g/sub/r/-/blob/main/a.caffemodel", "https://gitlab.com/g/sub/r/-/raw/main/a.caffemodel"),
        ("https://gitlab.com/g/r/blob/main/a.caffemodel", "https://gitlab.com/g/r/-/raw/main/a.caffemodel"),
        ("https://git.lab.example.edu/g/r/-/blob/v1/a.caffemodel", "https://git.lab.example.edu/g/r/-/raw/v1/a.caffemodel"),
        ("https://bitbucket.org/o/r/src/master/a.caffemodel", "https://bitbucket.org/o/r/raw/master/a.caffemodel"),
        ("https://figshare.com/articles/dataset/nets/123?file=456", "https://ndownloader.figshare.com/files/456"),
        ("https://zenodo.org/records/12/preview/a.caffemodel", "https://zenodo.org/records/12/files/a.caffemodel?download=1"),
        ("https://x.sharepoint.com/:u:/g/personal/a/Eabc?e=q", "https://x.sharepoint.com/:u:/g/personal/a/Eabc?e=q&download=1"),
        ("https://sourceforge.net/projects/p/files/a.caffemodel", "https://sourceforge.net/projects/p/files/a.caffemodel/download"),
        ("https://cloud.example.edu/index.php/s/abc", "https://cloud.example.edu/index.php/s/abc/download"),
        ("https://cloud.example.edu/s/AbCdEf012345678", "https://cloud.example.edu/s/AbCdEf012345678/download"),
        ("https://seafile.example.edu/f/0123456789abcdef0123/", "https://seafile.example.edu/f/0123456789abcdef0123/?dl=1"),
    ])
    func `a page about a file is read as the file where its URL can be told`(written: String, direct: String) {
        let judged = BinaryURL(written)
        #expect(judged.findings.map(\.code) == [.urlNotDirect])
        #expect(judged.url == direct && judged.directForm == direct && judged.shown == written)
        #expect(judged.findings.first?.message.contains(direct) == true && judged.findings.first?.hint?.contains(direct) == true)
        #expect(BinaryURL(direct).findings.isEmpty)
    }

    @Test func `Google Drive's direct form is said to be for small files`() {
        #expect(BinaryURL("https://drive.google.com/open?id=0Bx").findings.first?.hint?.contains("100 MB") == true)
    }

    @Test(arguments: [
        "https://drive.google.com/drive/folders/0Bx?usp=sharing", "https://drive.google.com/folderview?id=0Bx", "https://drive.google.com/",
        "https://docs.google.com/document/d/x/edit", "https://1drv.ms/u/s!AbC", "https://onedrive.live.com/?cid=1&id=2",
        "https://onedrive.live.com/redir?resid=1", "https://x-my.sharepoint.com/:f:/g/personal/a/Eabc", "http://pan.baidu.com/s/1abc",
        "https://pan.baidu.com/s/1abc?pwd=x1y2", "https://yadi.sk/d/abc", "https://disk.yandex.ru/d/abc", "https://disk.yandex.com/i/a",
        "https://app.box.com/s/abc", "https://umd.box.com/s/abc", "https://mega.nz/file/abc#key", "https://mega.co.nz/#!a!b",
        "https://wetransfer.com/downloads/abc", "https://we.tl/t-abc", "http://www.mediafire.com/file/abc/a.caffemodel",
        "https://www.mediafire.com/?abc", "https://figshare.com/articles/nets/123", "https://zenodo.org/record/12",
        "https://doi.org/10.5281/zenodo.12",
        "https://github.com/o/r", "https://github.com/o/r/releases", "https://github.com/o/r/releases/tag/v1.0",
        "https://github.com/o/r/releases/latest", "https://github.com/o/r/tree/master/models", "https://huggingface.co/o/r",
        "https://huggingface.co/o/r/tree/main", "https://gitlab.com/g/r", "https://bitbucket.org/o/r/downloads/",
        "https://gist.github.com/u/034c6ac3865563b69e60",
        "https://archive.org/details/nets", "https://osf.io/abcde/", "https://www.kaggle.com/datasets/a/b",
    ])
    func `a page whose file cannot be told is told of, and nothing is made up`(text: String) {
        let judged = BinaryURL(text)
        #expect(judged.findings.map(\.code) == [.urlNotDirect])
        #expect(judged.directForm == nil && judged.url?.hasPrefix("http") == true && judged.findings.first?.hint != nil)
    }

    @Test func `the hint for a release names its download URL`() {
        let hint = BinaryURL("https://github.com/o/r/releases/tag/v1.0").findings.first?.hint
        #expect(hint?.contains("https://github.com/o/r/releases/download/v1.0/NAME") == true)
    }

    @Test(arguments: [
        "https://drive.google.com/uc?export=download&id=0Bx", "https://drive.google.com/uc?id=0Bx",
        "https://docs.google.com/uc?id=0Bx&export=download",
        "https://drive.usercontent.google.com/download?id=0Bx", "https://onedrive.live.com/download?cid=1&resid=2",
        "https://app.box.com/shared/static/abc.caffemodel",
        "https://download1234.mediafire.com/a/b/a.caffemodel", "https://ndownloader.figshare.com/files/1",
        "https://figshare.com/ndownloader/files/1",
        "https://zenodo.org/record/12/files/a.caffemodel?download=1", "https://zenodo.org/api/records/12/files/a/content",
        "https://github.com/o/r/releases/download/v1/a.caffemodel", "https://github.com/o/r/releases/latest/download/a.caffemodel",
        "https://github.com/o/r/raw/master/a.caffemodel", "https://raw.githubusercontent.com/o/r/master/a.caffemodel",
        "https://huggingface.co/o/r/resolve/main/a.caffemodel?download=true", "https://gitlab.com/g/r/-/raw/main/a.caffemodel",
        "https://bitbucket.org/o/r/downloads/a.caffemodel", "https://bitbucket.org/o/r/raw/m/a.caffemodel",
        "https://archive.org/download/nets/a.caffemodel",
        "https://gist.githubusercontent.com/u/1/raw/a", "https://osf.io/download/abcde/",
        "https://sourceforge.net/projects/p/files/a.caffemodel/download",
        "http://dl.caffe.berkeleyvision.org/bvlc_alexnet.caffemodel", "http://www.robots.ox.ac.uk/~vgg/software/VGG_CNN_S.caffemodel",
        "https://downloader.disk.yandex.ru/disk/abc", "https://h/s/short", "https://h/d/0123456789/more", "https://h/a/-/b",
        "https://xgoo.gl/a", "https://h/blob/a",
        "https://web.archive.org/web/2016/http://h/a.caffemodel",
    ])
    func `what is a file, or may be one, gives no diagnostic`(text: String) {
        #expect(BinaryURL(text).findings.isEmpty)
        #expect(BinaryURL(text).url == text)
    }

    @Test(arguments: [
        "https://goo.gl/abc", "http://goo.gl/abc", "https://dl.dropboxusercontent.com/u/123/a.caffemodel", "http://dl.dropbox.com/u/1/a",
        "https://www.dropbox.com/u/1/a", "https://googledrive.com/host/0Bx/a", "https://drive.google.com/host/0Bx",
        "https://dl.bintray.com/a/b",
        "http://rapidshare.com/files/1", "https://www12.zippyshare.com/v/a/file.html", "https://copy.com/a", "https://db.tt/a",
    ])
    func `a service that was switched off is told of, and nothing else`(text: String) {
        #expect(codes(text) == [.urlKnownDead])
        #expect(BinaryURL(text).findings.first?.message.contains("20") == true)
    }

    @Test(arguments: [
        "https://bit.ly/abc", "http://t.co/a", "https://tinyurl.com/a", "https://www.tinyurl.com/a", "https://git.io/a", "http://is.gd/a",
    ])
    func `a shortened link is told of`(text: String) {
        #expect(codes(text) == [.urlShortener] && BinaryURL(text).url == text)
    }

    @Test(arguments: [
        "https://h/a.zip", "https://h/a.tar.gz?dl=1", "https://h/a.TGZ", "https://h/a.tar", "https://h/a.7z", "https://h/a.rar",
        "https://h/a.caffemodel.gz",
        "https://h/a.bz2", "https://h/a.tar.xz#x", "https://github.com/o/r/archive/v1.0.tar.gz", "https://github.com/o/r/zipball/master",
        "https://codeload.github.com/o/r/legacy/master", "https://sourceforge.net/projects/p/files/a.zip/download",
    ])
    func `an archive is told of`(text: String) {
        #expect(codes(text) == [.urlArchive])
    }

    @Test func `one URL may give several diagnostics`() {
        #expect(codes("www.dropbox.com/s/abc/a.zip?dl=0") == [.urlNoScheme, .dropboxNotDirect, .urlArchive])
        #expect(codes("<https://github.com/o/r/blob/m/my net.caffemodel>") == [.urlDecorated, .urlNeedsEncoding, .urlNotDirect])
        #expect(BinaryURL("<https://github.com/o/r/blob/m/my net.caffemodel>").url == "https://github.com/o/r/raw/m/my%20net.caffemodel")
    }

    @Test(arguments: [
        "https://s3.amazonaws.com/b/a.caffemodel?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature=aeee",
        "https://b.s3.amazonaws.com/a?AWSAccessKeyId=AKIAIOSFODNN7EXAMPLE&Signature=NpgC%3D&Expires=1141889120",
        "https://storage.googleapis.com/b/a?X-Goog-Signature=247a&X-Goog-Expires=900",
        "https://storage.googleapis.com/b/a?GoogleAccessId=x&Expires=1&Signature=y",
        "https://a.blob.core.windows.net/c/a.caffemodel?sv=2019&se=2020-01-01T00%3A00%3A00Z&sr=b&sp=r&sig=abc%3D",
        "https://d1.cloudfront.net/a?Expires=1&Signature=x&Key-Pair-Id=K",
        "https://b.oss-cn-beijing.aliyuncs.com/a?OSSAccessKeyId=L&Expires=1&Signature=x",
    ])
    func `a signed link expires, and is fetched as long as it works`(text: String) {
        #expect(codes(text) == [.urlExpiring])
        #expect(BinaryURL(text).url == text && BinaryURL(text).shown == text)
        #expect(SecretScan.findings(in: "caffemodel_url: \(text)", file: "").isEmpty)
    }

    @Test(arguments: [
        "https://h/a?expires=1", "https://h/a?sig=1", "https://h/a?se=1", "https://h/a?x-amz-signature=", "https://h/a?signature=1",
    ])
    func `half of a signature is none`(text: String) {
        #expect(codes(text).isEmpty)
    }
}

@Suite struct `URLs of a readme` {
    @Test func `the direct form is what a binary is fetched from, and what is written is what is shown`() {
        let card = card("caffemodel: m.caffemodel", "caffemodel_url: https://www.dropbox.com/s/abc/m.caffemodel?dl=0")
        #expect(card.binaries.first?.url == "https://www.dropbox.com/s/abc/m.caffemodel?dl=1")
        #expect(
            card.caffemodelURL == "https://www.dropbox.com/s/abc/m.caffemodel?dl=0" && card.binaries.first?.urlText == card.caffemodelURL)
        #expect(card.canDownload && card.canPublish && card.places(of: .dropboxNotDirect) == ["3:17"])
    }

    @Test func `several URLs in one line are mirrors in that order`() {
        let card = card("caffemodel: m.caffemodel", "caffemodel_url: http://h.org/m, https://github.com/o/r/blob/x/m or http://h.org/n")
        #expect(card.binaries.first?.url == "http://h.org/m")
        #expect(card.binaries.first?.mirrors == ["https://github.com/o/r/raw/x/m", "http://h.org/n"])
        #expect(card.codes.isSuperset(of: [.multipleUrls, .urlNotDirect]))
        #expect(card.caffemodelURL == "http://h.org/m, https://github.com/o/r/blob/x/m or http://h.org/n")
    }

    @Test func `an address is judged by what the configuration allows`() throws {
        let readme = readme("name: n", "caffemodel: m.caffemodel", "caffemodel_url: http://10.1.2.3/m")
        let refused = ModelCard(readme: readme, fileName: "readme.md")
        #expect(refused.codes.contains(.urlAddressRefused) && !refused.canDownload && refused.binaries.first?.url == nil)
        let allowing = AddressPolicy(allowed: [try #require(AddressRange("10.0.0.0/8"))])
        let allowed = ModelCard(readme: readme, fileName: "readme.md", addresses: allowing)
        #expect(!allowed.codes.contains(.urlAddressRefused) && allowed.canDownload)
        let snapshot = DirectorySnapshot(entries: SnapshotBuilder().file("readme.md", readme).entries)
        #expect(!ModelReading(snapshot, maximumFileSize: 1 << 20, directory: "m").canDownload)
        #expect(ModelReading(snapshot, maximumFileSize: 1 << 20, directory: "m", addresses: allowing).canDownload)
    }

    @Test func `a token in one of several URLs keeps the model at home and is shown nowhere`() {
        let card = card("caffemodel: m.caffemodel", "caffemodel_url: http://h.org/m http://h.org/n?token=hunter2")
        #expect(card.codes.contains(.urlHasCredentials) && !card.canDownload && !card.canPublish)
        #expect(!"\(card)".contains("hunter2"))
    }

    @Test func `plain http is fine, with a sha1 and without`() {
        let plain = ["caffemodel: m.caffemodel", "caffemodel_url: http://h.org/m.caffemodel"]
        #expect(
            card(plain[0], plain[1], "sha1: 9116a64c0fbe4459d18f4bb6b56d647b63920377").codes.isDisjoint(with: [.missingSha1, .urlNotDirect])
        )
        #expect(!card(plain[0], plain[1]).codes.contains { $0.rawValue.hasPrefix("url-") })
    }
}
