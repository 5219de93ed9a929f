/// Files that make a directory with a readme a model, whatever the readme says.
public enum ModelFiles {
    /// Of the file that holds the binary's URL where the readme names none.
    public static var urlFileName: String { URLFile.name }

    /// Whether a file of that name is a prototxt, a binary (or a part or copy of one), or a `caffemodel-url`.
    public static func contains(_ name: String) -> Bool {
        DirectoryReader.isPrototxt(name) || DirectoryReader.isCaffemodel(name) || name == URLFile.name
    }
}

extension ModelCard {
    /// Whether a directory with these files would be a model: what ``ModelReading`` says of one that is there.
    /// - Parameter names: The readme's among them.
    public func makesModel(withFiles names: some Sequence<String>) -> Bool { hasZooKey || names.contains(where: ModelFiles.contains) }
}
