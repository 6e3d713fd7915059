"""What the checks of this folder share: a virtual environment, the scenario, exports, and a judge.

A check is a script `check_NAME.py` that `run` starts. It feeds what `ponor export` makes of the scenario to a
program that others wrote, and ends with `judge.finish(…)`, which prints one line of JSON: the counts that must
agree across all formats. Each check also breaks its own document (`judge.refuses`): a consumer that accepts
everything proves nothing.

Environment: PONOR (the binary; default .build/release/ponor), PONOR_VENVS (where virtual environments are kept;
default .build/venvs), PONOR_SCHEMAS (schema files of others; default ../shared/schemas beside the repository),
PONOR_SCENARIO (records to export; default scenario.jsonl beside this file).
"""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import venv

HERE = pathlib.Path(__file__).resolve().parent
REPOSITORY = HERE.parents[1]
PONOR = pathlib.Path(os.environ.get("PONOR", REPOSITORY / ".build/release/ponor"))
SCHEMAS = pathlib.Path(os.environ.get("PONOR_SCHEMAS", REPOSITORY.parent / "shared/schemas"))
SCENARIO = pathlib.Path(os.environ.get("PONOR_SCENARIO", HERE / "scenario.jsonl"))
# The exit status that says "cannot be checked here" (a schema or program is missing); `run` reports it.
NOT_HERE = 77
SECONDS = 120


def enter_venv(name, *requirements):
    """Runs the calling script again with an interpreter that has the packages (exact versions, from PyPI)."""
    home = pathlib.Path(os.environ.get("PONOR_VENVS", REPOSITORY / ".build" / "venvs")) / name
    python, stamp = home / "bin" / "python", home / "ponor-requirements"
    wanted = "\n".join(requirements)
    if not python.exists() or not stamp.exists() or stamp.read_text() != wanted:
        venv.create(home, with_pip=True, clear=True)
        subprocess.run([python, "-m", "pip", "install", "-q", "--disable-pip-version-check", *requirements], check=True)
        stamp.write_text(wanted)
    if pathlib.Path(sys.prefix) != home:
        os.execv(python, [str(python), *sys.argv])


def schema(name):
    """The path of a schema file of others; ends the check as "not here" if there is no copy."""
    path = SCHEMAS / name
    if not path.exists():
        not_here(f"no {name} in {SCHEMAS} (set PONOR_SCHEMAS)")
    return path


def not_here(why):
    """Ends the check: what it needs is not on this machine."""
    print(f"not checked: {why}")
    sys.exit(NOT_HERE)


def records(path=None):
    """The scenario: canonical records."""
    with open(path or SCENARIO) as file:
        return [json.loads(line) for line in file if line.strip()]


def is_ipv6(record):
    return ":" in record["client"]["address"]


def is_withdrawn(record):
    return record["change"] == "withdrawn"


class Export:
    """What `ponor export` wrote: `text` or, for several files, `folder`; `skipped` counts by reason."""

    def __init__(self, octets, folder, errors):
        self.octets, self.folder, self.errors = octets, folder, errors
        self.skipped = {reason: int(number) for number, reason in
                        re.findall(r"^ponor: (\d+) records? skipped: (.*)$", errors, re.M)}

    @property
    def text(self):
        return self.octets.decode()

    @property
    def lines(self):
        """The lines that end with LF; a format must put no LF into a line."""
        assert not self.octets or self.octets.endswith(b"\n"), "the last line has no end"
        return self.text.split("\n")[:-1]

    @property
    def files(self):
        """Files of the folder, sorted by name."""
        return sorted(path for path in self.folder.rglob("*") if path.is_file())


def export(format, *arguments, source=None, folder=False):
    """Runs `ponor export FORMAT` on the scenario, all gates."""
    command = [PONOR, "export", format, "--records", source or SCENARIO, "--gate", "recorded", *arguments]
    target = pathlib.Path(tempfile.mkdtemp(prefix="ponor-export-")) if folder else None
    done = subprocess.run([*command, *(["--output", target] if folder else [])], capture_output=True, timeout=SECONDS)
    errors = done.stderr.decode()
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))} ended with {done.returncode}: {errors}")
    return Export(done.stdout, target, errors)


class Judge:
    """Counts checks; prints each that fails."""

    def __init__(self, format):
        self.format, self.passed, self.failed = format, 0, 0

    def check(self, good, what):
        if good:
            self.passed += 1
        else:
            self.failed += 1
            print(f"FAILED: {self.format}: {what}")
        return bool(good)

    def equal(self, got, expected, what):
        return self.check(got == expected, f"{what} is {got!r}, expected {expected!r}")

    def accepts(self, what, complaints):
        """The consumer has nothing to complain about."""
        complaints = list(complaints)
        return self.check(not complaints, f"{what}: {[str(c)[:300] for c in complaints[:3]]}")

    def refuses(self, what, attempt):
        """A broken twin is refused: `attempt` raises, or returns complaints."""
        try:
            complaints = attempt()
            refused = bool(complaints)
        except Exception:  # each consumer has its own error
            refused = True
        return self.check(refused, f"the broken twin was accepted: {what}")

    def finish(self, exported, written, lookups=None, ids=None, end=True):
        """Prints the counts and ends the script (unless `end` is false, for a script with several formats).

        `written` is the number of records the consumer saw; together with what was skipped they must be all of the
        scenario. `lookups` is the sum of their counts as it read them (None if the format has no place for that), `ids`
        their identities if it can tell: then the records must be distinct and known, and the sum must be theirs.
        """
        everything = {plain(record["id"]): record for record in records()}
        skipped = sum(exported.skipped.values())
        self.equal(written + skipped, len(everything), f"records read + skipped {exported.skipped}")
        if ids is not None:
            ids = [plain(each) for each in ids]
            self.equal(len(set(ids)), written, "distinct records")
            self.equal([each for each in ids if each not in everything], [], "unknown records")
            if lookups is not None:
                self.equal(lookups, sum(everything[each]["count"] for each in set(ids)), "lookups")
        print(json.dumps({"format": self.format, "passed": self.passed, "failed": self.failed, "records": written,
                          "skipped": exported.skipped, "lookups": lookups}))
        if end:
            sys.exit(1 if self.failed or not self.passed else 0)


def plain(identity):
    """An identity as 32 lower-case digits: formats spell it in several ways."""
    return identity.replace("-", "").lower()
