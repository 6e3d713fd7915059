#!/usr/bin/env python3
"""IntelMQ events (JSON lines and CSV) against the real harmonisation and the real JSON and CSV parser bots."""

import csv
import io
import json
import re
import shutil

import consumer
import intelmq_bots

consumer.enter_venv("intelmq", intelmq_bots.PACKAGE)

# What makes an event fit for use (IntelMQ's documentation), and what we promise besides.
NEEDED = ("feed.name", "classification.type", "classification.taxonomy", "time.source", "time.observation", "source.ip",
          "malware.name", "severity", "tlp", "event_hash", "feed.accuracy", "extra.count", "extra.query")
TLP = {"clear": "WHITE", "amber+strict": "RED"}


def harmonise(line):
    """The event as IntelMQ's message class takes it, without mending anything."""
    from intelmq.lib.message import Event, MessageFactory
    message = json.loads(line)
    assert message.pop("__type") == "Event"
    event = Event(harmonization=None)
    for key, value in message.items():
        event.add(key, value, sanitize=False)
    assert MessageFactory.unserialize(line).to_dict() == event.to_dict()
    return event


def expected_class(record):
    if record["test"]:
        return "test", "test"
    if record["change"] == "withdrawn":
        return "other", "undetermined"
    return ("other", "other") if record["client"]["scope"] == "forwarder" else ("malicious-code", "infected-system")


def judge_event(judge, record, event):
    where, client = record["case"], record["client"]
    for key in NEEDED:
        judge.check(key in event, f"{where}: no {key}")
    judge.equal((event["classification.taxonomy"], event["classification.type"]), expected_class(record), f"{where}: class")
    told = "relay" in client and "prefix_length" in client
    judge.equal(event["source.ip"], client["relay"] if told else client["address"], f"{where}: source.ip")
    port = client["relay_port"] if told else client["port"]
    judge.equal(event.get("source.port"), port or None, f"{where}: source.port")
    judge.equal(event["tlp"], TLP.get(record["tlp"], record["tlp"].upper()), f"{where}: tlp")
    judge.equal(event["time.source"], record["first_time"].replace("Z", "+00:00"), f"{where}: time.source")
    judge.check("source.account" not in event, f"{where}: the subscriber is told unasked")


def taxonomy_agrees(judge, event):
    """IntelMQ's own table must give the taxonomy we give."""
    from intelmq.bots.experts.taxonomy.expert import TAXONOMY
    judge.equal(event["classification.taxonomy"], TAXONOMY[event["classification.type"]], "taxonomy of the type")


def judge_lines(judge):
    from intelmq.bots.parsers.json.parser import JSONParserBot
    exported = consumer.export("intelmq")
    events = [harmonise(line) for line in exported.lines]
    for record, event in zip(consumer.records(), events):
        judge_event(judge, record, event)
        taxonomy_agrees(judge, event)
    read, complaints = intelmq_bots.parse(JSONParserBot, exported.text, splitlines=True)
    judge.accepts("the JSON parser bot", complaints)
    judge.equal(len(read), len(events), "events of the JSON parser bot")
    for event, again in zip(events, read):
        for key in set(NEEDED) - {"time.observation", "feed.accuracy"}:  # the bot's own
            judge.equal(again.get(key), event.get(key), f"the JSON parser bot: {key}")
    accounts = [json.loads(line).get("source.account") for line in consumer.export("intelmq", "--with-subscriber").lines]
    judge.equal([each for each in accounts if each], ["line-0815", 'line, "4711"; =x'], "subscribers")
    line = exported.lines[0]
    for key, value in {"source.ip": "198.51.100.300", "time.source": "2026-11-22", "tlp": "AMBER+STRICT",
                       "malware.name": "Conficker", "classification.type": "dga", "event_hash": "x", "severity": "urgent",
                       "no.such_key": 1, "destination.fqdn": "example.net."}.items():
        judge.refuses(f"{key} = {value!r}", lambda: harmonise(json.dumps(json.loads(line) | {key: value})) and None)
    judge.finish(exported, len(events), sum(event["extra.count"] for event in events),
                 [event["event_hash"] for event in events], end=False)
    return events


def unescape(text):
    """What a cell says: an apostrophe keeps a spreadsheet from calculating, `\\u{…}` is what must not be printed."""
    text = text[1:] if text.startswith("'") and text[1:2] in "=+-@" else text
    return re.sub(r"\\u\{([0-9a-f]+)\}", lambda match: chr(int(match.group(1), 16)), text)


def judge_table(judge, events):
    from intelmq.bots.parsers.generic.parser_csv import GenericCsvParserBot
    exported = consumer.export("intelmq-csv")
    head = exported.text.split("\n", 1)[0].replace('"', "")
    settings = {"columns": head, "skip_header": True}
    read, complaints = intelmq_bots.parse(GenericCsvParserBot, exported.text, **settings)
    judge.accepts("the CSV parser bot", complaints)
    judge.equal(len(read), len(events), "events of the CSV parser bot")
    for event, again in zip(events, read):
        for key in head.split(","):
            got, expected = unescape(str(again.get(key))), unescape(str(event.get(key)))
            if key == "time.source":
                expected = expected.replace(".000000", "")  # the bot writes it anew
            judge.equal(got, expected, f"the CSV parser bot: {event['extra.case']}: {key}")
    rows = list(csv.reader(io.StringIO(exported.text), strict=True))
    judge.check(all(len(row) == len(rows[0]) for row in rows), "a row has another number of cells")
    twin = exported.text.replace("198.51.100.23", "198.51.100.300")
    judge.refuses("an address that is none", lambda: intelmq_bots.parse(GenericCsvParserBot, twin, **settings)[1])
    twin = exported.text.replace('"malicious-code"', '"malware"')
    judge.refuses("an unknown class", lambda: intelmq_bots.parse(GenericCsvParserBot, twin, **settings)[1])
    judge.finish(exported, len(read), sum(int(event["extra.count"]) for event in read),
                 [event["event_hash"] for event in read], end=False)


def main():
    root = intelmq_bots.make_root()
    judges = [consumer.Judge("intelmq"), consumer.Judge("intelmq-csv")]
    try:
        judge_table(judges[1], judge_lines(judges[0]))
    finally:
        shutil.rmtree(root, ignore_errors=True)
    raise SystemExit(1 if any(judge.failed for judge in judges) else 0)


main()
