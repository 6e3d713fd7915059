"""Runs one script of the public collection for about so many CPU seconds; a process of its own.

    python3 -I -B reference_child.py COLLECTION VARIANT SECONDS

Prints one JSON object: names made, the CPU seconds that took, the first list. The script is loaded
once and asked for one list after the other, a day further each time. The clock is this process's CPU
time around that, so neither the interpreter's start nor reading arguments is charged, and names are
not written out: both would be most of the time for lists of 30 names.
"""

import io
import json
import os
import sys
import time
import types
from contextlib import redirect_stdout
from datetime import datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from reference_scripts import SCRIPTS, Script

FIRST = datetime(2026, 11, 23)
STEP = 64    # names between two looks at the clock
DAYS = 3000  # then again from the first: some scripts fail far in the future


def only_read(event: str, arguments: tuple) -> None:
    """Refuse what a generator has no business with: the network, processes, writing files."""
    writes = event == "open" and (arguments[2] or 0) & (os.O_WRONLY | os.O_RDWR)
    if writes or event.startswith(("socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.system",
                                   "os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.truncate", "shutil.")):
        raise PermissionError(f"not for a reference script: {event}")


def load(path: Path) -> types.ModuleType:
    """The script as a module, in its folder; `run()` is added, which runs all of it once more."""
    sys.modules.setdefault("requests", types.ModuleType("requests"))  # imported for what is not used here
    os.chdir(path.parent)
    sys.path.append(str(path.parent))
    code = compile(path.read_text(), path, "exec")
    script = types.ModuleType("reference")
    sys.modules["reference"] = script
    exec(code, script.__dict__)
    script.run = lambda: exec(code, {"__name__": "reference"})
    return script


def measure(script: types.ModuleType, chosen: Script, seconds: float) -> dict:
    """Lists of one day after the other until the time is used up."""
    day, names, lists, next_look, elapsed = timedelta(days=1), 0, 0, 0, 0.0
    first: list[str] = []
    with redirect_stdout(io.StringIO()) as printed:
        start = time.process_time()
        while elapsed < seconds:
            returned = chosen.names(script, FIRST + day * (lists % DAYS))
            made = drained(printed) if returned is None else list(returned)
            first = first or made
            names, lists = names + len(made), lists + 1
            if names >= next_look:
                next_look = names + STEP
                elapsed = time.process_time() - start
    return {"names": names, "seconds": elapsed, "first": first}


def drained(printed: io.StringIO) -> list[str]:
    """The lines printed since the last time."""
    lines = printed.getvalue().splitlines()
    printed.seek(0)
    printed.truncate()
    return lines


def main() -> None:
    collection, variant, seconds = sys.argv[1:]
    chosen = SCRIPTS[variant]
    sys.argv[1:] = []
    sys.addaudithook(only_read)
    with redirect_stdout(io.StringIO()):
        script = load(Path(collection).resolve() / chosen.path)
    print(json.dumps(measure(script, chosen, float(seconds))))


if __name__ == "__main__":
    main()
