"""The binary under test: its configuration, its life and its command line."""

import json
import signal
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

from . import environment
from .client import Client, query
from .processes import Daemon, run

SINKHOLE_IPV4 = "192.0.2.53"
SINKHOLE_IPV6 = "2001:db8::53"
SINKHOLE_TTL = 60

BASE = {
    "resolution": {"mode": "none"},
    "access": {"recursion": ["127.0.0.0/8", "::1/128"]},
    "sinkhole": {"ipv4": [SINKHOLE_IPV4], "ipv6": [SINKHOLE_IPV6], "ttl": SINKHOLE_TTL},
    "models": {"families": []},
    "http": {"listen": "off"},
}


def merged(base: dict, changes: dict) -> dict:
    """`base` with `changes` laid over it, section by section."""
    result = dict(base)
    for key, value in changes.items():
        both = isinstance(value, dict) and isinstance(result.get(key), dict)
        result[key] = merged(result[key], value) if both else value
    return result


class Ponor:
    """One Ponor instance with its own folder, port and configuration file."""

    def __init__(self, folder: Path, config: dict | None = None, *, address: str = environment.LOOPBACK,
                 port: int | None = None, prefix: Sequence[str] = (), client: Client | None = None):
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.address, self.port = address, port or environment.free_port()
        self.prefix = list(prefix)
        self.client = client or Client(self.port, address)
        self.config_file = folder / "ponor.yaml"
        self.daemon: Daemon | None = None
        self.config: dict = {}
        self.configure(config or {})

    def configure(self, changes: dict) -> None:
        """Write the configuration: the base, the given changes and this instance's places."""
        places = {"server": {"listen": [f"{self.address}:{self.port}"], "workers": 1},
                  "data_dir": str(self.folder / "var")}
        self.config = merged(merged(BASE, places), changes)
        self.config_file.write_text(json.dumps(self.config, indent=1))  # JSON is YAML

    @property
    def data_dir(self) -> Path:
        return Path(self.config["data_dir"])

    @property
    def log(self) -> str:
        file = self.folder / "ponor.log"
        return file.read_text(errors="replace") if file.exists() else ""

    # Life

    def spawn(self) -> "Ponor":
        """Start without waiting for anything."""
        self.daemon = Daemon("ponor", [*self.prefix, environment.PONOR, "serve",
                                       "--config", self.config_file], self.folder / "ponor.log")
        self.daemon.start()
        return self

    def start(self, seconds: float = 30) -> "Ponor":
        """Start and wait for the first answer of any kind."""
        self.spawn()
        self.daemon.wait_until(self.answers, seconds, "answer")
        return self

    def answers(self) -> bool:
        """Whether the server answers a query now."""
        return self.client.udp(query("version.bind", "TXT", qclass="CH"), 0.3) is not None

    def stop(self) -> int | None:
        """Graceful stop; the exit status."""
        return self.daemon.stop() if self.daemon else None

    def kill(self) -> None:
        """kill -9."""
        self.daemon.kill()

    def hang_up(self) -> None:
        """SIGHUP: read the configuration again."""
        self.daemon.signal(signal.SIGHUP)

    def wait_for(self, condition, seconds: float = 30, what: str = "change"):
        """Poll until `condition()` is truthy and return its value."""
        deadline = time.monotonic() + seconds
        while True:
            value = condition()
            if value:
                return value
            assert self.daemon.running, f"ponor ended\n{self.daemon.tail()}"
            assert time.monotonic() < deadline, f"no {what} in {seconds} s\n{self.daemon.tail()}"
            time.sleep(0.05)

    def wait_sinkholed(self, name: str, seconds: float = 120) -> None:
        """Wait for an index that lists `name`."""
        self.wait_for(lambda: self.sinkholes(name), seconds, f"sinkhole answer for {name}")

    def sinkholes(self, name: str) -> bool:
        """Whether the A answer for `name` is the sinkhole's now."""
        answer = self.client.udp(query(name))
        return answer is not None and SINKHOLE_IPV4 in str(answer)

    # Command line

    def run(self, *arguments: str | Path, seconds: float = 60) -> subprocess.CompletedProcess:
        """`ponor ARGUMENTS --config FILE`."""
        return cli(*arguments, "--config", self.config_file, seconds=seconds, prefix=self.prefix)

    def json_lines(self, *arguments: str) -> list[dict]:
        """The JSON objects a listing command prints; found nothing (exit status 1) is []."""
        done = self.run(*arguments, "--json")
        assert done.returncode in (0, 1), f"{arguments}: {done.returncode} {done.stderr}"
        return parse_json(done.stdout)

    def hits(self, *arguments: str) -> list[dict]:
        return self.json_lines("hits", "list", *arguments)

    def lookup(self, *names: str) -> list[dict]:
        return self.json_lines("index", "lookup", *names)

    def status(self) -> dict:
        (status,) = self.json_lines("status")
        return status

    def reload(self) -> None:
        done = self.run("reload")
        assert done.returncode == 0, done.stderr


def cli(*arguments: str | Path, seconds: float = 60, prefix: Sequence[str] = (),
        **options) -> subprocess.CompletedProcess:
    """Run `ponor ARGUMENTS`."""
    return run([*prefix, environment.PONOR, *arguments], seconds, **options)


def parse_json(text: str) -> list[dict]:
    """Objects printed as JSON lines, or as one JSON array."""
    text = text.strip()
    if text.startswith("["):
        return json.loads(text)
    try:
        return [json.loads(line) for line in text.splitlines()]
    except json.JSONDecodeError:
        return [json.loads(text)]


def number(status, word: str) -> int:
    """The sum of all numbers in a status object whose key contains `word`."""
    if isinstance(status, dict):
        return sum(int(value) if word in key and isinstance(value, (int, float)) else number(value, word)
                   for key, value in status.items())
    if isinstance(status, list):
        return sum(number(value, word) for value in status)
    return 0
