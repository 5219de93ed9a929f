// The routes that zooctl uses, each with the type of its answer.

extension ControlCall where Answer == VersionReport {
    public static var version: Self { Self("GET", "/v1") }
}

extension ControlCall where Answer == StatusReport {
    public static var status: Self { Self("GET", "/v1/status") }
    /// The short form: see ``StatusReport``.
    public static var statusTable: Self { Self("GET", "/v1/status?view=table") }
}

extension ControlCall where Answer == ModelReport {
    public static func model(_ id: String) -> Self { Self("GET", modelPath(id)) }
}

extension ControlCall where Answer == PlanReport {
    public static var plan: Self { Self("GET", "/v1/plan") }
    public static func plan(_ id: String) -> Self { Self("GET", modelPath(id) + "/plan") }
}

extension ControlCall where Answer == PublishReport {
    /// Changes nothing, whatever `request.dryRun` says.
    public static func previewPublish(_ id: String, _ request: PublishRequest) throws -> Self {
        var request = request
        request.dryRun = true
        return Self("POST", modelPath(id) + "/publish", body: try ControlCoding.line(request))
    }
}

extension ControlCall where Answer == AcceptedJob {
    /// Look again: at one model, or at all of them.
    public static func sync(_ id: String?) -> Self { Self("POST", id.map { modelPath($0) + "/sync" } ?? "/v1/sync") }
    /// Read and check binaries: of one model, or of all of them.
    public static func verify(_ id: String?) -> Self { Self("POST", id.map { modelPath($0) + "/verify" } ?? "/v1/verify") }
    /// Ask the gist's host, and bring here what was changed there.
    public static func pull(_ id: String) -> Self { Self("POST", modelPath(id) + "/pull") }
    public static func fetch(_ id: String, _ options: FetchOptions = FetchOptions()) throws -> Self {
        Self("POST", modelPath(id) + "/fetch", body: try ControlCoding.line(options))
    }
    /// Replace what rotted.
    public static func repair(_ id: String) -> Self { Self("POST", modelPath(id) + "/repair") }
    public static func publish(_ id: String, _ request: PublishRequest) throws -> Self {
        Self("POST", modelPath(id) + "/publish", body: try ControlCoding.line(request))
    }
    public static func resolve(_ id: String, _ request: ResolveRequest) throws -> Self {
        Self("POST", modelPath(id) + "/resolve", body: try ControlCoding.line(request))
    }
    public static func rollback(_ id: String, _ request: RollbackRequest) throws -> Self {
        Self("POST", modelPath(id) + "/rollback", body: try ControlCoding.line(request))
    }
    public static func add(_ request: AddRequest) throws -> Self {
        Self("POST", "/v1/models", body: try ControlCoding.line(request), deadline: .seconds(120))
    }
    public static func unpublish(_ id: String) throws -> Self { Self("POST", modelPath(id) + "/unpublish") }
    /// Let go what the brake held, in every zoo.
    public static func publishAllHeld(_ request: PublishRequest) throws -> Self {
        Self("POST", "/v1/publish", body: try ControlCoding.line(request))
    }
}

extension ControlCall where Answer == EditsReport {
    /// What the files' owner has to write in zood's place.
    public static func edits(_ id: String, _ request: EditsRequest) throws -> Self {
        Self("POST", modelPath(id) + "/edits", body: try ControlCoding.line(request))
    }
}

extension ControlCall where Answer == LogReport {
    /// Kept versions, newest first: of one model, or of all of them.
    public static func log(_ id: String?, limit: Int) -> Self { Self("GET", (id.map { modelPath($0) } ?? "/v1") + "/log?limit=\(limit)") }
}

extension ControlCall where Answer == DiffReport {
    /// - Parameter version: Its number or the beginning of a revision; nil: what the gist last held.
    public static func diff(_ id: String, version: String?) -> Self {
        Self("GET", modelPath(id) + "/diff" + (version.map { "?version=\(percentEncoded($0))" } ?? ""))
    }
}

extension ControlCall where Answer == UnpublishReport {
    public static func previewUnpublish(_ id: String) throws -> Self {
        Self("POST", modelPath(id) + "/unpublish", body: try ControlCoding.line(UnpublishRequest(dryRun: true)), deadline: .seconds(120))
    }
}

extension ControlCall where Answer == ForgetReport {
    public static func forget(_ id: String) -> Self { Self("POST", modelPath(id) + "/forget") }
}

extension ControlCall where Answer == ImportReport {
    /// For ``ControlClient/upload(_:byteCount:stall:next:)``: the body is the file.
    public static func importBinary(_ id: String, as name: String?, unverified: Bool) -> Self {
        Self("POST", importPath(id, as: name, unverified: unverified))
    }
}

extension ControlCall where Answer == ImportTerms {
    /// Refused like the import itself, where no bytes whatever would do.
    public static func importTerms(_ id: String, as name: String?, unverified: Bool) -> Self {
        Self("GET", importPath(id, as: name, unverified: unverified))
    }
}

private func importPath(_ id: String, as name: String?, unverified: Bool) -> String {
    let wishes = [name.map { "as=\(percentEncoded($0))" }, unverified ? "unverified=true" : nil].compactMap { $0 }
    return modelPath(id) + "/import" + (wishes.isEmpty ? "" : "?" + wishes.joined(separator: "&"))
}

extension ControlCall where Answer == LimitReport {
    public static var limit: Self { Self("GET", "/v1/limit") }
    public static func setLimit(_ request: LimitRequest) throws -> Self {
        Self("POST", "/v1/limit", body: try ControlCoding.line(request))
    }
}

extension ControlCall where Answer == TrashReport {
    public static var trash: Self { Self("GET", "/v1/trash") }
    public static func restore(_ item: String) -> Self { Self("POST", "/v1/trash/\(percentEncoded(item))/restore") }
}

extension ControlCall where Answer == GarbageReport {
    /// Slow where much is removed.
    public static func collectGarbage(_ request: GarbageRequest) throws -> Self {
        Self("POST", "/v1/gc", body: try ControlCoding.line(request), deadline: .seconds(600))
    }
}

extension ControlCall where Answer == JobList {
    public static var jobs: Self { Self("GET", "/v1/jobs") }
}

extension ControlCall where Answer == JobReport {
    /// - Parameter waitSeconds: The daemon answers when the job is final or this time is over; 0 answers at once.
    public static func job(_ id: String, waitSeconds: Int = 0) -> Self {
        let query = waitSeconds > 0 ? "?wait=\(waitSeconds)s" : ""
        return Self("GET", "/v1/jobs/\(percentEncoded(id))\(query)", deadline: .seconds(30 + waitSeconds))
    }
    public static func cancel(_ id: String) -> Self { Self("DELETE", "/v1/jobs/\(percentEncoded(id))") }
}

extension ControlCall where Answer == DoctorReport {
    /// Slow: it asks the gist host.
    public static var doctor: Self { Self("GET", "/v1/doctor", deadline: .seconds(120)) }
}

extension ControlCall where Answer == ReloadReport {
    public static var reload: Self { Self("POST", "/v1/reload", deadline: .seconds(120)) }
}

extension ControlCall where Answer == EventLine {
    /// A stream: for ``ControlClient/lines(_:)``.
    /// - Parameters:
    ///   - since: Events after this `seq`; nil starts with the `last` ones.
    ///   - last: How many of the newest to start with when `since` is nil.
    ///   - follow: Go on with what happens from now; else the stream ends with what is stored.
    public static func events(since: Int64?, last: Int, follow: Bool) -> Self {
        let start = since.map { "since=\($0)" } ?? "last=\(last)"
        return Self("GET", "/v1/events?\(start)&follow=\(follow)")
    }
}

/// `/v1/models/{id}`, the id as one segment.
private func modelPath(_ id: String) -> String { "/v1/models/" + percentEncoded(id) }
