"""A loopback GitHub as a process of its own, as any client would meet it."""

import atexit
import selectors
import signal
import subprocess
from pathlib import Path

HOSTS = Path(__file__).resolve().parents[2] / ".build/debug/loopback-hosts"
VERSIONS = ("2022-11-28", "2026-03-10")
LOGIN = "alice"
TOKEN = "ghp_" + "a" * 36

# The time limit of scripts/test-clients ends us as Ctrl-C does, and no server is left behind.
signal.signal(signal.SIGTERM, signal.default_int_handler)


class LoopbackGitHub:
    """Runs from construction until `stop`. Options go to `loopback-hosts github`."""

    def __init__(self, *options):
        command = [HOSTS, "github", "--login", LOGIN, "--token", TOKEN, *options]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        atexit.register(self.stop)
        with selectors.DefaultSelector() as selector:
            selector.register(self.process.stdout, selectors.EVENT_READ)
            self.api_url = self.process.stdout.readline().strip() if selector.select(timeout=30) else ""
        if not self.api_url:
            self.stop()
            raise RuntimeError(f"{HOSTS} did not say within 30 s where it listens")

    def stop(self):
        atexit.unregister(self.stop)
        self.process.terminate()
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()


class ServedByLoopbackGitHub:
    """For a TestCase: one loopback GitHub per class, and more of them per test."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        github = LoopbackGitHub()
        cls.addClassCleanup(github.stop)
        cls.api_url = github.api_url

    def another(self, *options):
        """The address of a loopback GitHub that ends with the test."""
        github = LoopbackGitHub(*options)
        self.addCleanup(github.stop)
        return github.api_url
