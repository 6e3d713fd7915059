#!/usr/bin/env python3
"""MISP events: PyMISP reads them with its object templates."""
import copy
import json
import sys

import consumer

consumer.enter_venv("misp", "pymisp==2.5.34.4")

import misp_events  # noqa: E402


def main():
    judge = consumer.Judge("misp")
    exported = consumer.export("misp")
    documents = json.loads(exported.text)["response"]
    events = [misp_events.load(document) for document in documents]
    for event in events:
        judge.accepts(event.info, misp_events.complaints(event))
    records = consumer.records()
    judge.equal(len({event.uuid for event in events}), len(events), "distinct events")
    judge.equal(sum(misp_events.false_positives(event) for event in events), sum(map(consumer.is_withdrawn, records)),
                "sightings of type 1")
    judge.equal(sum(any(tag.name.startswith("rsit:test") for tag in event.tags) for event in events),
                sum(record["test"] for record in records), "events marked test")
    again = json.loads(consumer.export("misp").text)["response"]
    judge.equal([item["Event"]["uuid"] for item in again], [event.uuid for event in events], "events of a second export")

    def broken(change):
        twin = copy.deepcopy(documents[0])
        change(twin["Event"])
        return misp_events.complaints(misp_events.load(twin))

    judge.refuses("an event without info", lambda: broken(lambda event: event.pop("info")))
    judge.refuses("a relation the template lacks", lambda: broken(
        lambda event: event["Object"][0]["Attribute"][0].update(object_relation="nosuch")))
    judge.refuses("an address to block", lambda: broken(
        lambda event: event["Object"][0]["Attribute"][0].update(to_ids=True)))
    judge.refuses("an attribute of no type", lambda: broken(
        lambda event: event["Attribute"][0].update(type="nosuch")))
    judge.finish(exported, len(events), sum(map(misp_events.lookups, events)))


if __name__ == "__main__":
    sys.exit(main())
