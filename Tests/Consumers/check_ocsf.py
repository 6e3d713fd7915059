#!/usr/bin/env python3
"""OCSF Detection Findings: the compiled schemas of 1.2.0 and 1.9.0-dev, read with ocsf-lib."""
import copy
import json
import sys

import consumer

OLD, NEW = consumer.schema("ocsf-compiled-1.2.0.json"), consumer.schema("ocsf-compiled-1.9.0-dev.json")
consumer.enter_venv("ocsf", "ocsf-lib==0.10.4")

import ocsf_events  # noqa: E402
from ocsf.util import get_schema  # noqa: E402


def main(format):
    judge = consumer.Judge(format)
    exported = consumer.export(format)
    schemas = [get_schema(str(path)) for path in (OLD, NEW)]
    events = [json.loads(line) for line in exported.lines]

    def complaints(event):
        for schema in schemas:
            yield from (f"{schema.version}: {text}" for text in
                        ocsf_events.complaints(schema, event, event["metadata"]["profiles"]))

    for number, event in enumerate(events, 1):
        judge.accepts(f"line {number}", complaints(event))
    records = consumer.records()
    judge.equal([event["unmapped"]["record"] for event in events], [record["id"] for record in records], "records")
    judge.equal(sum(event["unmapped"]["test"] for event in events), sum(record["test"] for record in records),
                "events marked test")

    def broken(change):
        twin = copy.deepcopy(events[0])
        change(twin)
        return list(complaints(twin))

    judge.refuses("an event without time", lambda: broken(lambda event: event.pop("time")))
    judge.refuses("a severity that is none", lambda: broken(lambda event: event.update(severity_id=42)))
    judge.refuses("a time in words", lambda: broken(lambda event: event.update(time="2026-11-22T03:00:00Z")))
    judge.refuses("a field of our own", lambda: broken(lambda event: event.update(ponor=1)))
    judge.refuses("malware without a name", lambda: broken(lambda event: event["malware"][0].pop("name")))
    judge.finish(exported, len(events), sum(event["count"] for event in events))


if __name__ == "__main__":
    sys.exit(main("ocsf"))
