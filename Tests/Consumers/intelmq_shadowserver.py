#!/usr/bin/env python3
"""Feeds Shadowserver CSV files to IntelMQ's real ShadowserverParserBot and judges its events.

usage: intelmq_shadowserver.py FILE.csv...

Prints one line per failed check and at the end "N passed, N failed"; exit status 1 if any failed.
IntelMQ comes from PyPI into a virtual environment that the script makes beside itself in
$PONOR_VENVS (default: .build/venvs of the package). The bot reads Shadowserver's schema from
$INTELMQ_ROOT_DIR/var/lib/bots/shadowserver-schema.json; a copy comes from $PONOR_SHADOWSERVER_SCHEMA
or the folder `shared` beside the repository, and without one the bot's own download is used.
"""
import csv
import ipaddress
import logging
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import venv

INTELMQ = "intelmq==3.5.0"
SCHEMA = os.environ.get(
    "PONOR_SHADOWSERVER_SCHEMA",
    pathlib.Path(__file__).resolve().parents[3] / "shared/schemas/shadowserver-intelmq-schema.json")


def enter_venv():
    """Runs this script again with an interpreter that has IntelMQ."""
    package = pathlib.Path(__file__).resolve().parents[2]
    home = pathlib.Path(os.environ.get("PONOR_VENVS", package / ".build" / "venvs")) / "intelmq"
    python = home / "bin" / "python"
    if pathlib.Path(sys.prefix) == home:
        return
    if subprocess.run([python, "-c", "import intelmq"], capture_output=True).returncode \
            if python.exists() else True:
        venv.create(home, with_pip=True, clear=True)
        subprocess.run([python, "-m", "pip", "install", "-q", INTELMQ], check=True)
    os.execv(python, [str(python), __file__, *sys.argv[1:]])


class Count(logging.Handler):
    """Gathers everything the bot complains about: a missing optional column is a warning."""

    def __init__(self):
        super().__init__(logging.WARNING)
        self.lines = []

    def emit(self, record):
        self.lines.append(record.getMessage())


class Judge:
    def __init__(self):
        self.passed = self.failed = 0

    def check(self, good, what):
        if good:
            self.passed += 1
        else:
            self.failed += 1
            print("FAILED:", what)


def make_root():
    """Lays out the directory that IntelMQ takes its configuration and state from."""
    root = pathlib.Path(tempfile.mkdtemp(prefix="ponor-intelmq-"))
    for directory in ("etc", "var/log", "var/run", "var/lib/bots"):
        (root / directory).mkdir(parents=True)
    os.environ["INTELMQ_ROOT_DIR"] = f"{root}/"
    import intelmq
    etc = pathlib.Path(intelmq.__file__).parent / "etc"
    shutil.copy(etc / "harmonization.conf", root / "etc")
    if os.path.exists(SCHEMA):
        shutil.copy(SCHEMA, root / "var/lib/bots/shadowserver-schema.json")
    else:
        from intelmq.bots.parsers.shadowserver import _config
        _config.set_logger(logging.getLogger("schema"))
        _config.update_schema()
    return root


def parse(path):
    """What the bot makes of a file: its events and its complaints."""
    from intelmq.bots.parsers.shadowserver.parser import ShadowserverParserBot
    from intelmq.lib.bot import BotLibSettings
    from intelmq.lib.message import Report
    bot = ShadowserverParserBot("ponor-check", settings=BotLibSettings | {"logging_level": "WARNING"})
    complaints = Count()
    bot.logger.addHandler(complaints)
    report = Report(harmonization=bot.harmonization)
    report.add("extra.file_name", path.name)
    report.add("raw", path.read_bytes().decode())  # the message encodes it
    events = bot.process_message(report)["output"]
    bot.logger.removeHandler(complaints)
    return events, complaints.lines


def judge_row(judge, where, row, event):
    kind = "IPv6" if ":" in row["src_ip"] else "IPv4"
    expected = {
        "classification.taxonomy": "malicious-code",
        "classification.type": "infected-system",
        "classification.identifier": row["infection"],
        "malware.name": row["infection"],
        "source.ip": str(ipaddress.ip_address(row["src_ip"])),
        "source.port": int(row["src_port"]),
        "time.source": row["timestamp"].replace(" ", "T") + "+00:00",
        "protocol.transport": row["protocol"],
        "severity": "critical",
        "feed.name": f"Sinkhole-Events {kind}",
        "extra.family": row["family"],
        "extra.tag": row["tag"],
        "extra.application": "dns",
        "extra.event_id": row["event_id"],
    }
    if row["dst_ip"]:
        expected["destination.ip"] = row["dst_ip"]
        expected["destination.port"] = int(row["dst_port"])
    for column in ("query", "query_type", "count"):
        if column in row:
            expected[f"extra.{column}"] = row[column]
    for key, value in expected.items():
        got = event.get(key)
        judge.check(got == value, f"{where}: {key} is {got!r}, expected {value!r}")


def main(paths):
    root = make_root()
    judge = Judge()
    try:
        for path in map(pathlib.Path, paths):
            with open(path, newline="") as file:
                rows = list(csv.DictReader(file, dialect="unix"))
            events, complaints = parse(path)
            judge.check(not complaints, f"{path.name}: the bot complains: {complaints[:3]}")
            judge.check(
                len(events) == len(rows) > 0,
                f"{path.name}: {len(rows)} rows gave {len(events)} events")
            for number, (row, event) in enumerate(zip(rows, events), 2):
                judge_row(judge, f"{path.name}:{number}", row, event)
    finally:
        shutil.rmtree(root, ignore_errors=True)
    print(f"{judge.passed} passed, {judge.failed} failed")
    return 1 if judge.failed or not judge.passed else 0


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    enter_venv()
    sys.exit(main(sys.argv[1:]))
