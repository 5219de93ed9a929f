"""What a zood with many models does while nothing happens: nothing."""

import shutil
import socket
import time
from pathlib import Path

from places import Daemon, Failed, Workplace, wait_until
from table import Row

STRETCH = 60
# Threads without work go after seconds, and the control server looks once more after a connection 30 s after the last request.
CALM = 35
# As in packaging/systemd/zood.service.
WATCHDOG_SECONDS = 60
LIMIT = Path("/proc/sys/fs/inotify/max_user_watches")
MIB = 1 << 20


class Watchdog:
    """systemd's end of the watchdog: a socket that zood's signs of life arrive at."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(str(path))
        self.socket.setblocking(False)
        self.environment = {"NOTIFY_SOCKET": str(path), "WATCHDOG_USEC": str(WATCHDOG_SECONDS * 1_000_000)}

    def count(self):
        """How many signs of life came since the last call."""
        count = 0
        while True:
            try:
                count += self.socket.recv(4096).count(b"WATCHDOG=1")
            except BlockingIOError:
                return count


def make_zoo(daemon, count):
    """So many models in groups of a hundred, each with a readme of its own."""
    readme = daemon.add_model("0/0")
    for number in range(1, count):
        directory = daemon.zoo / str(number // 100) / str(number % 100)
        directory.mkdir(parents=True)
        shutil.copyfile(readme, directory / "readme.md")


def watch_limit(count):
    """The watches that one user may have. They are not raised: what the machine allows is what zood meets."""
    limit = int(LIMIT.read_text())
    if limit < count + count // 100 + 1:
        raise Failed(f"{LIMIT} is {limit}, too few for {count} directories: sysctl fs.inotify.max_user_watches={2 * count}")


def stretch(daemon, watchdog):
    """One stretch of doing nothing: context switches, CPU seconds, signs of life."""
    if watchdog:
        watchdog.count()
    switches, cpu = daemon.switch_count, sum(daemon.cpu_seconds)
    time.sleep(STRETCH)
    return daemon.switch_count - switches, sum(daemon.cpu_seconds) - cpu, watchdog.count() if watchdog else 0


def scan(daemon, count, environment={}):
    """Starts zood; gives the seconds until all models have been looked at."""
    start = time.monotonic()
    daemon.start(environment)
    wait_until(f"{count} models are known", lambda: daemon.ask("/v1/status?limit=1")["summary"]["models"] == count, 300, 0.1)
    return time.monotonic() - start


def run(count):
    watch_limit(count)
    with Workplace() as workplace:
        daemon = Daemon(workplace, "zood", "gists: { create: manual }")
        make_zoo(daemon, count)
        rows, notes = [], []
        watchdog = Watchdog(workplace.path / "notify")
        for name, environment, kept in (("no watchdog", {}, None), ("watchdog of the unit", watchdog.environment, watchdog)):
            seconds = scan(daemon, count, environment)
            cpu = sum(daemon.cpu_seconds)
            notes.append(f"first scan of {count:,} models: {seconds:.1f} s, {cpu:.1f} s of CPU time, at most {daemon.resident_bytes[1] / MIB:.0f} MiB")
            time.sleep(CALM)
            switches, busy, signs = stretch(daemon, kept)
            rows.append(Row(
                f"{count:,} directories at rest for {STRETCH} s, {name}", "0 ms of CPU time, no wake-up but the watchdog's", "",
                f"{busy * 1000:.0f} ms of CPU time, {switches} context switches" + (f" for {signs} signs of life" if kept else ""), "", 1))
            notes.append(f"{daemon.resident_bytes[0] / MIB:.0f} MiB resident at rest, {name}")
            daemon.stop()
        return rows, notes
