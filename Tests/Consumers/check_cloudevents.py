#!/usr/bin/env python3
"""CloudEvents: the SDK reads each event, the specification's JSON Schema checks it."""
import copy
import json
import sys

import consumer

SCHEMA = consumer.schema("cloudevents.schema.json")
consumer.enter_venv("cloudevents", "cloudevents==2.2.0", "jsonschema[format]==4.26.0")

import jsonschema  # noqa: E402
from cloudevents.core.bindings.http import HTTPMessage, from_structured_event  # noqa: E402
from cloudevents.core.formats.json import JSONFormat  # noqa: E402


def read(event):
    """The event as the SDK takes it from a webhook."""
    message = HTTPMessage(headers={"content-type": "application/cloudevents+json"}, body=json.dumps(event).encode())
    return from_structured_event(message, JSONFormat())


def main():
    judge = consumer.Judge("cloudevents")
    exported = consumer.export("cloudevents")
    schema = json.loads(SCHEMA.read_text())
    validator = jsonschema.validators.validator_for(schema)(
        schema, format_checker=jsonschema.validators.validator_for(schema).FORMAT_CHECKER)
    events = [json.loads(line) for line in exported.lines]
    records = consumer.records()
    for number, (event, record) in enumerate(zip(events, records), 1):
        judge.accepts(f"line {number}", (error.message for error in validator.iter_errors(event)))
        got = read(event)
        judge.equal(got.get_id(), f"{record['id']}.{record['revision']}", f"line {number}: id")
        judge.equal(got.get_data()["id"], record["id"], f"line {number}: data")
    judge.equal(len({(event["source"], event["id"]) for event in events}), len(events), "distinct source and id")
    judge.check(not any("subscriber" in event["data"] for event in events), "a subscriber was told")
    judge.equal(sum(event["test"] for event in events), sum(record["test"] for record in records), "events marked test")
    judge.equal([event["id"] for event in events],
                [json.loads(line)["id"] for line in consumer.export("cloudevents").lines], "ids of a second export")

    def broken(change):
        twin = copy.deepcopy(events[0])
        change(twin)
        errors = [error.message for error in validator.iter_errors(twin)]
        read(twin)
        return errors

    judge.refuses("an event without id", lambda: broken(lambda event: event.pop("id")))
    judge.refuses("an empty source", lambda: broken(lambda event: event.update(source="")))
    judge.refuses("an extension in capitals", lambda: broken(lambda event: event.update(tlpMark="x")))
    judge.refuses("a time without zone", lambda: broken(lambda event: event.update(time="2026-11-22 03:00")))
    judge.finish(exported, len(events), sum(event["data"]["count"] for event in events))


if __name__ == "__main__":
    sys.exit(main())
