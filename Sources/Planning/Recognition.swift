import FoundationEssentials
import ModelInfo

// What a directory is published as is told by the id in its readme. Where that line is missing, by the text: an editor that saved without
// it is put right, and another model in a directory whose name was used before is a new one.

extension ModelMemory {
    /// Whether another model lies where this one was: its readme does not name the gist, and is not recognisably the one that did.
    /// Nothing of it goes into that gist unless a person says so.
    public func isOfAnother(_ reading: ModelReading) -> Bool {
        guard let gist, gist.hasBase, let readme = reading.readme?.description, let here = reading.publishable[readme]?.text,
            reading.card?.gistID != gist.id
        else { return false }
        let sent = gist.held.filter { ReadmeNames.isReadme($0.key) }
        guard let base = sent[readme] ?? sent.first?.value else { return false }
        if here.naming(gist.id).hasSameBytes(as: base.naming(gist.id)) { return false }
        // Whatever came to lie there since the place was seen empty came from elsewhere.
        return decisions.absentSince != nil || !Self.shares(here, readme, with: base, of: gist.id)
    }

    /// Under the same name half of what was there is enough; a new name is taken for a change of the old one where next to all else stayed.
    private static func shares(_ here: String, _ readme: String, with base: String, of gist: GistID) -> Bool {
        let (old, new) = (lines(of: base, besides: gist), lines(of: here, besides: gist))
        let kept = old.intersection(new).count
        func name(_ text: String) -> [UInt8]? { ModelCard(readme: Array(text.utf8), fileName: readme).name.map { Array($0.utf8) } }
        return name(here) == name(base) ? 2 * kept >= old.count : 5 * kept >= 4 * max(old.count, new.count)
    }

    private static func lines(of text: String, besides gist: GistID) -> Set<[UInt8]> {
        let id = Array(gist.description.utf8)
        var lines: Set<[UInt8]> = []
        for line in text.utf8.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }) {
            let bytes = Array(line.drop { $0 <= 0x20 }.reversed().drop { $0 <= 0x20 }.reversed())
            if bytes.isEmpty || bytes == Array("---".utf8) || bytes.suffix(id.count).elementsEqual(id) { continue }
            lines.insert(bytes)
        }
        return lines
    }
}
