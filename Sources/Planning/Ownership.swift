/// Whose a file is.
public enum Ownership {
    /// 65534 stands for everybody whom a user namespace does not map: nobody's file is theirs.
    public static func isOwner(_ uid: UInt32?, of owner: UInt32?) -> Bool { uid != nil && uid == owner && uid != 65534 }
}
