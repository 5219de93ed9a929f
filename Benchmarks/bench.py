"""Runs the benchmarks and prints their table; `--write` also puts it into docs/performance.md.

Never a test: a figure over its limit is shown as it is. The exit status is 1 only when a run gave no figure.
"""

import argparse
import datetime
import os
import signal
import subprocess
import sys

import far
import fetch
import idle
import kills
import reaction
import status
import verify
from places import ROOT
from table import markdown

DOCUMENT = ROOT / "docs/performance.md"
BEGIN, END = "<!-- begin of what `make bench` writes -->", "<!-- end of what `make bench` writes -->"

JOBS = {
    "local": lambda options: reaction.local(options.trials),
    "github": lambda options: reaction.github(options.trials),
    "idle": lambda options: idle.run(options.directories),
    "status": lambda options: status.run(options.runs),
    "verify": lambda options: verify.large(options.rounds, options.quick),
    "verify-cold": lambda options: verify.large(options.rounds, options.quick, is_cold=True),
    "verify-small": lambda options: verify.small(options.rounds, options.quick),
    "fetch": lambda options: fetch.large(options.rounds, options.quick),
    "fetch-small": lambda options: fetch.small(options.rounds, options.quick),
    "fetch-shaped": lambda options: far.shaped(options.rounds, options.quick),
    "fetch-far": lambda options: far.run(options.rounds, options.quick),
    "kills": lambda options: kills.kills(options.rounds),
    "swap": lambda options: kills.swap(options.rounds),
}


def machine():
    """What the figures depend on, in general words."""
    cpus = os.cpu_count()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / (1 << 30)
    virtual = subprocess.run(["systemd-detect-virt", "--quiet"]).returncode == 0
    kernel = ".".join(os.uname().release.split(".")[:2])
    return f"{'Virtual machine' if virtual else 'Machine'} with {cpus} processors and {memory:.0f} GiB, Linux {kernel}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("jobs", nargs="*", metavar="JOB", help=f"{', '.join(JOBS)}; none: all of them")
    parser.add_argument("--trials", type=int, help="saves to react to (default 100)")
    parser.add_argument("--directories", type=int, help="models at rest (default 10000)")
    parser.add_argument("--runs", type=int, help="runs of zooctl status (default 101)")
    parser.add_argument("--rounds", type=int, help="rounds of a contest (default 5)")
    parser.add_argument("--quick", action="store_true", help="smaller files and fewer rounds: for a look, not for the table")
    parser.add_argument("--write", action="store_true", help=f"write the table into {DOCUMENT.relative_to(ROOT)}")
    options = parser.parse_args()
    quick = options.quick
    for name, full, short in (("trials", 100, 10), ("directories", 10_000, 1000), ("runs", 101, 21), ("rounds", 5, 2)):
        if getattr(options, name) is None:
            setattr(options, name, short if quick else full)
    if unknown := set(options.jobs) - set(JOBS):
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))}")
    if options.write and (options.jobs or quick):
        parser.error("the table is written whole: --write goes with no names of benchmarks and without --quick")
    # Ctrl-C and SIGTERM leave by the `with` blocks, which end all processes and remove all files.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))

    load = os.getloadavg()[0]
    rows, notes, failures = [], [], []
    for name in options.jobs or JOBS:
        print(f"bench: {name} ...", file=sys.stderr, flush=True)
        try:
            new_rows, new_notes = JOBS[name](options)
        except Exception as error:
            # Whatever it is, the other benchmarks have their figures.
            failures.append(f"{name}: {type(error).__name__}: {error}")
            print(f"bench: {failures[-1]}", file=sys.stderr, flush=True)
            continue
        rows += new_rows
        notes += new_notes
        print("\n".join([markdown(new_rows), *(f"- {note}" for note in new_notes)]), file=sys.stderr, flush=True)
    about = f"{machine()}, load {load:.1f} at the start, {datetime.date.today()}; medians."
    notes += [f"no figure of {failure}" for failure in failures]
    text = "\n".join([about, "", markdown(rows), "", *(f"- {note}" for note in notes)])
    print(text)
    if options.write:
        document = DOCUMENT.read_text(encoding="utf-8")
        before, _, rest = document.partition(BEGIN)
        _, _, after = rest.partition(END)
        DOCUMENT.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}", encoding="utf-8")
    return 1 if failures else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
