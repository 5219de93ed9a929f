/// Links that their host signed for a while: they work without an account, and then no more.
enum URLSignature {
    /// Whether the query carries a signature that ends.
    static func isIn(_ url: URLParts) -> Bool {
        let names = Set(url.items.lazy.filter { $0.value?.isEmpty == false }.map { $0.name.lowercased() })
        if !names.isDisjoint(with: alone) { return true }
        return pairs.contains { ends, signatures in names.contains(ends) && !names.isDisjoint(with: signatures) }
    }

    /// Parameters that are there in signed links only: Amazon (version 4), Google, Aliyun, Tencent, Akamai.
    private static let alone: Set<String> = [
        "x-amz-signature", "x-amz-expires", "x-goog-signature", "x-goog-expires", "x-oss-signature", "x-oss-expires", "q-signature",
        "x-bce-signature", "hdnts", "hdnea", "__gda__",
    ]

    /// A time beside a signature: Amazon (version 2), CloudFront and Google's old form; Azure; the secure links of web servers.
    private static let pairs: [(ends: String, signatures: Set<String>)] = [
        ("expires", ["signature", "sig", "sign", "hash", "hmac", "md5", "policy", "key-pair-id", "st"]),
        ("policy", ["signature"]),
        ("se", ["sig"]),
        ("e", ["st", "md5", "hmac"]),
    ]

    /// Names of parameters that hold the id of the signer's key. The id is public in such a link; its key is not in it.
    static let keyIDParameters = ["x-amz-credential=", "awsaccesskeyid="]
}
