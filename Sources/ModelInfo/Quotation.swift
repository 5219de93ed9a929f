/// Text out of a model directory inside a sentence of ours.
enum Quotation {
    /// `'text'`: secrets masked, control and invisible characters escaped, cut after 80 characters.
    static func of(_ text: String) -> String {
        let masked = SecretScan.masked(text)
        // Mostly there is nothing to escape or cut.
        if masked.utf8.count <= 80, masked.utf8.allSatisfy({ 0x20...0x7E ~= $0 }) { return "'\(masked)'" }
        var shown = ""
        for (count, scalar) in masked.unicodeScalars.enumerated() {
            guard count < 80 else {
                shown += "…"
                break
            }
            if scalar.isInvisible || scalar == "\n" || scalar == "\r" || scalar == "\t" {
                shown += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
            } else {
                shown.unicodeScalars.append(scalar)
            }
        }
        return "'\(shown)'"
    }
}
