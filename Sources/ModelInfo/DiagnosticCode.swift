/// The stable codes of `zooctl lint` and of `info.diagnostics`. More may be added; none is renamed.
public enum DiagnosticCode: String, Sendable, Codable, CaseIterable {
    /// No readme in the directory.
    case missingReadme = "missing-readme"
    /// A readme exists but is not called readme.md (README.md, Readme.md, readme.markdown).
    case readmeNonstandardName = "readme-nonstandard-name"
    /// More than one readme file; which one was read must be said.
    case multipleReadmes = "multiple-readmes"
    /// `readme.md` is a directory, a dangling link or another non-file.
    case readmeNotAFile = "readme-not-a-file"
    /// A link leads out of the model directory; it is neither read nor published.
    case symlinkOutside = "symlink-outside"
    /// The readme has no content.
    case emptyReadme = "empty-readme"
    /// Bytes are not UTF-8; what was assumed instead must be said.
    case encodingNotUtf8 = "encoding-not-utf8"
    /// Control or invisible characters inside a value (NUL, ESC, zero-width, no-break space).
    case controlCharacters = "control-characters"
    /// No frontmatter block; the keys were read from the text (or nothing was found).
    case missingFrontmatter = "missing-frontmatter"
    /// A frontmatter block exists but is not at the top of the file.
    case frontmatterNotFirst = "frontmatter-not-first"
    /// An opening --- without its closing ---.
    case frontmatterUnterminated = "frontmatter-unterminated"
    /// Delimiter is not exactly --- (----, +++, ..., code fence).
    case frontmatterDelimiter = "frontmatter-delimiter"
    /// The block is not valid YAML at this line; the line was read leniently.
    case frontmatterInvalid = "frontmatter-invalid"
    /// An empty block.
    case frontmatterEmpty = "frontmatter-empty"
    /// The first block belongs to another tool (title, layout, tags ...) and has no zoo key.
    case frontmatterForeign = "frontmatter-foreign"
    /// A YAML tag, alias expansion or size that must not be obeyed.
    case frontmatterUnsafe = "frontmatter-unsafe"
    /// The block exceeds a sane limit.
    case frontmatterTooLarge = "frontmatter-too-large"
    /// Version-control conflict markers left in the file.
    case conflictMarkers = "conflict-markers"
    /// A key occurs twice.
    case duplicateKey = "duplicate-key"
    /// A known field under another spelling (case, blank, dash, md escape).
    case keyAlias = "key-alias"
    /// A value has a structure (list, map) where one string is expected.
    case notAString = "not-a-string"
    /// No name.
    case missingName = "missing-name"
    /// Neither a license key nor a license section.
    case missingLicense = "missing-license"
    /// No caffe_commit / caffe_version.
    case missingCaffeVersion = "missing-caffe-version"
    /// No file name for the binary.
    case missingCaffemodel = "missing-caffemodel"
    /// File name lacks .caffemodel.
    case caffemodelNoExtension = "caffemodel-no-extension"
    /// A remark or punctuation behind the file name.
    case caffemodelDecorated = "caffemodel-decorated"
    /// File name is absolute, climbs out, has a separator, or is otherwise unsafe as a name.
    case caffemodelUnsafePath = "caffemodel-unsafe-path"
    /// File name is that of an info file (readme.md, a prototxt).
    case caffemodelOverwritesInfo = "caffemodel-overwrites-info"
    /// The file-name field holds a URL.
    case caffemodelIsURL = "caffemodel-is-url"
    /// Longer than a file name may be.
    case caffemodelNameTooLong = "caffemodel-name-too-long"
    /// More than one binary is declared.
    case multipleCaffemodels = "multiple-caffemodels"
    /// No URL.
    case missingCaffemodelURL = "missing-caffemodel-url"
    /// Several URLs for one binary (mirrors).
    case multipleUrls = "multiple-urls"
    /// A Dropbox share page (dl=0 or no dl).
    case dropboxNotDirect = "dropbox-not-direct"
    /// A share or landing page, not the file.
    case urlNotDirect = "url-not-direct"
    /// A host or scheme of link known to be switched off.
    case urlKnownDead = "url-known-dead"
    /// A shortened link.
    case urlShortener = "url-shortener"
    /// A scheme that is not fetched (file, s3, magnet, data ...).
    case urlUnsupportedScheme = "url-unsupported-scheme"
    /// Not a URL.
    case urlInvalid = "url-invalid"
    /// Host without scheme.
    case urlNoScheme = "url-no-scheme"
    /// Blanks or non-ASCII characters in the URL.
    case urlNeedsEncoding = "url-needs-encoding"
    /// `user:password` or a token in the URL: not fetched, and the model is not published until it is gone; shown as `https://…@host`.
    case urlHasCredentials = "url-has-credentials"
    /// A signed link that expires.
    case urlExpiring = "url-expiring"
    /// Points to an archive, not to a .caffemodel.
    case urlArchive = "url-archive"
    /// URL wrapped in markup, quotes or followed by punctuation.
    case urlDecorated = "url-decorated"
    /// No sha1 (or a placeholder): the download cannot be verified.
    case missingSha1 = "missing-sha1"
    /// Not 40 hexadecimal digits.
    case sha1Malformed = "sha1-malformed"
    /// A sha1 inside other text (sha1sum output, prefix).
    case sha1Decorated = "sha1-decorated"
    /// 32 hex digits.
    case sha1LooksLikeMd5 = "sha1-looks-like-md5"
    /// 64 hex digits.
    case sha1LooksLikeSha256 = "sha1-looks-like-sha256"
    /// The digest of an empty file, or all zeros.
    case sha1OfNothing = "sha1-of-nothing"
    /// `owner/id` instead of the id.
    case gistIDHasOwner = "gist-id-has-owner"
    /// A URL instead of the id.
    case gistIDIsURL = "gist-id-is-url"
    /// Not a gist id (20 or 32 hex digits, decimal digits for the oldest, or `local-` + 32 hex).
    case gistIDMalformed = "gist-id-malformed"
    /// Key present, no value.
    case gistIDEmpty = "gist-id-empty"
    /// No prototxt beside the readme.
    case noPrototxt = "no-prototxt"
    /// A non-text file that a gist cannot take.
    case binarySkipped = "binary-skipped"
    /// An empty file that a gist cannot take.
    case emptyFileSkipped = "empty-file-skipped"
    /// A gist is flat.
    case subdirectorySkipped = "subdirectory-skipped"
    /// A one-line file caffemodel-url beside a readme without keys.
    case caffemodelURLFile = "caffemodel-url-file"
    /// Two different binaries claim one sha1 (stale copy).
    case sha1Shared = "sha1-shared"
    /// Two directories claim one gist.
    case gistIDShared = "gist-id-shared"
    /// The page lost all or nearly all of its entries at once: keep the old list, do not delete.
    case wikiWiped = "wiki-wiped"
    /// Same gist id under another owner.
    case wikiOwnerChanged = "wiki-owner-changed"
    /// A text file above `gists.max_file_size`: not published.
    case gistFileTooLarge = "gist-file-too-large"
    /// Text that looks like a private key or an access token: nothing of this model is published until it is gone or allowed.
    case secretFound = "secret-found"
    /// Text that looks like a private key or an access token, and a person allowed to be published.
    case secretAllowed = "secret-allowed"
    /// A file to publish has more than one link: it could be somebody's secret; not published.
    case hardLinked = "hard-linked"
    /// The URL leads to a loopback, link-local or private address that `binaries.allow_addresses` does not allow.
    case urlAddressRefused = "url-address-refused"
    /// A prototxt does not parse as protobuf text format (line, column).
    case prototxtInvalid = "prototxt-invalid"
    /// A file name that was never published from this model: sent by `zooctl publish` (`gists.new_files`).
    case newFileWaits = "new-file-waits"
    /// Fewer people may read this file than the readme: not published.
    case lessReadable = "less-readable"
    /// A published file became unpublishable (size, link, bytes, secret): the gist keeps the old one, the model is held.
    case publishedFileRefused = "published-file-refused"
    /// The readme is larger than `gists.max_file_size`; it is not read.
    case readmeTooLarge = "readme-too-large"
    /// The system does not let the readme be read.
    case readmeUnreadable = "readme-unreadable"
    /// The system does not let this file be read; what is in it is unknown, and nothing is done because of it.
    case fileUnreadable = "file-unreadable"
    /// A hidden file: not published.
    case hiddenSkipped = "hidden-skipped"
    /// What an editor, a merge or a download left behind: not published.
    case leftoverSkipped = "leftover-skipped"
    /// A link: zood follows none.
    case linkSkipped = "link-skipped"

    /// How bad it is, always the same for one code.
    public var severity: Diagnostic.Severity {
        switch self {
        case .missingReadme,
            .readmeNotAFile,
            .readmeTooLarge,
            .readmeUnreadable,
            .symlinkOutside,
            .emptyReadme,
            .frontmatterUnsafe,
            .conflictMarkers,
            .caffemodelUnsafePath,
            .caffemodelOverwritesInfo,
            .urlUnsupportedScheme,
            .urlInvalid,
            .urlHasCredentials,
            .sha1Malformed,
            .sha1LooksLikeMd5,
            .sha1LooksLikeSha256,
            .sha1Shared,
            .gistIDShared,
            .wikiWiped,
            .secretFound,
            .hardLinked,
            .urlAddressRefused,
            .publishedFileRefused:
            .error
        case .readmeNonstandardName,
            .frontmatterForeign,
            .keyAlias,
            .missingCaffeVersion,
            .multipleUrls,
            .gistIDHasOwner,
            .gistIDEmpty,
            .binarySkipped,
            .emptyFileSkipped,
            .subdirectorySkipped,
            .caffemodelURLFile,
            .wikiOwnerChanged,
            .newFileWaits,
            .secretAllowed,
            .lessReadable,
            .hiddenSkipped,
            .leftoverSkipped,
            .linkSkipped:
            .note
        default: .warning
        }
    }
}
