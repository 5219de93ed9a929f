"""githubkit against the loopback GitHub: it checks every answer against models made from GitHub's own OpenAPI description."""

import unittest
from datetime import timedelta, timezone

import httpx
import pydantic
from githubkit import GitHub, TokenAuthStrategy
from githubkit.exception import PrimaryRateLimitExceeded, RequestFailed, SecondaryRateLimitExceeded
from loopback import LOGIN, TOKEN, VERSIONS, ServedByLoopbackGitHub

README = "---\nname: Tiny\n---\nA tiny model.\n"


class GistRules(ServedByLoopbackGitHub):
    version = None

    def client(self, api_url, token=TOKEN):
        # No retries: what the server said is what a test sees.
        github = GitHub(
            TokenAuthStrategy(token) if token else None, base_url=api_url, timeout=30, auto_retry=False, http_cache=False)
        self.enterContext(github)
        return github.rest(self.version)

    def setUp(self):
        self.rest = self.client(self.api_url)
        self.gists = self.rest.gists

    def create(self, files=None, public=False, description="zoo"):
        contents = {name: {"content": text} for name, text in (files or {"readme.md": README}).items()}
        answer = self.gists.create(files=contents, public=public, description=description)
        self.assertEqual((answer.status_code, answer.headers["x-github-api-version-selected"]), (201, self.version))
        gist = answer.parsed_data
        self.assertEqual(answer.headers["location"], gist.url)
        return gist

    def files(self, gist):
        return gist.files.model_dump()

    def texts(self, gist):
        return {name: file["content"] for name, file in self.files(gist).items()}

    def read(self, gist_id):
        return self.gists.get(gist_id).parsed_data

    def failure(self, call, *arguments, **options):
        """The client's exception; `response.parsed_data` of it is in the shape that GitHub declares for the endpoint and status."""
        with self.assertRaises(RequestFailed) as caught:
            call(*arguments, **options)
        return caught.exception

    def assert_exact(self, value, sent, left_out=()):
        """All fields that the model knows were sent and no others, but for those that GitHub itself leaves out at times."""
        known = type(value).model_fields.keys() - {"fork_of", "starred_at", "name", "email", *left_out}
        self.assertEqual((known - sent.keys(), sent.keys() - known), (set(), set()), type(value).__name__)

    def test_a_gist_is_read_as_it_was_created(self):
        for public in (False, True):
            made = self.create({"readme.md": README, "größe 1.txt": "ä\n"}, public=public, description="Ein Zoo")
            answer = self.gists.get(made.id)
            read = answer.parsed_data
            self.assert_exact(read, answer.json())
            self.assert_exact(read.owner, answer.json()["owner"])
            for gist in (made, read):
                self.assertEqual((gist.public, gist.description, gist.truncated, gist.owner.login), (public, "Ein Zoo", False, LOGIN))
                self.assertEqual(self.texts(gist), {"readme.md": README, "größe 1.txt": "ä\n"})
            readme = self.files(read)["readme.md"]
            self.assertEqual(readme.keys(), {"filename", "type", "language", "raw_url", "size", "truncated", "content", "encoding"})
            self.assertEqual((readme["size"], readme["language"], readme["encoding"]), (len(README), "Markdown", "utf-8"))

    def test_contents_come_in_base64_when_asked_for(self):
        gist = self.create({"a.txt": "a\n"})
        read = self.gists.get(gist.id, headers={"Accept": "application/vnd.github.base64+json"}).parsed_data
        self.assertEqual((self.files(read)["a.txt"]["content"], self.files(read)["a.txt"]["encoding"]), ("YQo=", "base64"))

    def test_an_update_changes_the_files_that_it_names_and_no_other(self):
        gist = self.create({"readme.md": README, "solver.prototxt": "base_lr: 0.1\n"})
        files = {"readme.md": {"content": README + "More.\n"}, "new.txt": {"content": "new\n"}}
        answer = self.gists.update(gist.id, files=files)
        changed = answer.parsed_data
        self.assert_exact(changed, answer.json())
        self.assertEqual(changed.description, "zoo")
        expected = {"readme.md": README + "More.\n", "solver.prototxt": "base_lr: 0.1\n", "new.txt": "new\n"}
        self.assertEqual((self.texts(changed), self.texts(self.read(gist.id))), (expected, expected))
        self.assertEqual(self.gists.update(gist.id, description="renewed").parsed_data.description, "renewed")

    def test_a_file_is_renamed_with_and_without_new_content(self):
        gist = self.create({"readme.md": README, "a.txt": "a\n", "c.txt": "c\n"})
        self.gists.update(gist.id, files={"a.txt": {"filename": "b.txt"}, "c.txt": {"filename": "d.txt", "content": "d\n"}})
        self.assertEqual(self.texts(self.read(gist.id)), {"readme.md": README, "b.txt": "a\n", "d.txt": "d\n"})

    def test_a_file_set_to_null_is_deleted_and_the_last_one_stays(self):
        gist = self.create({"readme.md": README, "a.txt": "a\n"})
        self.assertEqual(self.texts(self.gists.update(gist.id, files={"a.txt": None}).parsed_data), {"readme.md": README})
        self.assertEqual(self.failure(self.gists.update, gist.id, files={"readme.md": None}).response.status_code, 422)
        self.assertEqual(self.texts(self.read(gist.id)), {"readme.md": README})

    def test_every_change_of_a_file_is_a_revision(self):
        gist = self.create({"readme.md": README})
        self.gists.update(gist.id, files={"readme.md": {"content": README + "More.\n"}})
        answer = self.gists.list_commits(gist.id)
        newest, first = answer.parsed_data
        self.assert_exact(newest, answer.json()[0])
        self.assert_exact(newest.user, answer.json()[0]["user"])
        self.assertEqual((newest.change_status.additions, newest.change_status.deletions, newest.change_status.total), (1, 0, 1))
        self.assertEqual((first.change_status.additions, newest.user.login), (4, LOGIN))
        self.assertEqual(first.url, f"{gist.url}/{first.version}")
        self.assertLessEqual(first.committed_at, newest.committed_at)
        answer = self.gists.get_revision(gist.id, first.version)
        then = answer.parsed_data
        self.assert_exact(then, answer.json())
        self.assertEqual((then.id, self.texts(then)), (gist.id, {"readme.md": README}))
        answer = self.gists.list_commits(gist.id, per_page=1)
        self.assertEqual([revision.version for revision in answer.parsed_data], [newest.version])
        self.assertIn('rel="next"', answer.headers["link"])
        self.assertEqual(self.failure(self.gists.get_revision, gist.id, "nonsense").response.status_code, 422)
        self.assertEqual(self.failure(self.gists.get_revision, gist.id, "0" * 40).response.status_code, 404)

    def test_comments_and_forks_are_empty_lists(self):
        gist = self.create()
        self.assertEqual(gist.comments, 0)
        self.assertEqual(self.gists.list_comments(gist.id).parsed_data, [])
        self.assertEqual(self.gists.list_forks(gist.id).parsed_data, [])

    def test_a_deleted_gist_is_gone(self):
        gist = self.create()
        answer = self.gists.delete(gist.id)
        self.assertEqual((answer.status_code, answer.content), (204, b""))
        for call in (self.gists.get, self.gists.delete, self.gists.list_commits):
            failure = self.failure(call, gist.id)
            error = failure.response.parsed_data
            self.assertEqual((failure.response.status_code, error.message, error.status), (404, "Not Found", "404"))

    def test_a_listing_goes_over_pages_and_holds_what_changed_since_a_time(self):
        rest = self.client(self.another())
        made = [rest.gists.create(files={"a.txt": {"content": f"{n}\n"}}, public=n == 0).parsed_data for n in range(5)]
        listed = list(rest._github.paginate(rest.gists.list, per_page=2))
        self.assertEqual([gist.id for gist in listed], [gist.id for gist in reversed(made)])
        for sent in rest.gists.list().json():
            self.assert_exact(listed[0], sent, left_out=("history", "forks"))
            self.assertEqual(sent["files"]["a.txt"].keys(), {"filename", "type", "language", "raw_url", "size"})
        for public in (rest.gists.list_public(), rest.gists.list_for_user(LOGIN)):
            self.assertEqual([gist.id for gist in public.parsed_data], [made[0].id])
        last = max(gist.updated_at for gist in listed)
        newest = {gist.id for gist in listed if gist.updated_at == last}
        later = last + timedelta(seconds=1)
        for zone in (timezone.utc, timezone(timedelta(hours=2)), timezone(timedelta(hours=-7))):
            self.assertEqual({gist.id for gist in rest.gists.list(since=last.astimezone(zone)).parsed_data}, newest)
            self.assertEqual(rest.gists.list(since=later.astimezone(zone)).parsed_data, [])

    def test_a_time_that_is_none_fails_validation(self):
        with self.rest._github.get_sync_client() as plain:
            for path in ("/gists", "/gists/public", f"/users/{LOGIN}/gists"):
                self.assertEqual(plain.get(path, params={"since": "yesterday"}).status_code, 422)

    def test_content_beyond_a_megabyte_is_behind_the_raw_url_for_everybody(self):
        text = "0123456789abcde\n" * 75_000
        gist = self.create({"readme.md": README, "long.txt": text})
        files = self.files(self.read(gist.id))
        self.assertEqual((files["readme.md"]["truncated"], files["readme.md"]["content"]), (False, README))
        self.assertEqual((files["long.txt"]["truncated"], files["long.txt"]["size"]), (True, len(text)))
        self.assertEqual(files["long.txt"]["content"], text[:1_000_000])
        self.assertEqual(httpx.get(files["long.txt"]["raw_url"], timeout=30).text, text)

    def test_a_write_takes_no_condition_and_no_strange_media_type(self):
        gist = self.create()
        for headers, status in (({"If-Match": "*"}, 400), ({"Accept": "text/html"}, 415)):
            self.assertEqual(self.failure(self.gists.update, gist.id, description="x", headers=headers).response.status_code, status)
        self.assertEqual(self.read(gist.id).description, "zoo")

    def test_an_unchanged_gist_is_not_sent_again_and_costs_nothing(self):
        gist = self.create()
        answer = self.gists.get(gist.id)
        used = self.rest.rate_limit.get().parsed_data.resources.core.used
        tag = answer.headers["etag"]
        with self.rest._github.get_sync_client() as plain:
            again = plain.get(f"/gists/{gist.id}", headers={"If-None-Match": tag, "X-GitHub-Api-Version": self.version})
        self.assertEqual((again.status_code, again.content), (304, b""))
        self.assertEqual(self.rest.rate_limit.get().parsed_data.resources.core.used, used)

    def test_the_account_and_its_scopes_are_told(self):
        answer = self.rest.users.get_authenticated()
        self.assertEqual(type(answer.parsed_data).__name__, "PublicUser")  # without the scope user GitHub tells no more
        self.assertEqual((answer.parsed_data.login, answer.headers["x-oauth-scopes"]), (LOGIN, "gist"))
        self.assertEqual(self.rest.users.get_by_username(LOGIN).parsed_data.id, answer.parsed_data.id)
        self.assertEqual(self.failure(self.rest.users.get_by_username, "nobody").response.parsed_data.status, "404")

    def test_the_versions_are_told(self):
        self.assertEqual(sorted(str(day) for day in self.rest.meta.get_all_versions().parsed_data), list(VERSIONS))

    def test_an_unknown_version_is_refused(self):
        failure = self.failure(self.gists.list, headers={"X-GitHub-Api-Version": "2001-01-01"})
        self.assertEqual(failure.response.status_code, 400)

    def test_a_wrong_token_is_bad_credentials(self):
        stranger = self.client(self.another(), "ghp_" + "b" * 36)
        failure = self.failure(stranger.users.get_authenticated)
        error = failure.response.parsed_data
        self.assertEqual((failure.response.status_code, error.message, error.status), (401, "Bad credentials", "401"))

    def test_without_a_token_one_reads_and_does_not_write(self):
        anonymous = self.client(self.api_url, None)
        gist = self.create()
        self.assertEqual(self.texts(anonymous.gists.get(gist.id).parsed_data), {"readme.md": README})
        for call, arguments in ((anonymous.gists.update, {"description": "mine"}), (anonymous.gists.delete, {})):
            self.assertEqual(self.failure(call, gist.id, **arguments).response.status_code, 401)

    def test_a_token_without_the_scope_is_told_that_nothing_is_there(self):
        weak = self.client(self.another("--scope", "repo"))
        failure = self.failure(weak.gists.create, files={"a.txt": {"content": "a\n"}})
        self.assertEqual((failure.response.status_code, failure.response.parsed_data.message), (404, "Not Found"))
        self.assertEqual(failure.response.headers["x-accepted-oauth-scopes"], "gist")

    def test_what_fails_validation_is_named(self):
        for files in ({"a.txt": {"content": " \n"}}, {"a/b.txt": {"content": "b\n"}}, {}):
            failure = self.failure(self.gists.create, files=files)
            error = failure.response.parsed_data
            self.assertEqual((failure.response.status_code, error.message), (422, "Validation Failed"))
            self.assertEqual([(one.resource, one.code, one.field) for one in error.errors], [("Gist", "missing_field", "files")])

    def test_over_the_primary_limit_the_client_knows_how_long_to_wait(self):
        anonymous = self.client(self.another(), None)
        for left in reversed(range(60)):
            self.assertEqual(anonymous.gists.list_public().headers["x-ratelimit-remaining"], str(left))
        with self.assertRaises(PrimaryRateLimitExceeded) as caught:
            anonymous.gists.list_public()
        self.assertGreater(caught.exception.retry_after, timedelta(minutes=50))
        core = anonymous.rate_limit.get().parsed_data.resources.core
        self.assertEqual((core.limit, core.used, core.remaining), (60, 60, 0))

    def test_over_the_secondary_limit_the_client_knows_how_long_to_wait(self):
        hasty = self.client(self.another("--writes-per-minute", "1"))
        gist = hasty.gists.create(files={"a.txt": {"content": "a\n"}}).parsed_data
        with self.assertRaises(SecondaryRateLimitExceeded) as caught:
            hasty.gists.update(gist.id, description="too soon")
        self.assertEqual(caught.exception.retry_after, timedelta(seconds=60))
        self.assertNotEqual(caught.exception.response.headers["x-ratelimit-remaining"], "0")


class Githubkit20221128(GistRules, unittest.TestCase):
    version = "2022-11-28"

    def test_history_stands_in_the_gist_and_the_old_rate_in_the_limits(self):
        gist = self.create()
        self.assertEqual([one.version for one in gist.history], [one.version for one in self.gists.list_commits(gist.id).parsed_data])
        self.assertEqual(gist.forks, [])
        limits = self.rest.rate_limit.get().parsed_data
        self.assertEqual(limits.rate, limits.resources.core)


class Githubkit20260310(GistRules, unittest.TestCase):
    version = "2026-03-10"

    def test_neither_history_nor_the_old_rate_is_there(self):
        gist = self.create()
        self.assertEqual(self.gists.get(gist.id).json().keys() & {"history", "forks"}, set())
        self.assertEqual(self.gists.list().json()[0].keys() & {"history", "forks"}, set())
        self.assertNotIn("rate", self.rest.rate_limit.get().json())

    def test_the_models_of_the_old_version_refuse_what_the_new_one_leaves_out(self):
        """That the models do demand their fields, so that the tests above prove something."""
        with self.assertRaises(pydantic.ValidationError):
            self.rest._github.rest("2022-11-28").rate_limit.get(headers={"X-GitHub-Api-Version": self.version}).parsed_data


if __name__ == "__main__":
    unittest.main()
