"""`zooctl status` as a whole process, from its start to its end."""

import os
import statistics
import time

from places import ENVIRONMENT, PROGRAMS, Daemon, Failed, Workplace, wait_until
from table import Row, milliseconds

LIMIT = 0.006
MODELS = 3


def timed(program, arguments, output):
    """Seconds from the start of a program to its end."""
    start = time.perf_counter()
    process = os.posix_spawn(
        program, [program, *arguments], ENVIRONMENT, file_actions=[(os.POSIX_SPAWN_DUP2, output, 1)])
    _, status = os.waitpid(process, 0)
    seconds = time.perf_counter() - start
    if status != 0:
        raise Failed(f"{program} ended with {os.waitstatus_to_exitcode(status)}")
    return seconds


def run(count):
    with Workplace() as workplace, open(os.devnull, "wb") as nowhere:
        daemon = Daemon(workplace, "zood", "gists: { create: manual }")
        for number in range(MODELS):
            daemon.add_model(f"model-{number}")
        daemon.start()
        wait_until("all models are known", lambda: daemon.ask("/v1/status")["summary"]["models"] == MODELS)
        output, socket = nowhere.fileno(), str(daemon.socket)
        zooctl, curl = [], []
        for _ in range(count):
            zooctl.append(timed(str(PROGRAMS / "zooctl"), ["status", "--socket", socket], output))
            curl.append(timed("/usr/bin/curl", ["-s", "--unix-socket", socket, "http://zood/v1/status"], output))
        own, peer = statistics.median(zooctl), statistics.median(curl)
        row = Row(
            f"zooctl status, {MODELS} models, whole process", milliseconds(LIMIT), f"curl: {milliseconds(peer)}",
            milliseconds(own), f"{own / peer:.2f}", count)
        return [row], []
