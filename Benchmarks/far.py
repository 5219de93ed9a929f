"""Fetching from hosts that are slow for one connection: held to a rate, or a long way off."""

import http.client
import subprocess
import sys
import threading
import time
from pathlib import Path

import relay
from contest import MIB, Measure, contest, duration, row
from fetching import MEMORY, Fetching
from places import Failed, Workplace

CONNECTIONS = 8
RATE = 8 * MIB


def shaped(rounds, is_quick):
    """48 MiB, each connection held to 8 MiB/s."""
    byte_count = (16 if is_quick else 48) * MIB
    with Workplace(MEMORY) as workplace:
        place = Fetching(workplace, 1, byte_count, 1)
        urls = [f"{place.server.shaped_url}/{path.name}" for path in place.files]
        contenders = [
            place.zood(1, CONNECTIONS, urls),
            place.aria2("-x8", "-s8", "-k1M", urls=urls),
            # All tools of one stream take the same; one of them, once, tells it.
            place.peer("wget, one connection", lambda to: ["wget", "-q", "-O", to / place.files[0].name, urls[0]], 1),
        ]
        limits = contest(rounds, byte_count / CONNECTIONS / RATE, contenders)
        job = f"fetch {byte_count // MIB} MiB, each connection held to 8 MiB/s"
        return [row(job, f"size / {CONNECTIONS} connections", 0.98, limits, contenders)], []


class Relay:
    """`relay.py` as a process of its own, so that nothing here holds it up."""

    def __init__(self, workplace, port):
        process = workplace.start([sys.executable, Path(relay.__file__), port], stdout=subprocess.PIPE)
        self.port = int(process.stdout.readline() or 0)
        if not self.port:
            raise Failed("the relay did not start")
        self.url = f"http://127.0.0.1:{self.port}"


def ideal(port, ranges):
    """Fetches (name, first byte, byte count) each over connections that are all opened at once, and keeps nothing of it."""
    waiting = list(reversed(ranges))
    lock = threading.Lock()
    failures = []

    def work():
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
            while True:
                with lock:
                    if not waiting:
                        break
                    name, first, count = waiting.pop()
                connection.request("GET", f"/{name}", headers={"Range": f"bytes={first}-{first + count - 1}"})
                if len(connection.getresponse().read()) != count:
                    raise Failed(f"{name} was not served whole")
            connection.close()
        except Exception as failure:
            failures.append(failure)

    start = time.perf_counter()
    threads = [threading.Thread(target=work) for _ in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise Failed(f"the measured limit: {failures[0]}")
    return Measure(time.perf_counter() - start)


def distant(rounds, count, byte_count, parallel, allowed, *options):
    with Workplace(MEMORY) as workplace:
        place = Fetching(workplace, count, byte_count, 10)
        far = Relay(workplace, place.server.port)
        urls = [f"{far.url}/{path.name}" for path in place.files]
        pieces = CONNECTIONS if count == 1 else 1
        part = byte_count // pieces
        ranges = [(path.name, piece * part, part) for path in place.files for piece in range(pieces)]
        contenders = [
            place.zood(parallel, CONNECTIONS, urls),
            place.aria2(*options, urls=urls),
            place.one_pass(urls),
        ]
        contenders[-1].name = "python, one connection"
        contenders[-1].rounds = 1
        limits = contest(rounds, lambda: ideal(far.port, ranges), contenders)
        model = relay.stream_seconds([part] * len(ranges), CONNECTIONS)
        what = f"{byte_count // MIB} MiB" if count == 1 else f"{count} × {byte_count // MIB} MiB"
        job = f"fetch {what} from {relay.ROUND_TRIP * 1000:.0f} ms away"
        return (row(job, f"{CONNECTIONS} connections at once", allowed, limits, contenders),
                f"{job}: the model of the path allows {duration(model)} at best")


def run(rounds, is_quick):
    large = distant(rounds, 1, (16 if is_quick else 48) * MIB, 1, 1.8, "-x8", "-s8", "-k1M")
    many = distant(rounds, 16 if is_quick else 50, MIB, CONNECTIONS, 1.6, "-j8")
    return [large[0], many[0]], [large[1], many[1]]
