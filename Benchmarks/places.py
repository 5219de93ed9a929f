"""Temporary places, processes that end with us, and a zood on a temporary zoo."""

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROGRAMS = ROOT / ".build-release/release"
# What nothing of a person's environment changes.
ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": "/nonexistent", "LC_ALL": "C.UTF-8"}


class Failed(Exception):
    """A run that gave no figure."""


def wait_until(what, condition, seconds=60, interval=0.02):
    """Polls until `condition()` is true, and gives what it gave."""
    end = time.monotonic() + seconds
    while not (value := condition()):
        if time.monotonic() > end:
            raise Failed(f"waited {seconds} s in vain until {what}")
        time.sleep(interval)
    return value


class Workplace:
    """A temporary directory, and processes; neither outlives the `with` block.

    - parent: where the directory is made; None: where `TMPDIR` says.
    """

    def __init__(self, parent=None):
        self.parent = parent

    def __enter__(self):
        self.path = Path(tempfile.mkdtemp(prefix="zood-bench.", dir=self.parent))
        self.processes = []
        self.nowhere = open(os.devnull, "wb")
        return self

    def __exit__(self, *_):
        # A second Ctrl-C does not stop the cleaning up.
        signals = {number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGINT, signal.SIGTERM)}
        for process in reversed(self.processes):
            self.end(process)
        self.nowhere.close()
        shutil.rmtree(self.path, ignore_errors=True)
        for number, handler in signals.items():
            signal.signal(number, handler)

    def start(self, arguments, environment={}, **options):
        """Starts a process as the leader of a group of its own."""
        process = subprocess.Popen(
            [str(argument) for argument in arguments], env={**ENVIRONMENT, **environment}, cwd=self.path,
            stdin=subprocess.DEVNULL, start_new_session=True, **options)
        self.processes.append(process)
        return process

    def end(self, process):
        """SIGTERM to the whole group, SIGKILL where that does not help."""
        for signal_number, seconds in ((signal.SIGTERM, 5), (signal.SIGKILL, 5)):
            try:
                os.killpg(process.pid, signal_number)
            except ProcessLookupError:
                pass
            try:
                process.wait(seconds)
                break
            except subprocess.TimeoutExpired:
                continue


class Daemon:
    """A zood of the release build, on a zoo of its own in a workplace."""

    def __init__(self, workplace, name, configuration):
        self.workplace = workplace
        self.directory = workplace.path / name
        self.zoo = self.directory / "zoo"
        self.socket = self.directory / "zood.sock"
        self.log = self.directory / "log"
        self.zoo.mkdir(parents=True)
        self.configuration = self.directory / "zood.yaml"
        self.configuration.write_text(f"zoos: [{{ path: {self.zoo} }}]\n{configuration}\n")
        self.process = None

    def start(self, environment={}):
        with open(self.log, "ab") as log:
            self.process = self.workplace.start(
                [PROGRAMS / "zood", "--config", self.configuration, "--state", self.directory / "state", "--socket", self.socket],
                environment, stdout=log, stderr=log)
        wait_until("zood answers", self.answers)

    def stop(self):
        self.workplace.end(self.process)

    def answers(self):
        if self.process.poll() is not None:
            raise Failed(f"zood ended: {self.log.read_text()[-1000:]}")
        try:
            return self.ask("/v1/status?limit=1")
        except OSError:
            return None

    def ask(self, path):
        """A GET on the control socket."""
        connection = http.client.HTTPConnection("zood", timeout=30)
        connection.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.sock.settimeout(30)
        try:
            connection.sock.connect(str(self.socket))
            connection.request("GET", path)
            return json.loads(connection.getresponse().read())
        finally:
            connection.close()

    def model(self, model):
        return next((found for found in self.ask("/v1/status")["models"] if found["id"] == model), None)

    def is_in_sync(self, model):
        found = self.model(model)
        return found if found and found["gist"]["state"] == "inSync" else None

    def add_model(self, model):
        """A directory with a readme and a network."""
        directory = self.zoo / model
        directory.mkdir(parents=True, exist_ok=True)
        (directory / "deploy.prototxt").write_text('name: "bench"\n')
        readme = directory / "readme.md"
        readme.write_text("---\nname: Bench\nlicense: BSD-2-Clause\n---\nA model to measure with.\n")
        return readme

    @property
    def cpu_seconds(self):
        """Its own CPU time so far, and that of its children which have ended."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        own, children = int(fields[11]) + int(fields[12]), int(fields[13]) + int(fields[14])
        return own / os.sysconf("SC_CLK_TCK"), children / os.sysconf("SC_CLK_TCK")

    @property
    def switch_count(self):
        """Context switches of all its threads so far, voluntary and not: each wake-up of a sleeping thread is one."""
        count = 0
        for status in Path(f"/proc/{self.process.pid}/task").glob("*/status"):
            for line in status.read_text().splitlines():
                if "ctxt_switches" in line:
                    count += int(line.split()[1])
        return count

    @property
    def resident_bytes(self):
        """Resident memory now, and the most it ever was."""
        text = Path(f"/proc/{self.process.pid}/status").read_text()
        kib = {line.split(":")[0]: int(line.split()[1]) for line in text.splitlines() if line.startswith("Vm")}
        return kib["VmRSS"] << 10, kib["VmHWM"] << 10
