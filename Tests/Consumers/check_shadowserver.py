#!/usr/bin/env python3
"""Shadowserver's reports against their published columns and IntelMQ's real ShadowserverParserBot.

usage: check_shadowserver.py [FILE.csv...]   without files, the scenario is exported and checked
"""

import csv
import ipaddress
import json
import pathlib
import re
import shutil
import sys

import consumer
import intelmq_bots

consumer.enter_venv("intelmq", intelmq_bots.PACKAGE)

KINDS = ("event4_sinkhole", "event6_sinkhole", "event4_sinkhole_dns")
FILE_NAME = re.compile(r"^\d{4}-\d{2}-\d{2}-([^-]+)-[^-]+-[^-]+\.csv$")
CLASSES = {"event4_sinkhole_dns": ("other", "other")}


def parse(name, text):
    from intelmq.bots.parsers.shadowserver.parser import ShadowserverParserBot
    return intelmq_bots.parse(ShadowserverParserBot, text, name)


def rows_of(text):
    return list(csv.DictReader(text.splitlines(), dialect="unix", strict=True))


def judge_row(judge, kind, where, row, event):
    taxonomy, rsit = CLASSES.get(kind, ("malicious-code", "infected-system"))
    expected = {
        "classification.taxonomy": taxonomy,
        "classification.type": rsit,
        "classification.identifier": "sinkholedns" if kind == "event4_sinkhole_dns" else row["infection"],
        "malware.name": row["infection"],
        "source.ip": str(ipaddress.ip_address(row["src_ip"])),
        "source.port": int(row["src_port"]) if row["src_port"] else None,
        "time.source": row["timestamp"].replace(" ", "T") + "+00:00",
        "severity": row["severity"],
        "extra.tag": row["tag"],
    }
    if kind != "event4_sinkhole_dns":
        expected |= {"protocol.transport": row["protocol"], "extra.family": row["family"], "extra.application": "dns",
                     "extra.event_id": row["event_id"]}
        if row["dst_ip"]:
            expected |= {"destination.ip": row["dst_ip"], "destination.port": int(row["dst_port"])}
        for column in ("query", "query_type", "count"):
            if column in row:
                expected[f"extra.{column}"] = row[column]
    for key, value in expected.items():
        judge.equal(event.get(key), value, f"{where}: {key}")


def judge_file(judge, kind, name, text):
    rows = rows_of(text)
    events, complaints = parse(name, text)
    judge.accepts(name, complaints)
    judge.check(len(events) == len(rows) > 0, f"{name}: {len(rows)} rows gave {len(events)} events")
    for number, (row, event) in enumerate(zip(rows, events), 2):
        judge_row(judge, kind, f"{name}:{number}", row, event)
    return rows


def judge_files(paths):
    judge = consumer.Judge("shadowserver files")
    for path in map(pathlib.Path, paths):
        kind = next(kind for kind in reversed(KINDS) if kind in path.name)
        judge_file(judge, kind, path.name, path.read_text())
    print(f"{judge.passed} passed, {judge.failed} failed")
    return judge.failed


def judge_scenario():
    published = json.loads(consumer.schema("shadowserver-reports.json").read_text())
    files = consumer.export("shadowserver", "--name", "my-isp", folder=True)
    judges, ids = {kind: consumer.Judge(kind) for kind in KINDS}, {kind: [] for kind in KINDS}
    for path in files.files:
        kind = FILE_NAME.match(path.name).group(1)
        text = path.read_text()
        judges[kind].equal(next(csv.reader([text.split("\n")[0]])), published[kind]["fields"], f"{path.name}: columns")
        rows = judge_file(judges[kind], kind, path.name, text)
        judges[kind].check(all(row["timestamp"].startswith(path.name[:10]) for row in rows), f"{path.name}: other days")
        ids[kind] += [row.get("event_id") or row["src_ip"] for row in rows]
        twin = text.replace('"src_port"', '"port"', 1)
        judges[kind].refuses("no column src_port", lambda: parse(path.name, twin)[1])
        # The bot keeps what is no address as `extra.src_ip`: judging its complaints alone would not do.
        twin_events = parse(path.name, re.sub(r'"(198|2001|203)[^"]*"', '"?"', text))[0]
        judges[kind].refuses("no address", lambda: [event for event in twin_events if "source.ip" not in event])
    for kind, judge in judges.items():
        exported = consumer.export(kind, "--with-query")
        rows = judge_file(judge, kind, f"2026-11-22-{kind}-isp-all.csv", exported.text)
        judge.equal(len(rows), len(ids[kind]), "rows in files per day")
        judge.check(all(row["infection"].startswith("test-") == ("test" in row["tag"].split(";")) for row in rows),
                    "a rehearsal looks like an infection")
        known = [row["event_id"] for row in rows] if "event_id" in (rows or [{}])[0] else None
        judge.finish(exported, len(rows), sum(int(row["count"]) for row in rows), known, end=False)
    shutil.rmtree(files.folder)
    return sum(judge.failed for judge in judges.values())


root = intelmq_bots.make_root()
try:
    failed = judge_files(sys.argv[1:]) if sys.argv[1:] else judge_scenario()
finally:
    shutil.rmtree(root, ignore_errors=True)
sys.exit(1 if failed else 0)
