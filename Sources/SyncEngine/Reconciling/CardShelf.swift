import ModelInfo
import Synchronization
import Transfers

/// The card that was last read of each model, so that a readme which is as it was is not read again in every round of every pass.
///
/// It never answers for a text that it has not seen: the whole text is compared, by its SHA-256. Bounded by the models there are;
/// of each it keeps a digest and the card, which the status board holds anyway.
final class CardShelf: Sendable {
    private struct Kept {
        let mark: SHA256Digest
        let addresses: AddressPolicy
        let card: ModelCard
    }

    private let kept = Mutex<[ModelID: Kept]>([:])

    /// The card of this text; read only if the model had another text, or other rules, the last time.
    func card(of id: ModelID, _ text: CardText, read: (CardText) -> ModelCard = { $0.card() }) -> ModelCard {
        guard let mark = Self.mark(of: text) else { return read(text) }
        if let last = kept.withLock({ $0[id] }), last.mark == mark, last.addresses == text.addresses { return last.card }
        let card = read(text)
        kept.withLock { $0[id] = Kept(mark: mark, addresses: text.addresses, card: card) }
        return card
    }

    /// The model is no more.
    func drop(_ id: ModelID) { kept.withLock { _ = $0.removeValue(forKey: id) } }

    /// How many cards it holds.
    var count: Int { kept.withLock { $0.count } }

    /// Nil where OpenSSL refuses: then nothing can be compared.
    private static func mark(of text: CardText) -> SHA256Digest? {
        guard var digest = try? RunningDigest(sha1: false, sha256: true) else { return nil }
        // The lengths keep two texts apart that differ only in where one part ends.
        digest.update(Array("\(text.fileName.utf8.count) \(text.readme.count) \(text.urlFile?.count ?? -1)\n\(text.fileName)".utf8))
        digest.update(text.readme)
        if let urlFile = text.urlFile { digest.update(urlFile) }
        return digest.finish().sha256
    }
}
