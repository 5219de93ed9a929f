import FoundationEssentials
import ModelInfo
import Planning
import Transfers

extension Policy {
    /// What the configuration allows. The limits of the moment (a closed host, a read-only zoo) are added for each pass.
    /// - Parameter hours: `verify.window`, by this machine's clock.
    init(_ configuration: Configuration, _ hours: ReadingHours?) {
        self.init()
        readingHours = hours
        let (gists, binaries, verify) = (configuration.gists, configuration.binaries, configuration.verify)
        switch gists.host {
        case .local: host = .local
        case .github: host = .github
        case .none: host = .none
        }
        createsGists = gists.create == .automatic
        sendsNewFiles = gists.newFiles == .automatic
        switch gists.direction {
        case .both: direction = .both
        case .publish: direction = .publish
        case .pull: direction = .pull
        }
        maximumFileSize = gists.maximumFileSize.byteCount
        newGistsArePublic = gists.visibility == .public
        fetchesBinaries = binaries.fetch == .automatic
        fetchesUnverified = binaries.allowUnverified
        verifyEvery = verify.every?.seconds
        repairs = verify.repair == .refetch
    }
}

extension ModelObserver.Settings {
    init(_ configuration: Configuration) {
        self.init(
            maximumFileSize: configuration.gists.maximumFileSize.byteCount, editsForeignFiles: configuration.files.editForeign == .inPlace,
            addresses: AddressPolicy(allowed: configuration.binaries.allowAddresses))
    }
}

extension GistPolling.Settings {
    init(_ gists: GistConfiguration) {
        self.init(
            interval: gists.poll.seconds, isWanted: gists.host != .none && gists.direction != .publish,
            host: gists.host == .github ? gists.apiURL.description : gists.host.rawValue)
    }
}

extension ModelFileWriter.Settings {
    init(_ configuration: Configuration) {
        self.init(
            newFileMode: configuration.files.mode.bits, newDirectoryMode: configuration.files.directoryMode.bits,
            editsForeignFiles: configuration.files.editForeign == .inPlace)
    }
}

extension ModelAdder.Settings {
    init(_ configuration: Configuration) {
        self.init(fileMode: configuration.files.mode.bits, directoryMode: configuration.files.directoryMode.bits)
    }
}

extension BinaryFetcher.Settings {
    init(_ configuration: Configuration) {
        let binaries = configuration.binaries
        let floor = binaries.minimumFree
        self.init(
            addresses: AddressPolicy(allowed: binaries.allowAddresses),
            mirrors: binaries.mirrors.map(\.template), maximumByteCount: Int64(binaries.maximumSize.byteCount),
            minimumFree: { Int64(floor.byteCount(ofTotal: Int($0))) },
            modes: PlacementModes(file: configuration.files.binaryMode.bits, directory: configuration.files.directoryMode.bits))
    }
}

extension LookQueue.Settling {
    init(_ watch: WatchConfiguration) { self.init(quiet: watch.settle.seconds, atMost: watch.settleMax.seconds) }
}

extension Duration {
    /// As `TimeInterval`.
    var seconds: Double { self / .seconds(1) }
}
