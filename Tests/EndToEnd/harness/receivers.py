"""Receivers of deliveries: real programs where there are some, and small ones built on others' libraries.

What needs packages of PyPI runs as `receiver_programs.py` in a virtual environment of its own
(PONOR_VENVS, default .build/venvs), made once.
"""

import json
import os
import socket
import ssl
import subprocess
import threading
import time
import venv
from pathlib import Path

from . import environment
from .processes import Daemon, run_checked

PROGRAMS = Path(__file__).with_name("receiver_programs.py")
REQUIREMENTS = ["standardwebhooks==1.1.0", "aiosmtpd==1.4.6", "taxii2-client==2.3.0", "mmdb_writer==0.2.7",
                "nats-py==2.16.0"]
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
OLD_SECRET = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"


def python() -> Path:
    """The interpreter that has the packages."""
    home = Path(os.environ.get("PONOR_VENVS") or environment.REPOSITORY / ".build/venvs") / "delivery"
    stamp = home / "ponor-requirements"
    if not stamp.exists() or stamp.read_text() != "\n".join(REQUIREMENTS):
        venv.create(home, with_pip=True, clear=True)
        subprocess.run([home / "bin/python", "-m", "pip", "install", "-q", "--disable-pip-version-check",
                        *REQUIREMENTS], check=True)
        stamp.write_text("\n".join(REQUIREMENTS))
    return home / "bin/python"


def program(*arguments, seconds: float = 60) -> str:
    """Run one of the programs to its end; its output."""
    return run_checked([python(), PROGRAMS, *arguments], seconds)


def lines(path: Path) -> list[dict]:
    """The JSON lines of a file that is still written: a half one at the end is left out."""
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text().split("\n")[:-1]]


def listens(port: int, kind: int = socket.SOCK_STREAM) -> bool:
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.settimeout(1)
        return probe.connect_ex((environment.LOOPBACK, port)) == 0


class Receiver:
    """A receiver in its own process, with the folder it writes to."""

    def __init__(self, name: str, folder: Path, command: list, port: int):
        self.port, self.folder = port, folder
        folder.mkdir(parents=True, exist_ok=True)
        self.daemon = Daemon(name, command, folder / f"{name}.log")

    def start(self) -> "Receiver":
        self.daemon.start()
        self.daemon.wait_until(lambda: listens(self.port), 20, "port")
        return self

    def stop(self) -> None:
        if self.daemon.running:
            self.daemon.kill()


class Webhook(Receiver):
    """An HTTP server that checks signatures with the standardwebhooks library and answers as told."""

    def __init__(self, folder: Path, port: int | None = None, secret: str = SECRET):
        self.behaviour, self.taken_file, self.seen_file = (
            folder / "behaviour", folder / "taken.jsonl", folder / "seen.jsonl")
        port = port or environment.free_port()
        super().__init__("webhook", folder,
                         [python(), PROGRAMS, "webhook", str(port), str(folder), secret], port)
        self.behave("ok")

    def behave(self, how: str) -> None:
        """`ok`, a status such as `503` or `429:2` (Retry-After), `garbage`, `hang`, `slow:0.1`, `close`."""
        self.behaviour.write_text(how)

    @property
    def taken(self) -> list[dict]:
        """Messages answered with 204."""
        return lines(self.taken_file)

    @property
    def seen(self) -> list[dict]:
        """All requests."""
        return lines(self.seen_file)


class Mail(Receiver):
    """An SMTP server of aiosmtpd; mails are files.

    With a certificate it offers STARTTLS, or begins with TLS when `implicit`; a login it takes in any case, so that
    a password sent in the clear would be seen.
    """

    def __init__(self, folder: Path, certificate: tuple[Path, Path] | None = None, implicit: bool = False):
        port = environment.free_port()
        files = [str(file) for file in certificate or ()]
        super().__init__("smtp", folder, [python(), PROGRAMS, "smtp", str(port), str(folder), *files,
                                          *(["implicit"] if implicit else [])], port)

    @property
    def mails(self) -> list[Path]:
        return sorted(self.folder.glob("*.eml"))

    @property
    def commands(self) -> list[dict]:
        """What was said beside greetings: the command, what came with it, and whether it was encrypted."""
        return lines(self.folder / "commands.jsonl")


class Redis(Receiver):
    def __init__(self, folder: Path, password: str | None = None):
        self.password = password
        port = environment.free_port()
        extra = ["--requirepass", password] if password else []
        super().__init__("redis", folder,
                         ["redis-server", "--port", str(port), "--bind", environment.LOOPBACK, "--dir", str(folder),
                          "--save", "", "--appendonly", "yes", "--appendfsync", "always", *extra], port)

    def command(self, *words: str) -> str:
        key = ["-a", self.password, "--no-auth-warning"] if self.password else []
        return run_checked(["redis-cli", "-p", str(self.port), *key, *words], 20)


class NATS(Receiver):
    """A NATS server with JetStream; with a certificate it speaks TLS only."""

    def __init__(self, folder: Path, certificate: tuple[Path, Path] | None = None):
        port = environment.free_port()
        self.trusted = [str(certificate[0])] if certificate else []
        tls = ["--tls", "--tlscert", certificate[0], "--tlskey", certificate[1]] if certificate else []
        super().__init__("nats", folder, ["nats-server", "-js", "-sd", str(folder / "store"), "-a",
                                          environment.LOOPBACK, "-p", str(port), *tls], port)

    def make_stream(self, subject: str) -> None:
        program("nats-make", str(self.port), subject, *self.trusted)

    def messages(self, subject: str) -> list[dict]:
        return [json.loads(line)
                for line in program("nats-read", str(self.port), subject, *self.trusted).splitlines()]


class Rsyslog(Receiver):
    """rsyslogd that writes what it reads as JSON, from TCP (octet-counted or not) and UDP."""

    def __init__(self, folder: Path):
        port = environment.free_port()
        folder.mkdir(parents=True, exist_ok=True)
        self.output = folder / "messages"
        config = folder / "rsyslog.conf"
        config.write_text(f'''
global(workDirectory="{folder}" maxMessageSize="64k")
module(load="imtcp") module(load="imudp")
input(type="imtcp" address="{environment.LOOPBACK}" port="{port}" ruleset="all")
input(type="imudp" address="{environment.LOOPBACK}" port="{port}" ruleset="all")
template(name="json" type="list" option.jsonf="on") {{
  property(outname="host" name="hostname" format="jsonf") property(outname="app" name="app-name" format="jsonf")
  property(outname="time" name="timereported" dateFormat="rfc3339" format="jsonf")
  property(outname="msgid" name="msgid" format="jsonf") property(outname="sd" name="structured-data" format="jsonf")
  property(outname="pri" name="pri" format="jsonf") property(outname="msg" name="msg" format="jsonf")
}}
ruleset(name="all") {{ action(type="omfile" file="{self.output}" template="json") }}
''')
        super().__init__("rsyslogd", folder,
                         ["/usr/sbin/rsyslogd", "-n", "-f", str(config), "-i", str(folder / "rsyslogd.pid")], port)

    @property
    def messages(self) -> list[dict]:
        return lines(self.output)


class TLSFrames(threading.Thread):
    """Reads octet-counted frames over TLS (RFC 5425) in this process."""

    def __init__(self, certificate: Path, key: Path):
        super().__init__(daemon=True)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        self.listener = socket.create_server((environment.LOOPBACK, 0))
        self.port = self.listener.getsockname()[1]
        self.context, self.frames, self.closed = context, [], False
        self.start()

    def run(self) -> None:
        while not self.closed:
            try:
                connection, _ = self.listener.accept()
                with self.context.wrap_socket(connection, server_side=True) as stream:
                    self.read(stream.makefile("rb"))
            except OSError:
                time.sleep(0.05)

    def read(self, stream) -> None:
        while True:
            digits = b""
            while not digits.endswith(b" "):
                octet = stream.read(1)
                if not octet:
                    return
                digits += octet
            self.frames.append(stream.read(int(digits)))

    def stop(self) -> None:
        self.closed = True
        self.listener.close()


def certificate(folder: Path, names: str = f"DNS:localhost,IP:{environment.LOOPBACK}",
                file: str = "tls") -> tuple[Path, Path]:
    """A certificate that vouches for itself, by default for the loopback address, and its key."""
    certificate, key = folder / f"{file}.pem", folder / f"{file}.key"
    run_checked(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/O=Receiver",
                 "-addext", f"subjectAltName={names}", "-keyout", key, "-out", certificate])
    return certificate, key
