import Testing

@testable import ModelInfo

@Suite struct `Addresses` {
    @Test(arguments: [
        "127.0.0.1", "127.8.9.1", "0.0.0.0", "0.1.2.3", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1",
        "100.100.100.200", "169.254.169.254", "168.63.129.16", "192.0.0.8", "198.18.0.1", "224.0.0.1", "255.255.255.255",
        "::", "::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::7f00:1", "64:ff9b::a00:1", "2002:7f00:1::", "2001:0:1::",
        "fe80::1", "fe80::1%eth0", "fec0::1", "fc00::1", "fd00:ec2::254", "ff02::1", "2001:db8::1",
    ])
    func `a private or reserved address is refused`(text: String) throws {
        let address = try #require(IPAddress(text))
        #expect(!AddressPolicy().allows(address))
    }

    @Test(arguments: [
        "8.8.8.8", "140.82.121.4", "172.32.0.1", "172.15.255.255", "11.0.0.0", "100.128.0.1", "2606:50c0:8000::154", "2a00::1",
    ])
    func `a public address is allowed`(text: String) throws {
        let address = try #require(IPAddress(text))
        #expect(AddressPolicy().allows(address))
    }

    @Test func `an allowed range opens that range and nothing beside it`() throws {
        let policy = AddressPolicy(allowed: [try #require(AddressRange("10.1.0.0/16")), try #require(AddressRange("fd00::/8"))])
        #expect(policy.allows(try #require(IPAddress("10.1.2.3"))))
        #expect(policy.allows(try #require(IPAddress("fd12::1"))))
        #expect(!policy.allows(try #require(IPAddress("10.2.0.1"))))
        #expect(!policy.allows(try #require(IPAddress("fc00::1"))))
        // Allowing an IPv4 range does not open its IPv6 disguise.
        #expect(!policy.allows(try #require(IPAddress("::ffff:10.1.2.3"))))
    }

    @Test(arguments: [
        "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0.0/", "10.1.0.0/8", "10.0.0", "::1/129", "fe80::1%lo/64", "host", "", "/8",
    ])
    func `what is no range is not taken for one`(text: String) {
        #expect(AddressRange(text) == nil)
    }

    @Test(arguments: [("0.0.0.0/0", "255.1.2.3"), ("::/0", "ff::1"), ("192.168.1.7", "192.168.1.7"), ("192.168.1.7/32", "192.168.1.7")])
    func `ranges reach from everything to one address`(range: String, address: String) throws {
        #expect(try #require(AddressRange(range)).contains(try #require(IPAddress(address))))
    }

    @Test(arguments: ["1.2.3.4", "::", "::1", "2001:db8::ff", "fe80::1:2"])
    func `an address prints as it is written canonically`(text: String) {
        #expect(IPAddress(text)?.description == text)
    }
}

@Suite struct `Addresses in URLs` {
    @Test(arguments: [
        ("127.1", "127.0.0.1"), ("0x7f000001", "127.0.0.1"), ("2130706433", "127.0.0.1"), ("0177.0.0.1", "127.0.0.1"),
        ("017700000001", "127.0.0.1"), ("0x7f.0.0x0.1", "127.0.0.1"), ("127.0.1", "127.0.0.1"), ("10.257", "10.0.1.1"), ("0", "0.0.0.0"),
        ("0x", "0.0.0.0"), ("127.0.0.1.", "127.0.0.1"), ("::1", "::1"), ("::ffff:7f00:1", "::ffff:127.0.0.1"), ("8.8.8.8", "8.8.8.8"),
    ])
    func `every notation that programs take is seen through`(text: String, address: String) {
        #expect(IPAddress(hostOfURL: text)?.description == address)
    }

    @Test(arguments: [
        "", ".", "a", "example.org", "256.1.1.1", "1.2.3.4.5", "1.2.3.256", "08.1.1.1", "4294967296", "1.16777216", "0xg", "1..2",
        "1.2.3.4..",
        "0x7f000001.example.org", "12345678901234567890123456789012345678901234567890", "::1::", "1:2:3:4:5:6:7:8:9", ":::", "12345::",
        "-1",
    ])
    func `a name is no address`(text: String) {
        #expect(IPAddress(hostOfURL: text) == nil)
    }

    @Test(arguments: ["localhost", "localhost.", "a.localhost", "ip6-localhost", "metadata.google.internal", "[::1]", "127.1", "[fe80::1]"])
    func `a host that means this machine or a private network is refused`(host: String) {
        #expect(AddressPolicy().refusedAddress(ofHost: host) != nil)
    }

    @Test(arguments: ["localhost.example.org", "notlocalhost", "example.org", "8.8.8.8", "[2606:50c0:8000::154]", "internal"])
    func `any other host is left to the moment of connecting`(host: String) {
        #expect(AddressPolicy().refusedAddress(ofHost: host) == nil)
    }

    @Test func `an allowed range opens its names too`() throws {
        let policy = AddressPolicy(allowed: [try #require(AddressRange("127.0.0.0/8"))])
        #expect(policy.refusedAddress(ofHost: "localhost") == nil && policy.refusedAddress(ofHost: "127.1") == nil)
        #expect(policy.refusedAddress(ofHost: "10.1") != nil)
    }

    @Test func `text and number of an address fit for every pattern of zeros`() throws {
        for pattern in 0..<256 {
            let groups = (0..<8).map { pattern >> $0 & 1 == 1 ? "a\($0)" : "0" }
            let address = try #require(IPAddress(groups.joined(separator: ":")))
            #expect(IPAddress(address.description) == address)
        }
        #expect(IPAddress("1:0:0:2:0:0:0:3")?.description == "1:0:0:2::3" && IPAddress("0:0:1::")?.description == "0:0:1::")
        #expect(IPAddress("1:0:2:3:4:5:6:7")?.description == "1:0:2:3:4:5:6:7" && IPAddress("::1.2.3.4")?.description == "::102:304")
    }
}
