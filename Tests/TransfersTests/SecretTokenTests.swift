import Testing
import Transfers

@Suite struct `Secret tokens` {
    @Test func `a token shows itself nowhere`() throws {
        let token = try #require(SecretToken("ghp_verysecret"))
        var dumped = ""
        dump([token], to: &dumped)
        for text in ["\(token)", String(reflecting: token), String(describing: [token]), dumped] {
            #expect(!text.contains("verysecret"))
        }
    }

    @Test func `blanks around a token are dropped`() {
        #expect(SecretToken("  ghp_x \r\n")?.withValue { $0 } == "ghp_x")
    }

    @Test(arguments: ["", " \n", "a b", "a\nb", "ä", "a\u{0}b"]) func `what could not be sent is no token`(text: String) {
        #expect(SecretToken(text) == nil)
    }
}
