import Foundation

/// How accounts look in answers.
extension GitHubSite {
    /// As `owner` and `user` of other things.
    func simpleUserFields(_ account: GitHubAccount) -> [String: JSONValue] {
        let (url, page) = ("\(apiURL)/users/\(account.login)", "\(rawOrigin)/\(account.login)")
        return [
            "login": .string(account.login), "id": .number(account.number),
            "node_id": .string("U_" + Data(account.login.utf8).base64EncodedString()),
            "avatar_url": .string("\(page).png"), "gravatar_id": "", "url": .string(url), "html_url": .string(page),
            "followers_url": .string(url + "/followers"), "following_url": .string(url + "/following{/other_user}"),
            "gists_url": .string(url + "/gists{/gist_id}"), "starred_url": .string(url + "/starred{/owner}{/repo}"),
            "subscriptions_url": .string(url + "/subscriptions"), "organizations_url": .string(url + "/orgs"),
            "repos_url": .string(url + "/repos"), "events_url": .string(url + "/events{/privacy}"),
            "received_events_url": .string(url + "/received_events"), "type": "User", "user_view_type": "public", "site_admin": false,
        ]
    }

    /// As `GET /user` and `GET /users/LOGIN` have it.
    func userFields(_ account: GitHubAccount) -> [String: JSONValue] {
        let own = gists.values.filter { $0.owner == account.login }
        return simpleUserFields(account).merging([
            "name": .string(account.login), "company": nil, "blog": "", "location": nil, "email": nil, "hireable": nil, "bio": nil,
            "twitter_username": nil, "public_repos": 0, "public_gists": .number(own.filter(\.isPublic).count), "followers": 0,
            "following": 0, "created_at": .time(account.createdAt), "updated_at": .time(account.createdAt),
        ]) { $1 }
    }
}
