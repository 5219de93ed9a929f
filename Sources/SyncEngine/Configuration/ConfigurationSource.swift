import SystemIO
import SystemPackage

/// All that says how zood is to run, and the order of it: flags beat `ZOOD_*` variables beat the file beat defaults.
///
/// `load()` may be called again at any time (SIGHUP, `zooctl reload`); it reads the file anew and either gives a whole
/// configuration or throws and changes nothing.
public struct ConfigurationSource: Sendable {
    /// The command line, as typed; relative paths count from the working directory.
    public struct Flags: Equatable, Sendable {
        /// `--config`.
        public var configuration: String?
        /// `--zoo`, in order.
        public var zoos: [String] = []
        /// `--state`.
        public var state: String?
        /// `--socket`.
        public var socket: String?

        /// No flag given.
        public init() {}
    }

    private let flags: Flags
    private let environment: [String: String]
    private let workingDirectory: FilePath
    /// What holds where nothing is said.
    public let defaults: DefaultPaths

    /// - Parameters:
    ///   - environment: All variables of the process.
    ///   - userID: The effective one.
    ///   - workingDirectory: Absolute.
    public init(flags: Flags, environment: [String: String], userID: UInt32, processID: Int32, workingDirectory: FilePath) {
        (self.flags, self.environment, self.workingDirectory) = (flags, environment, workingDirectory)
        defaults = DefaultPaths(environment: environment, userID: userID, processID: processID)
    }

    /// Reads everything and merges it.
    /// - Throws: All problems of all sources at once.
    public func load() throws(ConfigurationFailure) -> LoadedConfiguration {
        var configuration = Configuration()
        var problems: [ConfigurationProblem] = []

        let (file, fileReading) = readFile(into: &configuration)
        problems += fileReading.problems
        readVariables(into: &configuration, &problems)
        let givenZoos = zoosFromOutside(&problems)
        if !givenZoos.isEmpty {
            configuration.zoos = givenZoos.map { path in
                configuration.zoos.first { $0.path == path } ?? ZooConfiguration(path: path)
            }
        }
        if configuration.zoos.isEmpty, let zoo = defaults.zoo { configuration.zoos = [ZooConfiguration(path: zoo)] }
        if configuration.zoos.isEmpty, problems.isEmpty {
            problems.append(ConfigurationProblem(source: "zood", message: "no zoo is named; start it with --zoo DIR\(hintAtFile)"))
        }
        let state = place(flags.state, "--state", ConfigurationVariables.state, &problems) ?? defaults.state
        if state == nil {
            problems.append(
                ConfigurationProblem(source: "zood", message: "no place for the state: HOME is not set; start it with --state DIR"))
        }
        let givenSocket = place(flags.socket, "--socket", ConfigurationVariables.socket, &problems)
        let socket = givenSocket ?? configuration.control.socket?.path ?? state.map(defaults.socket)
        if let socket, socket.string.utf8.count > SocketPath.maximumByteCount {
            problems.append(
                ConfigurationProblem(
                    source: "zood",
                    message:
                        "the socket's path \(socket) is longer than \(SocketPath.maximumByteCount) bytes; name a shorter one with --socket")
            )
        }
        if problems.isEmpty {
            problems = configuration.allContradictions().map { path, message in
                let mark = fileReading.mark(nearest: path)
                return ConfigurationProblem(source: fileReading.source, line: mark?.line, column: mark?.column, key: path, message: message)
            }
        }
        guard problems.isEmpty, let state, let socket else { throw ConfigurationFailure(problems: problems) }
        return LoadedConfiguration(
            configuration: configuration, file: file, state: state, socket: socket, notices: notices(file: file))
    }

    private var hintAtFile: String { defaults.configuration.map { " or name it under zoos: in \($0)" } ?? "" }

    private func notices(file: FilePath?) -> [String] {
        var notices = ConfigurationVariables.misspelt(in: environment)
        if defaults.isRootByHand {
            notices.append(
                "running as root by hand: the service's places are used (/etc/zood/zood.yaml, /var/lib/zood, /run/zood, /srv/models) unless told otherwise"
            )
        }
        return notices
    }

    // MARK: Sources, the weakest first

    private func readFile(into configuration: inout Configuration) -> (FilePath?, ConfigurationReading) {
        var problems: [ConfigurationProblem] = []
        let given = place(flags.configuration, "--config", ConfigurationVariables.config, &problems)
        guard let path = given ?? defaults.configuration else { return (nil, ConfigurationReading(source: "zood", problems: problems)) }
        var reading = ConfigurationReading(source: path.string, problems: problems)
        do throws(SystemError) {
            let file = try BoundedFile.read(path, maximumByteCount: ConfigurationText.maximumByteCount)
            ConfigurationText.apply(file.bytes, to: &configuration, &reading)
        } catch {
            // Nobody has to have a configuration file, but one that was named has to be there.
            if error.errno == Errno.noSuchFileOrDirectory.rawValue, given == nil { return (nil, reading) }
            reading.report("cannot be read: \(error)", at: nil)
        }
        return (path, reading)
    }

    private func readVariables(into configuration: inout Configuration, _ problems: inout [ConfigurationProblem]) {
        for variable in ConfigurationVariables.keys {
            guard let text = environment[variable.name] else { continue }
            var reading = ConfigurationReading(source: variable.name)
            ConfigurationText.apply(text, at: variable.path, isScalar: variable.isScalar, to: &configuration, &reading)
            problems += reading.problems
        }
    }

    private func zoosFromOutside(_ problems: inout [ConfigurationProblem]) -> [FilePath] {
        if !flags.zoos.isEmpty { return flags.zoos.compactMap { absolute($0, "--zoo", &problems) } }
        let listed = environment[ConfigurationVariables.zoo]?.split(separator: ":").map(String.init) ?? []
        return listed.compactMap { absolute($0, ConfigurationVariables.zoo, &problems) }
    }

    private func place(_ flag: String?, _ flagName: String, _ variable: String, _ problems: inout [ConfigurationProblem]) -> FilePath? {
        if let flag { return absolute(flag, flagName, &problems) }
        return environment[variable].flatMap { $0.isEmpty ? nil : absolute($0, variable, &problems) }
    }

    private func absolute(_ text: String, _ source: String, _ problems: inout [ConfigurationProblem]) -> FilePath? {
        do throws(ValueProblem) {
            return workingDirectory.pushing(FilePath(try String(configured: text))).lexicallyNormalized()
        } catch {
            problems.append(ConfigurationProblem(source: source, message: "\"\(shown(text))\" \(error.text)"))
            return nil
        }
    }
}

/// A configuration that holds, and where things are.
public struct LoadedConfiguration: Equatable, Sendable {
    /// Without contradictions; at least one zoo.
    public let configuration: Configuration
    /// Nil when there is no file at the default place.
    public let file: FilePath?
    /// The state directory, absolute; it need not exist.
    public let state: FilePath
    /// Absolute. Not used when the service manager passes a socket.
    public let socket: FilePath
    /// What the operator should read once: sentences.
    public let notices: [String]
}
