"""How long after a save the saved text is the gist's newest revision."""

import ctypes
import json
import os
import select
import statistics
import subprocess
import time
import urllib.request
from pathlib import Path

from places import PROGRAMS, Daemon, Failed, Workplace, wait_until
from table import Row, milliseconds, spread

SETTLE = 0.050
ALLOWED = 0.050
# A trial without a revision within this time counts as missed. In seconds.
PATIENCE = 5
TOKEN = "ghp_" + "aB3dE6gH9" * 4
# zood writes to GitHub at most once a second, as GitHub asks for: a save before that waits for the rest of the second.
GITHUB_SPACING = 1.05
WATCH = f"watch: {{ settle: {int(SETTLE * 1000)}ms, settle_max: 1s }}"


class RefWatch:
    """Tells of each move of a branch in a directory `refs/heads`, as the kernel does: git renames its lock file over the branch."""

    IN_MOVED_TO = 0x80

    def __init__(self, heads):
        library = ctypes.CDLL(None, use_errno=True)
        self.descriptor = library.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        if self.descriptor < 0 or library.inotify_add_watch(self.descriptor, os.fsencode(heads), self.IN_MOVED_TO) < 0:
            raise Failed("inotify gave no watch")

    def clear(self):
        while self.next(0):
            pass

    def next(self, seconds):
        """When the branch moved next, or None. One event is read at a time: they differ in length by their name only."""
        if not select.select([self.descriptor], [], [], seconds)[0]:
            return None
        now = time.monotonic()
        os.read(self.descriptor, 4096)
        return now


class ChangeLines:
    """Tells of each change that `loopback-hosts github --tell-changes` prints a line for."""

    def __init__(self, pipe):
        self.pipe = pipe
        os.set_blocking(pipe.fileno(), False)
        self.rest = b""

    def clear(self):
        while self.next(None, 0):
            pass

    def next(self, path, seconds):
        """When the next change of this path was told of, or None. None as path takes any."""
        end = time.monotonic() + seconds
        while True:
            while b"\n" in self.rest:
                line, _, self.rest = self.rest.partition(b"\n")
                if path is None or line.decode().endswith(path):
                    return time.monotonic()
            if not select.select([self.pipe], [], [], max(0, end - time.monotonic()))[0]:
                return None
            self.rest += os.read(self.pipe.fileno(), 65536)


class Saver:
    """Somebody who saves a readme, and waits for the revision."""

    def __init__(self, name, readme, next_change, newest, rest):
        """`next_change(seconds)` gives when the gist changed, `newest()` its readme now; `rest()` waits until the next save is welcome."""
        self.name, self.readme, self.next_change, self.newest, self.rest = name, readme, next_change, newest, rest
        self.original = readme.read_text(encoding="utf-8")
        self.seconds, self.missed = [], 0

    def trial(self, number):
        self.rest()
        text = f"{self.original}Trial {number} of {self.name}.\n"
        start = time.monotonic()
        # As most editors and scripts do: truncate, write, close.
        self.readme.write_text(text, encoding="utf-8")
        end = self.next_change(PATIENCE)
        if end is None or self.newest() != text:
            self.missed += 1
        else:
            self.seconds.append(end - start)


def compare(host, daemon, zood, peer, count):
    """The trials of both, taking turns."""
    zood.rest()
    before = daemon.cpu_seconds
    for number in range(count):
        zood.trial(number)
        peer.trial(number)
    own, children = (after - start for after, start in zip(daemon.cpu_seconds, before))
    for saver in (zood, peer):
        if not saver.seconds:
            raise Failed(f"{host}, {saver.name}: no save became a revision")
    beyond = [seconds - SETTLE for seconds in zood.seconds]
    row = Row(
        f"a saved readme is the newest revision, {host}",
        f"settle + {milliseconds(ALLOWED)} (p95), 0 missed",
        f"{spread(peer.seconds)}, {peer.missed} missed",
        f"settle + {spread(beyond)}, {zood.missed} missed",
        f"{statistics.median(beyond) / statistics.median(peer.seconds):.2f}", count)
    note = f"{host}: CPU time of one save: zood {milliseconds(own / count)}, its git programs {milliseconds(children / count)}"
    return row, note


def write_peer(workplace):
    directory = workplace.path / "peer"
    directory.mkdir()
    readme = directory / "readme.md"
    readme.write_text("---\nname: Bench\nlicense: BSD-2-Clause\n---\nA model to measure with.\n")
    return readme


def start_peer(workplace, readme, command):
    """What a person writes in one line instead of a daemon: nothing settles, nothing is looked at before it is written over."""
    script = f"cd {readme.parent}; inotifywait -mqe close_write {readme.name} | while read -r _; do {command}; done"
    process = workplace.start(["bash", "-c", script])

    def watches():
        if process.poll() is not None:
            raise Failed("the peer ended; is inotifywait installed?")
        # inotifywait says nothing of it; the kernel does.
        for child in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split():
            for descriptor in Path(f"/proc/{child}/fdinfo").glob("*"):
                if "inotify wd:" in descriptor.read_text():
                    return True
        return False

    wait_until("inotifywait watches", watches)


def git(*arguments):
    return subprocess.run(["git", *map(str, arguments)], check=True, capture_output=True, text=True).stdout


def local(count):
    """The local host, against `inotifywait | git commit`."""
    with Workplace() as workplace:
        daemon = Daemon(workplace, "zood", f"{WATCH}\ngists: {{ host: local, create: automatic }}")
        readme = daemon.add_model("saved")
        daemon.start()
        gist = wait_until("the gist is there", lambda: daemon.is_in_sync("saved"))["gist"]["url"]
        peer_readme = write_peer(workplace)
        identity = ["-c", "user.name=peer", "-c", "user.email=peer@localhost"]
        for command in (["init", "-q", "-b", "main"], ["add", "readme.md"], [*identity, "commit", "-qm", "first"]):
            git("-C", peer_readme.parent, *command)
        start_peer(workplace, peer_readme, f"git {' '.join(identity)} commit -qam saved")

        def saver(name, readme, repository, is_at_rest):
            watch = RefWatch(f"{repository}/refs/heads")

            def rest():
                wait_until(f"{name} is at rest", is_at_rest)
                time.sleep(0.05)
                watch.clear()

            return Saver(name, readme, watch.next, lambda: git("--git-dir", repository, "show", "HEAD:readme.md"), rest)

        zood = saver("zood", readme, gist, lambda: daemon.is_in_sync("saved"))
        peer = saver("peer", peer_readme, peer_readme.parent / ".git", lambda: True)
        before = int(git("--git-dir", gist, "rev-list", "--count", "HEAD"))
        row, note = compare("local host", daemon, zood, peer, count)
        made = int(git("--git-dir", gist, "rev-list", "--count", "HEAD")) - before
        return [row], [note + f", {made / count:.2f} revisions"]


class GitHub:
    """`loopback-hosts github`: GitHub's gist API on 127.0.0.1."""

    def __init__(self, workplace):
        self.process = workplace.start(
            [PROGRAMS / "loopback-hosts", "github", "--token", TOKEN, "--login", "bench", "--tell-changes"], stdout=subprocess.PIPE)
        self.url = self.process.stdout.readline().decode().strip()
        self.changes = ChangeLines(self.process.stdout)

    def ask(self, method, path, body=None):
        request = urllib.request.Request(
            self.url + path, method=method, data=body and json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {TOKEN}", "User-Agent": "bench"})
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=10) as answer:
            return json.load(answer)

    def readme(self, gist):
        return self.ask("GET", f"/gists/{gist}")["files"]["readme.md"]["content"]


def github(count):
    """A GitHub on loopback, against `inotifywait | curl`."""
    with Workplace() as workplace:
        server = GitHub(workplace)
        token = workplace.path / "token"
        token.write_text(TOKEN + "\n")
        token.chmod(0o600)
        daemon = Daemon(
            workplace, "zood",
            f"{WATCH}\ngists: {{ host: github, create: automatic, api_url: '{server.url}', token_file: {token} }}")
        readme = daemon.add_model("saved")
        daemon.start()
        gist = wait_until("the gist is there", lambda: daemon.is_in_sync("saved"))["gist"]["id"]
        peer_readme = write_peer(workplace)
        peer_gist = server.ask("POST", "/gists", {"files": {"readme.md": {"content": peer_readme.read_text()}}})["id"]
        start_peer(
            workplace, peer_readme,
            "t=$(cat readme.md; echo .); t=${t%.}; t=${t//$'\\n'/\\\\n}; curl -s --noproxy '*' -o /dev/null -X PATCH "
            f"-H 'Authorization: Bearer {TOKEN}' -d '{{\"files\":{{\"readme.md\":{{\"content\":\"'\"$t\"'\"}}}}}}' "
            f"{server.url}/gists/{peer_gist}")
        last_change = time.monotonic()

        def zood_changed(seconds):
            nonlocal last_change
            found = server.changes.next(gist, seconds)
            last_change = found or time.monotonic()
            return found

        def zood_rests():
            wait_until("zood is in sync", lambda: daemon.is_in_sync("saved"))
            time.sleep(max(0, last_change + GITHUB_SPACING - time.monotonic()))
            server.changes.clear()

        zood = Saver("zood", readme, zood_changed, lambda: server.readme(gist), zood_rests)
        peer = Saver("peer", peer_readme, lambda seconds: server.changes.next(peer_gist, seconds), lambda: server.readme(peer_gist), lambda: None)
        row, note = compare("GitHub on loopback", daemon, zood, peer, count)
        return [row], [note]
