/// Text out of a model directory inside a sentence of ours.
enum Quotation {
    /// `'text'`: secrets masked, control and invisible characters escaped, cut after 80 characters.
    static func of(_ text: String) -> String {
        var shown = ""
        for (count, scalar) in SecretScan.masked(text).unicodeScalars.enumerated() {
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
