"""Fetching over loopback and checking what came: one large file, and many small ones."""

import os
import socket
import statistics
import time

from contest import MIB, Measure, contest, duration, row
from fetching import MEMORY, Fetching
from places import Workplace
from verify import DISK, hashing
from zoo import peaks


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
        notes.append(
            f"{job}: CPU time {contenders[0].median('cpu') / both:.2f} × that of curl -o and both digests from memory ({duration(both)}), "
            f"{peaks(contenders[0].measures)}")
    notes.append(on_disk(byte_count, job))
    return lines, notes


def on_disk(byte_count, job):
    """The same once on a disk, where zood waits for it and curl does not."""
    with Workplace(DISK) as workplace:
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
