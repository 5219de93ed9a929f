"""An nginx of our own on loopback: unprivileged port, everything it writes in a workplace, gone with it."""

import os
import pwd
import shutil
import socket

from places import ROOT, Failed, wait_until

# Where scripts/bench unpacks it if the machine has none.
UNPACKED = ROOT / ".cache/nginx/usr/sbin/nginx"
# A small send buffer, so that what the server counts as sent is what went out, to within this.
SEND_BUFFER = "64k"
CONFIGURATION = """
daemon off;
{user}
worker_processes 1;
pid {path}/pid;
error_log {path}/error.log warn;
events {{ worker_connections 512; }}
http {{
    sendfile on;
    tcp_nopush on;
    keepalive_requests 100000;
    default_type application/octet-stream;
    log_format bytes '$uri $status $body_bytes_sent';
    access_log off;
    {temporary}
    server {{
        listen 127.0.0.1:{port};
        root {root};
    }}
    server {{
        listen 127.0.0.1:{shaped} sndbuf={buffer};
        root {root};
        limit_rate {rate};
        access_log {path}/access.log bytes;
    }}
}}
"""


def program():
    found = UNPACKED if UNPACKED.exists() else shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
    if not found:
        raise Failed("there is no nginx; scripts/bench gets one")
    return found


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def accepts(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


class FileServer:
    """Serves `root`. `url` is as fast as it goes; of `shaped_url` each connection is held to `rate` bytes per second, and what was sent is counted."""

    def __init__(self, workplace, rate=8 << 20, root=None, name="nginx"):
        path = workplace.path / name
        self.root = root or path / "files"
        path.mkdir()
        self.root.mkdir(exist_ok=True)
        self.log = path / "access.log"
        port, shaped = free_port(), free_port()
        # As root its workers would be another user, who may not read a temporary directory.
        user = f"user {pwd.getpwuid(0).pw_name};" if os.geteuid() == 0 else ""
        temporary = " ".join(f"{kind}_temp_path {path}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        (path / "nginx.conf").write_text(CONFIGURATION.format(
            user=user, path=path, temporary=temporary, port=port, shaped=shaped, root=self.root, rate=rate, buffer=SEND_BUFFER))
        self.process = workplace.start([program(), "-p", path, "-c", path / "nginx.conf", "-e", path / "error.log"])
        wait_until("nginx listens", lambda: self.process.poll() is not None or (accepts(port) and accepts(shaped)), 10)
        if self.process.poll() is not None:
            raise Failed(f"nginx ended: {(path / 'error.log').read_text()}")
        self.port, self.url, self.shaped_url = port, f"http://127.0.0.1:{port}", f"http://127.0.0.1:{shaped}"

    def sent(self, name):
        """Bytes of bodies sent by the shaped server for this file so far; a connection counts when it has ended."""
        lines = (line.split() for line in self.log.read_text().splitlines())
        return sum(int(count) for uri, _, count in lines if uri == f"/{name}")
