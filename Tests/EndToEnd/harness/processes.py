"""Start and stop one server process; never touches a process it did not start."""

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path

_libc = ctypes.CDLL(None)
_PR_SET_PDEATHSIG = 1


def _die_with_parent() -> None:
    """In the child: no server outlives a suite that was killed."""
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


class Daemon:
    """A child process with its output in a log file, stopped by its pid."""

    def __init__(self, name: str, command: Sequence[str | Path], log: Path,
                 environment: dict[str, str] | None = None):
        self.name = name
        self.command = [str(word) for word in command]
        self.log = log
        self.environment = {**os.environ, **(environment or {})}
        self.keep: Sequence[int] = ()  # descriptors the child inherits
        self.process: subprocess.Popen | None = None

    @property
    def pid(self) -> int:
        assert self.process is not None, f"{self.name} was not started"
        return self.process.pid

    @property
    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def start(self) -> "Daemon":
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                self.command, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                env=self.environment, start_new_session=True, pass_fds=self.keep,
                preexec_fn=_die_with_parent)
        return self

    def wait_until(self, ready: Callable[[], bool], seconds: float, what: str) -> None:
        """Poll `ready` until it is true; a dead process or the deadline is an error with the log."""
        deadline = time.monotonic() + seconds
        while True:
            if ready():
                return
            assert self.running, f"{self.name} ended with {self.returncode}\n{self.tail()}"
            assert time.monotonic() < deadline, f"{self.name}: no {what} in {seconds} s\n{self.tail()}"
            time.sleep(0.02)

    @property
    def returncode(self) -> int | None:
        return self.process.poll() if self.process else None

    def signal(self, number: int) -> None:
        os.kill(self.pid, number)

    def stop(self, seconds: float = 15) -> int | None:
        """SIGTERM, then SIGKILL when it does not end in time. Returns the exit status."""
        if self.process is None:
            return None
        if self.running:
            self.signal(signal.SIGTERM)
            try:
                self.process.wait(seconds)
            except subprocess.TimeoutExpired:
                self.kill()
                raise AssertionError(f"{self.name} ignored SIGTERM\n{self.tail()}") from None
        return self.process.returncode

    def kill(self) -> None:
        """SIGKILL, and reap."""
        if self.running:
            self.signal(signal.SIGKILL)
        if self.process is not None:
            self.process.wait()

    def tail(self, lines: int = 30) -> str:
        """The last lines of the log, for error messages."""
        if not self.log.exists():
            return "(no log)"
        text = self.log.read_text(errors="replace").splitlines()
        return "\n".join([f"--- {self.log}", *text[-lines:]])


def run(command: Sequence[str | Path], seconds: float = 60, **options) -> subprocess.CompletedProcess:
    """Run a command to its end with captured text output."""
    return subprocess.run([str(word) for word in command], capture_output=True, text=True,
                          timeout=seconds, stdin=subprocess.DEVNULL, **options)


def run_checked(command: Sequence[str | Path], seconds: float = 60, **options) -> str:
    """Run a command that must succeed; returns its standard output."""
    done = run(command, seconds, **options)
    assert done.returncode == 0, f"{command}: exit {done.returncode}\n{done.stdout}{done.stderr}"
    return done.stdout
