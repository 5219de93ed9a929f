/// How redirects are followed: by hand, one request after another, since each place they lead to is judged anew.
public enum RedirectRules {
    public static let maximumCount = 5
}
