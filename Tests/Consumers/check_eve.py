#!/usr/bin/env python3
"""EVE JSON: Suricata's own schema, which refuses every field it does not know."""
import copy
import json
import sys

import consumer

SCHEMA = consumer.schema("suricata-eve.schema.json")
consumer.enter_venv("jsonschema", "jsonschema==4.26.0")

import jsonschema  # noqa: E402


def main():
    judge = consumer.Judge("eve")
    exported = consumer.export("eve")
    validator = jsonschema.validators.validator_for(json.loads(SCHEMA.read_text()))(json.loads(SCHEMA.read_text()))
    events = [json.loads(line) for line in exported.lines]
    for number, event in enumerate(events, 1):
        judge.accepts(f"line {number}", (error.message for error in validator.iter_errors(event)))
    records = consumer.records()
    ours = [event["alert"]["context"]["ponor"] for event in events]
    judge.equal([item["record"] for item in ours], [record["id"] for record in records], "records")
    judge.equal([event["src_ip"] for event in events], [
        record["client"]["relay"] if "prefix_length" in record["client"] else record["client"]["address"]
        for record in records], "addresses")
    judge.equal(sum(item["test"] for item in ours), sum(record["test"] for record in records), "events marked test")
    judge.check(all(0 < event["alert"]["signature_id"] < 2_000_000 for event in events), "rule numbers are local ones")

    def broken(change):
        twin = copy.deepcopy(events[0])
        change(twin)
        return list(validator.iter_errors(twin))

    judge.refuses("a field of our own", lambda: broken(lambda event: event.update(ponor={})))
    judge.refuses("a time with a colon in its zone", lambda: broken(
        lambda event: event.update(timestamp="2026-11-22T03:00:00.250009+00:00")))
    judge.refuses("a port that is text", lambda: broken(lambda event: event.update(src_port="53")))
    judge.finish(exported, len(events), sum(item["count"] for item in ours))


if __name__ == "__main__":
    sys.exit(main())
