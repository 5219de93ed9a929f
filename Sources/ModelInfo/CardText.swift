/// All that a model's card is read from: the same text gives the same card.
public struct CardText: Hashable, Sendable {
    /// The whole readme.
    public let readme: [UInt8]
    /// Name of the readme, for the diagnostics.
    public let fileName: String
    /// What a file `caffemodel-url` beside it holds; nil without one.
    public let urlFile: [UInt8]?
    /// Which literal addresses URLs may have.
    public let addresses: AddressPolicy

    public init(readme: [UInt8], fileName: String, urlFile: [UInt8]?, addresses: AddressPolicy) {
        (self.readme, self.fileName, self.urlFile, self.addresses) = (readme, fileName, urlFile, addresses)
    }

    /// Reads it.
    public func card() -> ModelCard {
        ModelCard(readme: readme, fileName: fileName, urlFile: urlFile, addresses: addresses)
    }
}
