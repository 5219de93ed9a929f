"""Fetching over loopback and checking what came: one large file, and many small ones."""

import os
import shutil
import socket
import statistics
import time

from contest import MIB, Contender, Measure, contest, duration, row, timed
from fileserver import FileServer
from places import Failed, Workplace
from verify import hashing
from zoo import ZooDaemon, digests, make_file, model_path

# Where both processors are what limits everybody. zood waits for the disk before it gives a file its name, and nobody else does;
# in memory that costs nothing, and on a disk it is a figure of its own.
MEMORY = "/dev/shm"
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


def large(rounds, is_quick):
    byte_count = (256 if is_quick else 1024) * MIB
    lines, notes = [], []
    with Workplace(MEMORY) as workplace:
        place = Fetching(workplace, 1, byte_count, 1)
        url, sha1, few = place.urls()[0], place.sha1[0], min(rounds, 3)
        name = place.files[0].name
        curl = place.peer("curl -o", lambda directory: ["curl", "-s", "-o", directory / name, url])
        check = "| sha1sum -c --status"
        contenders = [
            place.zood(4),
            place.one_pass(),
            place.peer("curl, then sha1sum", lambda to: ["bash", "-c", f"curl -s -o {to / name} {url} && echo {sha1} {to / name} {check}"], few),
            place.peer("wget, then sha1sum", lambda to: ["bash", "-c", f"wget -q -O {to / name} {url} && echo {sha1} {to / name} {check}"], few),
            place.aria2("-x8", "-s8", rounds=few),
            place.peer("rclone copyurl, unchecked", lambda to: ["rclone", "copyurl", "--config", "/dev/null", url, to / name], few),
        ]
        limits = contest(rounds, curl.run, contenders)
        job = f"fetch and verify 1 × {byte_count // MIB:,} MiB, both digests"
        lines.append(row(job, "curl -o", 1.5, limits, contenders))
        both = hashing(byte_count, ("sha1", "sha256")).cpu + statistics.median(limit.cpu for limit in limits)
        peak = max(measure.resident for measure in contenders[0].measures)
        notes.append(
            f"{job}: CPU time {contenders[0].median('cpu') / both:.2f} × that of curl -o and both digests from memory ({duration(both)}), "
            f"at most {peak / MIB:.0f} MiB resident")
    notes.append(on_disk(byte_count, job))
    return lines, notes


def on_disk(byte_count, job):
    """The same once on the file system of temporary files, where zood waits for the disk and curl does not."""
    with Workplace() as workplace:
        place = Fetching(workplace, 1, byte_count, 1)
        url, name = place.urls()[0], place.files[0].name
        plain = place.peer("", lambda to: ["curl", "-s", "-o", to / name, url]).run()
        synced = place.peer("", lambda to: ["bash", "-c", f"curl -s -o {to / name} {url} && sync {to / name}"]).run()
        zood = place.zood(4).run()
        return (f"{job}, on the disk of {workplace.path.parent}, once: zood {duration(zood.seconds)} with its fsync, "
                f"curl -o {duration(plain.seconds)}, with `sync` after it {duration(synced.seconds)}")


def raw_copy(port, files, directory):
    """The limit for many files: their bytes over one kept connection into files, with nothing else done."""
    buffer = bytearray(MIB)
    view = memoryview(buffer)
    with socket.create_connection(("127.0.0.1", port)) as connection:
        for path in files:
            connection.sendall(f"GET /{path.name} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            count = connection.recv_into(buffer)
            head = buffer.index(b"\r\n\r\n", 0, count) + 4
            left = path.stat().st_size - (count - head)
            out = os.open(directory / path.name, os.O_WRONLY | os.O_CREAT)
            os.write(out, view[head:count])
            while left > 0:
                count = connection.recv_into(buffer)
                os.write(out, view[:count])
                left -= count
            os.close(out)


def small(rounds, is_quick):
    count = 50 if is_quick else 200
    with Workplace(MEMORY) as workplace:
        place = Fetching(workplace, count, MIB, 20)
        few = min(rounds, 3)

        def limit():
            directory = place.target.emptied()
            start = time.perf_counter()
            raw_copy(place.server.port, place.files, directory)
            measure = Measure(time.perf_counter() - start)
            place.target.check()
            return measure

        def curl(to):
            lines = [f'url = "{url}"\noutput = "{to / path.name}"' for path, url in zip(place.files, place.urls())]
            sums = place.written("sums", (f"{sha1}  {to / path.name}" for path, sha1 in zip(place.files, place.sha1)))
            return ["bash", "-c", f"curl -s -Z --parallel-max 32 -K {place.written('curl', lines)} && sha1sum -c --status {sums}"]

        contenders = [
            place.zood(8),
            place.one_pass(),
            place.peer("curl -Z, then sha1sum", curl),
            place.aria2("-j8", rounds=few),
        ]
        limits = contest(rounds, limit, contenders)
        job = f"fetch and verify {count} × 1 MiB, both digests"
        return [row(job, "raw copy, one connection", 1.6, limits, contenders)], []
