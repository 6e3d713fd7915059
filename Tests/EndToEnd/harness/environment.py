"""Where things are and how much to do, taken from the environment once.

PONOR_BIN        the binary under test              (default: .build/release/ponor)
PONOR_SHARED     folder with vectors/ and wordlists/ (default: ../shared beside the repository)
PONOR_E2E_SCALE  factor on the sizes of the long tests (default: 1)
PONOR_E2E_SEED   seed of the random tests            (default: fresh, printed on failure)
"""

import os
import random
import socket
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[3]
PONOR = Path(os.environ.get("PONOR_BIN") or REPOSITORY / ".build/release/ponor")
SHARED = Path(os.environ.get("PONOR_SHARED") or REPOSITORY.parent / "shared")
VECTORS = SHARED / "vectors"
WORDLISTS = SHARED / "wordlists"
SCALE = float(os.environ.get("PONOR_E2E_SCALE") or 1)
SEED = int(os.environ.get("PONOR_E2E_SEED") or random.SystemRandom().randrange(1 << 32))

LOOPBACK = "127.0.0.1"


def scaled(count: int, least: int = 1) -> int:
    """`count` times the scale factor, but never less than `least`."""
    return max(least, round(count * SCALE))


def is_root() -> bool:
    """Whether the suite may make network namespaces and mounts."""
    return os.geteuid() == 0


def free_port() -> int:
    """A loopback port that is free for UDP and TCP at this moment."""
    while True:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as tcp:
            tcp.bind((LOOPBACK, 0))
            port = tcp.getsockname()[1]
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
                try:
                    udp.bind((LOOPBACK, port))
                except OSError:
                    continue
                return port
