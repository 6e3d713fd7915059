"""Small disks that can be filled: a tmpfs of a given size. Needs root."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from .processes import run_checked


@contextlib.contextmanager
def small_disk(folder: Path, size: str) -> Iterator[Path]:
    """A tmpfs of a given size."""
    folder.mkdir()
    run_checked(["mount", "-t", "tmpfs", "-o", f"size={size}", "ponor-e2e", folder])
    try:
        yield folder
    finally:
        run_checked(["umount", "--lazy", folder])  # a server may still be there


def fill(folder: Path) -> Path:
    """Use up the rest of a disk."""
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(bytes(4096))
    return ballast
