import Glibc
import ModelInfo

/// What can be said of a URL's host before anything is connected.
enum NameCheck {
    /// Refuses literal addresses that the policy refuses, and, where a proxy would connect for us, names that are such addresses here.
    /// A name that only the proxy can resolve passes.
    static func check(_ url: HTTPURL, against policy: AddressPolicy?, isProxied: Bool) throws(TransferFailure) {
        guard let policy else { return }
        let addresses = url.address.map { [$0] } ?? (isProxied ? lookUp(url.host) : [])
        if let refused = addresses.first(where: { !policy.allows($0) }) {
            throw TransferFailure(.refusedAddress(refused, host: url.host))
        }
    }

    private static func lookUp(_ host: String) -> [IPAddress] {
        var first: UnsafeMutablePointer<addrinfo>?
        guard unsafe getaddrinfo(host, nil, nil, &first) == 0 else { return [] }
        defer { unsafe freeaddrinfo(first) }
        var found: [IPAddress] = []
        var next = unsafe first
        while let entry = unsafe next {
            var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
            let info = unsafe entry.pointee
            if unsafe getnameinfo(info.ai_addr, info.ai_addrlen, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST) == 0,
                let address = IPAddress(String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self))
            {
                found.append(address)
            }
            unsafe next = info.ai_next
        }
        return found
    }
}
