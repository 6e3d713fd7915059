"""Fixtures of the suite. Every server lives in a temporary folder and is stopped by its pid."""

import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from harness import environment, lab, netns, peers
from harness.client import Client
from harness.ponor import Ponor


def pytest_report_header(config) -> list[str]:
    return [f"ponor: {environment.PONOR}", f"shared: {environment.SHARED}",
            f"scale: {environment.SCALE}  PONOR_E2E_SEED={environment.SEED}"]


def pytest_sessionstart(session) -> None:
    if not session.config.option.collectonly and not environment.PONOR.exists():
        pytest.exit(f"no binary at {environment.PONOR}: run `swift build -c release` or set PONOR_BIN", 2)


def pytest_collection_modifyitems(items) -> None:
    skip = pytest.mark.skip(reason="needs root (network namespaces, mounts)")
    for item in items:
        if not environment.is_root() and "needs_root" in item.keywords:
            item.add_marker(skip)


def pytest_configure(config) -> None:
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ended from outside: clean up first
    config.addinivalue_line("markers", "needs_root: makes a network namespace or a mount")


Start = Callable[..., Ponor]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start Ponor instances with given configuration changes; all are stopped afterwards."""
    yield from _starter(tmp_path)


@pytest.fixture(scope="module")
def start_shared(tmp_path_factory) -> Iterator[Start]:
    """As `start`, for servers that a whole file shares."""
    yield from _starter(tmp_path_factory.mktemp("shared"))


def _starter(folder: Path) -> Iterator[Start]:
    started: list[Ponor] = []

    def start(config: dict | None = None, **options) -> Ponor:
        ponor = Ponor(folder / f"ponor{len(started)}", config, **options)
        started.append(ponor)
        return ponor.start()

    yield start
    for ponor in started:
        if ponor.daemon and ponor.daemon.running:
            assert ponor.stop() == 0, f"a graceful stop must end with 0\n{ponor.daemon.tail()}"


@dataclass
class Upstream:
    """A forwarder's upstream that resolves every name to one address, with a log of questions."""

    port: int
    questions: Path
    resolution: dict

    def asked(self) -> list[str]:
        return self.questions.read_text().splitlines()


@pytest.fixture(scope="session")
def upstream(tmp_path_factory) -> Iterator[Upstream]:
    """Use its `resolution` in a configuration: unlisted names then resolve to 198.51.100.77."""
    folder, port = tmp_path_factory.mktemp("upstream"), environment.free_port()
    daemon = peers.authority(folder, environment.LOOPBACK, ".", port=port)
    peers.started(daemon, Client(port))
    yield Upstream(port, folder / "questions.log",
                   {"mode": "forward", "upstreams": [f"{environment.LOOPBACK}:{port}"],
                    "dnssec": False, "allow_loopback": True})
    daemon.stop()


@pytest.fixture(scope="session")
def internet(tmp_path_factory) -> Iterator["lab.Lab"]:
    """The small Internet in its own network namespace."""
    if not environment.is_root():
        pytest.skip("needs root (network namespace)")
    with netns.namespace() as name, lab.Lab(tmp_path_factory.mktemp("lab"), name) as running:
        yield running
