"""Reading binaries again and checking their digests: few large ones and many small ones, from memory and from the disk."""

import hashlib
import os
import threading
import time

from contest import MIB, PATIENCE, Contender, Measure, contest, duration, row, size, timed
from fileserver import FileServer
from places import Workplace, wait_until
from zoo import ZooDaemon, digests, make_file, peaks

CORES = os.cpu_count()
# Temporary files on a disk, also where /tmp is memory.
DISK = "/var/tmp"
# One hash a process, in a pool as large as the machine: what a person writes in Python.
POOL = """
import hashlib, multiprocessing, os, sys
def digest(path):
    with open(path, 'rb') as file:
        return hashlib.file_digest(file, 'sha256').hexdigest()
if __name__ == '__main__':
    wanted = dict(reversed(line.split(None, 1)) for line in open(sys.argv[1]).read().splitlines())
    with multiprocessing.Pool(os.cpu_count()) as pool:
        found = pool.map(digest, wanted, max(1, len(wanted) // os.cpu_count() // 8))
    sys.exit(list(wanted.values()) != found)
"""


def on_all_cores(work):
    """Runs `work(core)` on a thread a processor; Python's lock is free while OpenSSL hashes and the kernel reads."""
    cpu, start = time.process_time(), time.perf_counter()
    threads = [threading.Thread(target=work, args=(core,)) for core in range(CORES)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Measure(time.perf_counter() - start, time.process_time() - cpu)


def hashing(byte_count, names=("sha256",)):
    """The limit of a warm reading: OpenSSL from memory, so many bytes spread over all processors."""
    block = os.urandom(MIB)

    def work(_):
        for name in names:
            digest = hashlib.new(name)
            for _ in range(byte_count // CORES // MIB):
                digest.update(block)

    return on_all_cores(work)


def raw_reads(files):
    """The limit of a cold reading: all bytes once, nothing done with them."""
    def work(core):
        buffer = bytearray(MIB)
        for path in files[core::CORES]:
            with open(path, "rb", buffering=0) as file:
                while file.readinto(buffer):
                    pass

    return on_all_cores(work)


def drop(files):
    """Takes the files out of the page cache, as the kernel does when it needs the room; needs no rights."""
    for path in files:
        with open(path, "rb") as file:
            os.fsync(file.fileno())
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def verify(models, per_model, byte_count, is_cold, rounds, allowed):
    """A contest of models × per_model files of so many bytes each."""
    with Workplace(DISK) as workplace:
        daemon = ZooDaemon(workplace, "zood")
        files, sums = [], []
        for number in range(models):
            binaries = []
            for which in range(per_model):
                name = f"net-{which}.caffemodel"
                path = make_file(daemon.zoo / f"model-{number}" / name, byte_count)
                sha1, sha256 = digests(path)
                files.append(path)
                sums.append(f"{sha256}  {path}")
                binaries.append((name, f"http://127.0.0.1:9/{name}", sha1))
            daemon.declare(f"model-{number}", binaries)
        lists = write_lists(workplace, files, sums, FileServer(workplace, root=daemon.zoo).url)
        # The first reading computes both digests; what is measured are those after it.
        daemon.start()
        wait_until("all models are known", lambda: len(daemon.states()) == len(files), PATIENCE, 0.2)
        daemon.jobs(["/v1/verify"])
        daemon.wait_for("verified", len(files))
        total = len(files) * byte_count
        drop(files)
        raw_reads(files)
        # aria2c puts what it has checked out of the page cache, whoever comes next.
        before = (lambda: drop(files)) if is_cold else (lambda: raw_reads(files))

        def zood():
            daemon.rest()
            before()
            return daemon.jobs(["/v1/verify"])

        def peer(name, *arguments, rounds=1000):
            def run():
                before()
                return timed(workplace, arguments, stdout=lists["null"], stderr=lists["null"])

            return Contender(name, run, rounds)

        def limit():
            before()
            return raw_reads(files) if is_cold else hashing(total)

        half = -(-len(files) // CORES)
        few = min(rounds, 3)
        contenders = [
            Contender("zood", zood),
            peer(f"openssl dgst on {CORES} processors", "xargs", "-a", lists["paths"], "-P", CORES, "-n", half, "openssl", "dgst", "-sha256"),
            peer("python pool", "python3", "-c", POOL, lists["sums"]),
        ]
        if not is_cold:
            contenders += [
                peer("sha256sum -c", "sha256sum", "-c", "--status", lists["sums"], rounds=few),
                peer("hashdeep", "hashdeep", "-a", "-k", lists["hashdeep"], "-c", "sha256", f"-j{CORES}", "-f", lists["paths"], rounds=few),
                peer("aria2c --check-integrity", "aria2c", "-q", "--no-conf", f"-j{CORES}", "--check-integrity=true", "--hash-check-only=true",
                     "-i", lists["aria2"], rounds=few),
            ]
        limits = contest(rounds, limit, contenders)
        cpu = contenders[0].median("cpu")
        hash_cpu = hashing(total).cpu
        job = f"verify {len(files):,} × {size(byte_count)} again, {'from the disk' if is_cold else 'from the page cache'}"
        line = row(job, "raw reads" if is_cold else "OpenSSL SHA-256 from memory", allowed, limits, contenders)
        return line, f"{job}: CPU time {cpu / hash_cpu:.2f} × that of the hashing ({duration(hash_cpu)}), {peaks(contenders[0].measures)}"


def write_lists(workplace, files, sums, url):
    """The same files as each peer wants to be told of them."""
    lists = {name: workplace.path / f"list.{name}" for name in ("paths", "sums", "hashdeep", "aria2")}
    lists["paths"].write_text("".join(f"{path}\n" for path in files))
    lists["sums"].write_text("".join(f"{line}\n" for line in sums))
    known = [(path.stat().st_size, line.split()[0], path) for path, line in zip(files, sums)]
    head = "%%%% HASHDEEP-1.0\n%%%% size,sha256,filename\n"
    lists["hashdeep"].write_text(head + "".join(f"{count},{digest},{path}\n" for count, digest, path in known))
    # It asks the server for the length first.
    lists["aria2"].write_text("".join(
        f"{url}/{path.parent.name}/{path.name}\n dir={path.parent}\n out={path.name}\n checksum=sha-256={digest}\n" for _, digest, path in known))
    lists["null"] = workplace.nowhere
    return lists


def large(rounds, is_quick, is_cold=False):
    byte_count = (64 if is_quick else 512) * MIB
    line, note = verify(4, 1, byte_count, is_cold, rounds, 1.3 if is_cold else 1.25)
    return [line], [note]


def small(rounds, is_quick):
    models, per_model = (5, 100) if is_quick else (20, 100)
    results = [verify(models, per_model, MIB // 4, is_cold, rounds, allowed) for is_cold, allowed in ((False, 2.0), (True, 1.2))]
    return [line for line, _ in results], [note for _, note in results]
