"""A zood with binaries: models that name them, requests that it is timed by, and what it took meanwhile."""

import hashlib
import http.client
import json
import os
import shutil
import socket
import threading
import time
from pathlib import Path

from contest import MIB, PATIENCE, Measure
from places import Daemon, Failed, wait_until

# On loopback there is no publishing and nothing to wait for; what is measured is the work on binaries.
CONFIGURATION = """
watch: {{ settle: 50ms, settle_max: 1s }}
gists: {{ host: none }}
binaries: {{ fetch: manual, parallel: {parallel}, connections: {connections}, min_free: 1MiB, allow_addresses: [127.0.0.0/8] }}
verify: {{ every: off, bandwidth: off }}
"""


def digests(path):
    """SHA-1 and SHA-256 of a file."""
    sha1, sha256 = hashlib.sha1(), hashlib.sha256()
    with open(path, "rb") as file:
        while block := file.read(MIB):
            sha1.update(block)
            sha256.update(block)
    return sha1.hexdigest(), sha256.hexdigest()


def make_file(path, byte_count):
    """A file of random bytes, so that neither holes nor equal blocks help anybody. Gives its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "wb") as file:
        while byte_count > 0:
            file.write(os.urandom(min(byte_count, 8 * MIB)))
            byte_count -= 8 * MIB
    return path


class ZooDaemon(Daemon):
    """A zood of its own state, to be asked for work on binaries and timed."""

    def __init__(self, workplace, name, parallel=4, connections=8):
        super().__init__(workplace, name, CONFIGURATION.format(parallel=parallel, connections=connections))

    def declare(self, model, binaries):
        """A model's readme. binaries: (file, URL, SHA-1 or None) each."""
        readme = self.add_model(model)
        lines = ["---", "name: Bench", "license: BSD-2-Clause", "binaries:"]
        for file, url, sha1 in binaries:
            lines += [f"  - file: {file}", f"    url: {url}"] + ([f"    sha1: {sha1}"] if sha1 else [])
        readme.write_text("\n".join([*lines, "---", "A model to measure with.", ""]))

    def call(self, method, path):
        """A request on the control socket, its answer decoded."""
        connection = http.client.HTTPConnection("zood", timeout=PATIENCE + 10)
        connection.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.sock.settimeout(PATIENCE + 10)
        try:
            connection.sock.connect(str(self.socket))
            connection.request(method, path)
            answer = connection.getresponse()
            body = json.loads(answer.read())
        finally:
            connection.close()
        if answer.status >= 400:
            raise Failed(f"zood answers {method} {path} by {body}")
        return body

    def jobs(self, requests):
        """Asks for all of these and waits until each is done: what a person waits for. Gives the Measure."""
        self.forget_peak()
        own = OwnMemory(self.process.pid)
        before = sum(self.cpu_seconds)
        start = time.perf_counter()
        jobs = [self.call("POST", request)["job"] for request in requests]
        for job in jobs:
            report = self.call("GET", f"/v1/jobs/{job}?wait={PATIENCE}s")
            if report["state"] != "done":
                raise Failed(f"zood's job is {report['state']}: {report.get('error')}")
        elapsed = time.perf_counter() - start
        return Measure(elapsed, sum(self.cpu_seconds) - before, self.resident_bytes[1], own.peak())

    def rest(self):
        """Returns when zood does nothing any more: what peers did to its files (aria2c opens them to write) is looked at first."""
        last = [None, 0.0]

        def is_calm():
            now = sum(self.cpu_seconds)
            if now != last[0]:
                last[:] = [now, time.monotonic()]
            return time.monotonic() - last[1] > 0.5

        wait_until("zood rests", is_calm, PATIENCE, 0.05)

    def forget_peak(self):
        """From here on the peak of resident memory is counted anew."""
        Path(f"/proc/{self.process.pid}/clear_refs").write_text("5")

    def states(self):
        """The state of every binary."""
        return [binary["state"] for model in self.ask("/v1/status")["models"] for binary in model["binaries"]]

    def wait_for(self, state, count, seconds=PATIENCE):
        """Until so many binaries are in this state, and nothing is under way."""
        def reached():
            if self.process.poll() is not None:
                raise Failed(f"zood ended: {self.log.read_text()[-1000:]}")
            return self.states() == [state] * count

        try:
            wait_until(f"{count} binaries are {state}", reached, seconds, 0.1)
        except Failed as failure:
            raise Failed(f"{failure}; they are {sorted(set(self.states()))}") from None

    def remove(self):
        self.stop()
        shutil.rmtree(self.directory)


class OwnMemory(threading.Thread):
    """Looks twenty times a second at what is resident of a process's own memory: not of the files that its program and libraries are."""

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.status, self.most, self.ends = Path(f"/proc/{pid}/status"), 0, threading.Event()
        self.start()

    def run(self):
        while True:
            lines = (line.split() for line in self.status.read_text().splitlines() if line.startswith(("RssAnon:", "RssShmem:")))
            self.most = max(self.most, sum(int(line[1]) for line in lines) << 10)
            if self.ends.wait(0.05):
                return

    def peak(self):
        """Ends the looking; bytes."""
        self.ends.set()
        self.join()
        return self.most


def peaks(measures):
    """The most memory of several runs, in words."""
    own, all_of_it = (max(getattr(measure, what) for measure in measures) / MIB for what in ("own", "resident"))
    return f"at most {own:.0f} MiB of memory of its own, {all_of_it:.0f} MiB with the pages of its program and libraries"


def model_path(model, verb):
    return f"/v1/models/{model.replace('/', '%2F')}/{verb}"
