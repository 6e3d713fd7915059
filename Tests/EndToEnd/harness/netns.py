"""A network namespace of our own: nothing in it can reach the real network."""

import ctypes
import itertools
import os
from collections.abc import Iterator
from contextlib import contextmanager

from .processes import run, run_checked


_numbers = itertools.count()


@contextmanager
def namespace() -> Iterator[str]:
    """Make a namespace with its loopback up; delete it at the end."""
    name = f"ponor-e2e-{os.getpid()}-{next(_numbers)}"
    run_checked(["ip", "netns", "add", name])
    try:
        run_checked([*inside(name), "ip", "link", "set", "lo", "up"])
        yield name
    finally:
        run(["ip", "netns", "del", name])


def inside(name: str) -> list[str]:
    """The prefix of a command that is to run in the namespace."""
    return ["ip", "netns", "exec", name]


def add_address(name: str, address: str) -> None:
    run_checked([*inside(name), "ip", "address", "add", f"{address}/32", "dev", "lo"])


_libc = ctypes.CDLL(None, use_errno=True)
_CLONE_NEWNET = 0x40000000


@contextmanager
def entered(name: str) -> Iterator[None]:
    """Move this thread into the namespace for a while; what it opens or starts stays there."""
    with open("/proc/thread-self/ns/net") as home, open(f"/run/netns/{name}") as target:
        _move(target.fileno())
        try:
            yield
        finally:
            _move(home.fileno())


def _move(descriptor: int) -> None:
    if _libc.setns(descriptor, _CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "setns")
