"""Fetches that are killed: what is sent twice, what stands under the final name meanwhile, and whether what comes out is right."""

import os
import shutil
import signal
import statistics
import subprocess
import time

from contest import MIB, PATIENCE
from fetching import MEMORY
from fileserver import FileServer
from places import Failed, Workplace
from table import Row
from zoo import ZooDaemon, digests, make_file, model_path

KILLS = 5
# Bytes per second of all connections together; seconds from the first byte to a kill.
RATE, BETWEEN = 32 * MIB, 0.3
NAME = "net.caffemodel"
SWAP_SIZE = 32 * MIB


class Peer:
    """A program that is started anew after each kill."""

    def __init__(self, workplace, name, command, connections):
        self.workplace, self.name, self.connections = workplace, name, connections
        self.command = command
        self.directory = workplace.path / "peer"
        self.target = self.directory / NAME

    def begin(self, url, sha1):
        shutil.rmtree(self.directory, ignore_errors=True)
        self.directory.mkdir()
        self.arguments = self.command(url, self.target)
        self.start()

    def start(self):
        nowhere = self.workplace.nowhere
        self.process = self.workplace.start(self.arguments, stdout=nowhere, stderr=nowhere)

    def kill(self):
        if self.process.poll() is not None:
            raise Failed(f"{self.name} had ended before it was killed")
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.workplace.processes.remove(self.process)

    def finish(self):
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            raise Failed(f"{self.name} does not end") from None
        self.workplace.processes.remove(self.process)

    def end(self):
        if self.process.poll() is None:
            self.kill()


class Zood(Peer):
    """A zood that goes on by itself after each kill."""

    def __init__(self, workplace, connections):
        super().__init__(workplace, f"zood, {connections} connection{'s' if connections > 1 else ''}", None, connections)
        self.daemon, self.runs = None, 0

    def begin(self, url, sha1):
        self.runs += 1
        self.daemon = ZooDaemon(self.workplace, f"zood-{self.connections}-{self.runs}", 1, self.connections)
        self.daemon.declare("model", [(NAME, url, sha1)])
        self.target = self.daemon.zoo / "model" / NAME
        self.start()
        self.daemon.wait_for("missing", 1)
        self.job = self.daemon.call("POST", model_path("model", "fetch"))["job"]

    def start(self):
        self.daemon.start()
        self.process = self.daemon.process

    def finish(self):
        report = self.daemon.call("GET", f"/v1/jobs/{self.job}?wait={PATIENCE}s")
        if report["state"] != "done":
            raise Failed(f"zood's job is {report['state']}: {report.get('error')}")

    def end(self):
        if self.daemon:
            self.daemon.remove()
            self.daemon = None


def contenders(workplace):
    def quiet_aria2(url, target):
        return ["aria2c", "-q", "--no-conf", "-x8", "-s8", "-k1M", "-d", target.parent, "-o", target.name, url]

    return [
        Zood(workplace, 1),
        Zood(workplace, 8),
        Peer(workplace, "wget -c", lambda url, target: ["wget", "-q", "-c", "-O", target, url], 1),
        Peer(workplace, "curl -C -", lambda url, target: ["curl", "-s", "-C", "-", "-o", target, url], 1),
        Peer(workplace, "aria2c -x8", quiet_aria2, 8),
    ]


def killed_fetch(contender, server, sha1):
    """One fetch with all its kills. Gives bytes sent / size, and whether anything but the whole file ever had its name."""
    before, size = server.sent(NAME), (server.root / NAME).stat().st_size
    had_half = False
    try:
        contender.begin(f"{server.shaped_url}/{NAME}", sha1)
        for _ in range(KILLS):
            time.sleep(BETWEEN)
            contender.kill()
            had_half |= contender.target.exists() and digests(contender.target)[0] != sha1
            contender.start()
        contender.finish()
        if digests(contender.target)[0] != sha1:
            raise Failed(f"{contender.name} ended with another file than the server's")
    finally:
        contender.end()
    return settled(lambda: server.sent(NAME) - before) / size, had_half


def settled(count):
    """What it is once the server has seen that all connections have ended."""
    last = None
    while (now := count()) != last:
        last = now
        time.sleep(0.2)
    return now


def kills(rounds):
    with Workplace(MEMORY) as workplace:
        servers = {connections: FileServer(workplace, RATE // connections, name=f"nginx-{connections}") for connections in (1, 8)}
        for server in servers.values():
            make_file(server.root / NAME, 64 * MIB)
        sums = {connections: digests(server.root / NAME)[0] for connections, server in servers.items()}
        everybody = contenders(workplace)
        results = {contender.name: [] for contender in everybody}
        for _ in range(rounds):
            for contender in everybody:
                results[contender.name].append(
                    killed_fetch(contender, servers[contender.connections], sums[contender.connections]))
        told = [
            f"{name} {statistics.median(sent for sent, _ in runs):.2f}, half a file {sum(had_half for _, had_half in runs)} of {rounds}"
            for name, runs in results.items()]
        return [Row(
            f"kill -9 {KILLS} times in a fetch of 64 MiB: bytes sent / size", "at most 1.02 on one connection, 1.10 on 8; never half a file",
            "; ".join(told[2:]), "; ".join(told[:2]), "", rounds)], []


def swapped_fetch(contender, server, files):
    """A fetch that is killed, and goes on when the server has another file of the same size. Gives whether one of the two comes out."""
    served = server.root / NAME
    try:
        os.link(files[0], served)
        contender.begin(f"{server.shaped_url}/{NAME}", None)
        time.sleep(BETWEEN)
        contender.kill()
        os.unlink(served)
        os.link(files[1], served)
        contender.start()
        contender.finish()
        return digests(contender.target) in (digests(path) for path in files)
    finally:
        contender.end()
        served.unlink(missing_ok=True)


def swap(rounds):
    with Workplace(MEMORY) as workplace:
        servers = {connections: FileServer(workplace, RATE // connections, name=f"nginx-{connections}") for connections in (1, 8)}
        files = [make_file(workplace.path / f"content-{which}", SWAP_SIZE) for which in (0, 1)]
        # A server tells them apart by their times, as by their ETags, which nginx makes of time and size.
        os.utime(files[0], (1_600_000_000, 1_600_000_000))
        everybody = contenders(workplace)
        right = dict.fromkeys((contender.name for contender in everybody), 0)
        for _ in range(rounds):
            for contender in everybody:
                right[contender.name] += swapped_fetch(contender, servers[contender.connections], files)
        told = [f"{name} right {count} of {rounds}" for name, count in right.items()]
        return [Row(
            "the server swaps the file between kill and resume, no checksum known", f"right {rounds} of {rounds}", "; ".join(told[2:]),
            "; ".join(told[:2]), "", rounds)], []
