"""Contests: everybody does the same job in turn, round after round, and is measured against the limit of the same round."""

import os
import select
import signal
import statistics
import sys
import time
from dataclasses import dataclass, field

from places import Failed
from table import Row

# No run of any job takes longer; what does is ended and gives no figure. In seconds.
PATIENCE = 180
MIB = 1 << 20


@dataclass
class Measure:
    """What one run took."""

    seconds: float
    cpu: float = 0.0
    """CPU seconds, of children too."""
    resident: int = 0
    """The most memory that was resident, in bytes; 0: not measured."""
    own: int = 0
    """The same without what is mapped from files: pages of a program and its libraries, which the kernel shares and can drop."""


@dataclass
class Contender:
    """Somebody who does the job. `run()` prepares, does and checks it, and gives the Measure of the doing alone."""

    name: str
    run: object
    rounds: int = 1000
    """Takes part in so many rounds: who takes many times the limit tells the same in few."""
    measures: list = field(default_factory=list)
    ratios: list = field(default_factory=list)

    @property
    def ratio(self):
        """Median of time / limit, each with the limit of its round."""
        return statistics.median(self.ratios)

    def median(self, what):
        return statistics.median(getattr(measure, what) for measure in self.measures)


def timed(workplace, arguments, accepted=(0,), seconds=PATIENCE, **options):
    """A process from its start to its end. CPU time includes that of its children."""
    start = time.perf_counter()
    process = workplace.start(arguments, **options)
    watch = os.pidfd_open(process.pid)
    try:
        poll = select.poll()
        poll.register(watch, select.POLLIN)
        if not poll.poll(seconds * 1000):
            os.killpg(process.pid, signal.SIGKILL)
        _, status, usage = os.wait4(process.pid, 0)
        elapsed = time.perf_counter() - start
    finally:
        os.close(watch)
    process.returncode = os.waitstatus_to_exitcode(status)
    workplace.processes.remove(process)
    if process.returncode not in accepted:
        raise Failed(f"{os.path.basename(str(arguments[0]))} ended with {process.returncode} after {elapsed:.1f} s")
    return Measure(elapsed, usage.ru_utime + usage.ru_stime, usage.ru_maxrss << 10)


def contest(rounds, limit, contenders):
    """Lets all run in each round, the limit first, the others in an order that moves on by one.

    - limit: gives the Measure of the least that the job can take; or the seconds, where they are known.
    - Returns: the limits of all rounds. A contender that fails is out of the contest, unless it is the first, which is zood.
    """
    limits = []
    for number in range(rounds):
        best = limit() if callable(limit) else Measure(limit)
        limits.append(best)
        standing = [contender for contender in contenders if number < contender.rounds]
        turn = number % len(standing)
        for contender in standing[turn:] + standing[:turn]:
            try:
                measure = contender.run()
            except Failed as failure:
                if contender is contenders[0]:
                    raise
                print(f"bench: {contender.name} is left out: {failure}", file=sys.stderr)
                contender.rounds = 0
                continue
            contender.measures.append(measure)
            contender.ratios.append(measure.seconds / best.seconds)
    return limits


def row(job, limit_name, allowed, limits, contenders, extra=""):
    """A line of the table: × is time / limit, the ratio at its end that of zood to the best peer."""
    zood, *peers = contenders
    peers = sorted((peer for peer in peers if peer.ratios), key=lambda peer: peer.ratio)
    seconds = statistics.median(limit.seconds for limit in limits)
    return Row(
        job, f"{limit_name}: {duration(seconds)}; at most {allowed:.2f} ×", ", ".join(f"{peer.name} {peer.ratio:.2f} ×" for peer in peers),
        f"{zood.ratio:.2f} ×{extra}", f"{zood.ratio / peers[0].ratio:.2f}" if peers else "", len(zood.ratios))


def duration(seconds):
    return f"{seconds:.2f} s" if seconds >= 1 else f"{seconds * 1000:.0f} ms"


def size(byte_count):
    return f"{byte_count // MIB:,} MiB" if byte_count >= MIB else f"{byte_count >> 10:,} KiB"
