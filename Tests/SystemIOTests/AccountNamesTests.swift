import SystemIO
import Testing

@Suite struct AccountNamesTests {
    @Test func `a group's number is found by its name, and nil when there is no such group`() {
        #expect(AccountNames.groupID(of: "root") == 0)
        #expect(AccountNames.groupID(of: "daemon") == 1, "Debian's fixed number")
        #expect(AccountNames.groupID(of: "no-such-group-\(UInt64.random(in: 0...UInt64.max))") == nil)
        #expect(AccountNames.groupID(of: "") == nil)
    }
}
