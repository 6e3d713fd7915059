"""Style §1.B: what the documentation says works. Every fenced block marked `sh test` is run.

A block runs in a fresh folder with `ponor` first in PATH and must end with status 0; what a
block marked `sh test output` prints must contain the lines of the `text` block that follows it.
"""

import os
import re
import subprocess

import pytest

from harness import environment

FILES = [file for file in [environment.REPOSITORY / "README.md",
                           *sorted((environment.REPOSITORY / "docs").glob("*.md"))] if file.exists()]
FENCE = re.compile(r"^```sh test( output)?\n(.*?)^```\n(?:\s*```text\n(.*?)^```)?", re.M | re.S)


def blocks() -> list:
    found = []
    for file in FILES:
        text = file.read_text()
        for match in FENCE.finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            found.append(pytest.param(match, id=f"{file.name}:{line}"))
    return found


@pytest.mark.parametrize("match", blocks())
def test_marked_blocks_run(match, tmp_path):
    compared, script, expected = match.groups()
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "ponor").symlink_to(environment.PONOR.resolve())
    done = subprocess.run(["bash", "-euo", "pipefail", "-c", script], cwd=tmp_path, capture_output=True, text=True,
                          timeout=120, env={**os.environ, "PATH": f"{tools}:{os.environ['PATH']}"})
    assert done.returncode == 0, done.stdout + done.stderr
    for line in (expected or "").splitlines() if compared else []:
        assert line.strip() in done.stdout, done.stdout


def test_commands_in_the_readme_exist():
    """Each `ponor …` command a page shows is known to the binary."""
    shown = {match.group(1).strip() for file in FILES
             for match in re.finditer(r"^(?:\$ )?ponor ((?:[a-z]+ ?){1,2})", file.read_text(), re.M)}
    for words in sorted(shown):
        done = subprocess.run([environment.PONOR, *words.split(), "--help"], capture_output=True, text=True,
                              timeout=20)
        first = subprocess.run([environment.PONOR, words.split()[0], "--help"], capture_output=True, timeout=20)
        assert done.returncode == 0 or first.returncode == 0, f"ponor {words}"
