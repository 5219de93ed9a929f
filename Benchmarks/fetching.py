"""A place to fetch from and to: files on a server of our own, and everybody who may fetch them."""

import os
import shutil

from contest import Contender, timed
from fileserver import FileServer
from places import Failed
from zoo import ZooDaemon, digests, make_file, model_path

# Where both processors are what limits everybody. zood waits for the disk before it gives a file its name, and nobody else does;
# in memory that costs nothing, and on a disk it is a figure of its own.
MEMORY = "/dev/shm" if os.path.isdir("/dev/shm") else None
# What a person writes in Python: one pass, one connection kept for all files.
ONE_PASS = """
import hashlib, http.client, os, sys, urllib.parse
connection, failed = None, False
for line in open(sys.argv[1]).read().splitlines():
    sha1, url, path = line.split()
    parts = urllib.parse.urlsplit(url)
    connection = connection or http.client.HTTPConnection(parts.netloc)
    connection.request('GET', parts.path)
    answer, digest = connection.getresponse(), hashlib.sha1()
    buffer = bytearray(1 << 20)
    view = memoryview(buffer)
    with open(path + '.part', 'wb', buffering=0) as file:
        while count := answer.readinto(buffer):
            digest.update(view[:count])
            file.write(view[:count])
    failed |= digest.hexdigest() != sha1
    os.rename(path + '.part', path)
sys.exit(failed)
"""


class Target:
    """Where one contender puts the files, in one run: empty before, and checked to be full after."""

    def __init__(self, workplace, sources):
        self.path = workplace.path / "target"
        self.sources = sources

    def emptied(self):
        shutil.rmtree(self.path, ignore_errors=True)
        self.path.mkdir()
        return self.path

    def check(self):
        for source in self.sources:
            if (self.path / source.name).stat().st_size != source.stat().st_size:
                raise Failed(f"{source.name} did not arrive whole")
        shutil.rmtree(self.path)


class Fetching:
    """A server with files, and everybody who may fetch them."""

    def __init__(self, workplace, count, byte_count, per_model):
        self.workplace = workplace
        self.server = FileServer(workplace)
        self.files = [make_file(self.server.root / f"net-{number}.caffemodel", byte_count) for number in range(count)]
        self.sha1 = [digests(path)[0] for path in self.files]
        self.per_model = per_model
        self.target = Target(workplace, self.files)
        self.runs = 0

    def urls(self):
        return [f"{self.server.url}/{path.name}" for path in self.files]

    def peer(self, name, arguments, rounds=1000):
        """- arguments: gives the command for a directory."""
        def run():
            directory = self.target.emptied()
            measure = timed(self.workplace, arguments(directory), stdout=self.workplace.nowhere, stderr=self.workplace.nowhere)
            self.target.check()
            return measure

        return Contender(name, run, rounds)

    def written(self, name, lines):
        path = self.workplace.path / name
        path.write_text("".join(f"{line}\n" for line in lines))
        return path

    def zood(self, parallel, connections=8, urls=None):
        """A zood that was started just now, so that none has what another fetched; timed from the first request to the last job's end."""
        def run():
            self.runs += 1
            daemon = ZooDaemon(self.workplace, f"zood-{self.runs}", parallel, connections)
            wanted = [(path.name, url, sha1) for path, url, sha1 in zip(self.files, urls or self.urls(), self.sha1)]
            models = {f"model-{first}": wanted[first:first + self.per_model] for first in range(0, len(wanted), self.per_model)}
            for model, binaries in models.items():
                daemon.declare(model, binaries)
            try:
                daemon.start()
                daemon.wait_for("missing", len(wanted))
                measure = daemon.jobs([model_path(model, "fetch") for model in models])
                if set(daemon.states()) != {"verified"}:
                    raise Failed(f"zood's binaries are {set(daemon.states())}")
            finally:
                daemon.remove()
            return measure

        return Contender("zood", run)

    def one_pass(self, urls=None):
        def command(directory):
            lines = [f"{sha1} {url} {directory / path.name}" for path, url, sha1 in zip(self.files, urls or self.urls(), self.sha1)]
            return ["python3", "-c", ONE_PASS, self.written("one-pass", lines)]

        return self.peer("python, one pass with SHA-1 alone", command)

    def aria2(self, *options, urls=None, rounds=1000):
        def command(directory):
            lines = [f"{url}\n dir={directory}\n out={path.name}\n checksum=sha-1={sha1}"
                     for path, url, sha1 in zip(self.files, urls or self.urls(), self.sha1)]
            return ["aria2c", "-q", "--no-conf", "--file-allocation=none", *options, "-i", self.written("aria2", lines)]

        return self.peer("aria2c", command, rounds)
