"""PyGithub against the loopback GitHub."""

import unittest
from datetime import timedelta

import github
from github import Auth, Github, InputFileContent
from loopback import LOGIN, TOKEN, VERSIONS, ServedByLoopbackGitHub

README = "---\nname: Tiny\n---\nA tiny model.\n"


def client(api_url, token=TOKEN, version=VERSIONS[0], **options):
    # No retries and no pauses: what the server said is what a test sees.
    return Github(
        base_url=api_url, auth=Auth.Token(token) if token else None, api_version=version, timeout=30, retry=None,
        seconds_between_requests=None, seconds_between_writes=None, **options)


class GistRules(ServedByLoopbackGitHub):
    version = None

    def setUp(self):
        self.github = client(self.api_url, version=self.version)
        self.addCleanup(self.github.close)

    def create(self, files=None, public=False, description="zoo"):
        contents = {name: InputFileContent(text) for name, text in (files or {"readme.md": README}).items()}
        return self.github.get_user().create_gist(public, contents, description)

    def texts(self, gist_id):
        return {name: file.content for name, file in self.github.get_gist(gist_id).files.items()}

    def test_a_gist_is_read_as_it_was_created(self):
        for public in (False, True):
            made = self.create({"readme.md": README, "größe 1.txt": "ä\n"}, public=public, description="Ein Zoo")
            read = self.github.get_gist(made.id)
            self.assertEqual(read.id, made.id)
            self.assertEqual((read.public, read.description, read.truncated, read.comments), (public, "Ein Zoo", False, 0))
            self.assertEqual({name: file.content for name, file in read.files.items()}, {"readme.md": README, "größe 1.txt": "ä\n"})
            readme = read.files["readme.md"]
            self.assertEqual((readme.filename, readme.size, readme.type, readme.language),
                             ("readme.md", len(README), "text/markdown", "Markdown"))
            self.assertTrue(readme.raw_url.endswith("/readme.md"))
            self.assertEqual((read.owner.login, read.owner.type, read.owner.site_admin), (LOGIN, "User", False))
            self.assertEqual((read.created_at.tzinfo is not None, read.created_at.microsecond), (True, 0))
            self.assertLessEqual(read.created_at, read.updated_at)
            for url in (read.url, read.html_url, read.git_pull_url, read.git_push_url, read.commits_url, read.forks_url, read.comments_url):
                self.assertIn(made.id, url)
            self.assertEqual((list(read.get_comments()), read.user), ([], None))

    def test_an_edit_changes_the_files_that_it_names_and_no_other(self):
        gist = self.create({"readme.md": README, "solver.prototxt": "base_lr: 0.1\n"})
        gist.edit("renewed", {"readme.md": InputFileContent(README + "More.\n"), "new.txt": InputFileContent("new\n")})
        self.assertEqual(gist.description, "renewed")
        self.assertEqual(self.texts(gist.id), {"readme.md": README + "More.\n", "solver.prototxt": "base_lr: 0.1\n", "new.txt": "new\n"})
        gist.edit()
        self.assertEqual(gist.description, "renewed")

    def test_a_file_is_renamed_with_its_new_content(self):
        gist = self.create({"readme.md": README, "a.txt": "a\n"})
        gist.edit(files={"a.txt": InputFileContent("b\n", new_name="b.txt")})
        self.assertEqual(self.texts(gist.id), {"readme.md": README, "b.txt": "b\n"})
        self.assertEqual(set(gist.files), {"readme.md", "b.txt"})

    def test_a_file_set_to_null_is_deleted(self):
        gist = self.create({"readme.md": README, "a.txt": "a\n"})
        gist.edit(files={"a.txt": None})
        self.assertEqual(self.texts(gist.id), {"readme.md": README})

    def test_a_deleted_gist_is_gone(self):
        gist = self.create()
        gist.delete()
        with self.assertRaises(github.UnknownObjectException) as caught:
            self.github.get_gist(gist.id)
        self.assertEqual((caught.exception.status, caught.exception.data["status"]), (404, "404"))
        self.assertNotIn(gist.id, [other.id for other in self.github.get_user().get_gists()])

    def test_a_listing_goes_over_pages_and_holds_what_changed_since_a_time(self):
        account = client(self.another(), version=self.version, per_page=2)
        self.addCleanup(account.close)
        made = [account.get_user().create_gist(n == 0, {"a.txt": InputFileContent(f"{n}\n")}, str(n)) for n in range(5)]
        listed = account.get_user().get_gists()
        self.assertEqual(listed.totalCount, 5)
        self.assertEqual([gist.id for gist in listed], [gist.id for gist in reversed(made)])
        self.assertEqual([gist.id for gist in account.get_gists()], [made[0].id], "only public ones are listed to everybody")
        self.assertEqual([gist.id for gist in account.get_user(LOGIN).get_gists()], [made[0].id])
        last = max(gist.updated_at for gist in made)
        newest = {gist.id for gist in made if gist.updated_at == last}
        self.assertEqual({gist.id for gist in account.get_user().get_gists(since=last)}, newest)
        self.assertEqual(list(account.get_user().get_gists(since=last + timedelta(seconds=1))), [])

    def test_an_unchanged_gist_is_not_sent_again_and_costs_nothing(self):
        gist = self.github.get_gist(self.create().id)
        used = self.github.get_rate_limit().resources.core.used
        self.assertFalse(gist.update())
        self.assertEqual(self.github.get_rate_limit().resources.core.used, used)
        self.github.get_gist(gist.id).edit(description="changed elsewhere")
        self.assertTrue(gist.update())
        self.assertEqual(gist.description, "changed elsewhere")

    def test_the_account_and_its_scopes_are_told(self):
        user = self.github.get_user()
        self.assertEqual((user.login, user.type, self.github.get_user(LOGIN).id), (LOGIN, "User", user.id))
        self.assertEqual(self.github.oauth_scopes, ["gist"])

    def test_the_primary_limit_is_told_with_every_answer(self):
        self.create()
        remaining, limit = self.github.rate_limiting
        self.assertEqual(limit, 5000)
        core = self.github.get_rate_limit().resources.core
        self.assertEqual((core.limit, core.remaining, core.used), (5000, remaining, 5000 - remaining))
        self.assertEqual(core.reset.timestamp(), self.github.rate_limiting_resettime)

    def test_a_wrong_token_is_bad_credentials(self):
        stranger = client(self.another(), "ghp_" + "b" * 36, self.version)
        self.addCleanup(stranger.close)
        with self.assertRaises(github.BadCredentialsException) as caught:
            stranger.get_user().login
        self.assertEqual(caught.exception.status, 401)

    def test_without_a_token_one_reads_and_does_not_write(self):
        anonymous = client(self.api_url, None, self.version)
        self.addCleanup(anonymous.close)
        secret = self.create()
        gist = anonymous.get_gist(secret.id)
        self.assertEqual(gist.files["readme.md"].content, README)
        with self.assertRaises(github.GithubException) as caught:
            gist.edit("mine")
        self.assertEqual((caught.exception.status, caught.exception.data["message"]), (401, "Requires authentication"))

    def test_a_token_without_the_scope_is_told_that_nothing_is_there(self):
        weak = client(self.another("--scope", "repo"), version=self.version)
        self.addCleanup(weak.close)
        with self.assertRaises(github.UnknownObjectException):
            weak.get_user().create_gist(False, {"a.txt": InputFileContent("a\n")})

    def test_blank_content_fails_validation(self):
        with self.assertRaises(github.GithubException) as caught:
            self.create({"readme.md": README, "blank.txt": " \n"})
        self.assertEqual(caught.exception.status, 422)
        self.assertEqual(caught.exception.data["errors"], [{"resource": "Gist", "code": "missing_field", "field": "files"}])

    def test_over_a_limit_the_client_knows_that_it_is_limited(self):
        anonymous = client(self.another(), None, self.version)
        self.addCleanup(anonymous.close)
        for _ in range(60):
            list(anonymous.get_gists())
        with self.assertRaises(github.RateLimitExceededException) as primary:
            list(anonymous.get_gists())
        self.assertEqual((primary.exception.status, primary.exception.headers["x-ratelimit-remaining"]), (403, "0"))
        hasty = client(self.another("--writes-per-minute", "1"), version=self.version)
        self.addCleanup(hasty.close)
        gist = hasty.get_user().create_gist(False, {"a.txt": InputFileContent("a\n")})
        with self.assertRaises(github.RateLimitExceededException) as secondary:
            gist.edit("too soon")
        self.assertEqual((secondary.exception.status, secondary.exception.headers["retry-after"]), (403, "60"))
        self.assertNotEqual(secondary.exception.headers["x-ratelimit-remaining"], "0")


class PyGithub20221128(GistRules, unittest.TestCase):
    version = "2022-11-28"

    def test_every_change_of_a_file_is_a_revision_of_the_history(self):
        gist = self.create({"readme.md": README})
        gist.edit(files={"readme.md": InputFileContent(README + "More.\n")})
        newest, first = self.github.get_gist(gist.id).history
        self.assertEqual((newest.change_status.additions, newest.change_status.deletions, newest.change_status.total), (1, 0, 1))
        self.assertEqual((first.change_status.additions, newest.user.login), (4, LOGIN))
        self.assertRegex(newest.version, "^[0-9a-f]{40}$")
        self.assertLessEqual(first.committed_at, newest.committed_at)
        self.assertEqual(first.url, f"{gist.url}/{first.version}")
        self.assertEqual(self.texts(f"{gist.id}/{first.version}"), {"readme.md": README})
        self.assertEqual(self.github.get_gist(gist.id).forks, [])


class PyGithub20260310(GistRules, unittest.TestCase):
    version = "2026-03-10"

    def test_a_gist_comes_without_history_and_forks(self):
        gist = self.github.get_gist(self.create().id)
        self.assertEqual(gist.raw_data.keys() & {"history", "forks"}, set())
        self.assertIsNone(gist.history)


if __name__ == "__main__":
    unittest.main()
