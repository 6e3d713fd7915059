#!/usr/bin/env python3
"""The MISP feed folder: as a MISP server fetches it, read with PyMISP."""
import copy
import hashlib
import json
import sys

import consumer

consumer.enter_venv("misp", "pymisp==2.5.34.4")

import misp_events  # noqa: E402

MANIFEST = {"Orgc", "Tag", "info", "date", "analysis", "threat_level_id", "timestamp"}


def read(folder):
    """The events the manifest names, and what does not fit together."""
    manifest = json.loads((folder / "manifest.json").read_text())
    events, wrong = [], []
    for uuid, entry in manifest.items():
        event = misp_events.load(json.loads((folder / f"{uuid}.json").read_text()))
        events.append(event)
        if set(entry) != MANIFEST or event.uuid != uuid or event.info != entry["info"] \
                or int(event.timestamp.timestamp()) != int(entry["timestamp"]):
            wrong.append(f"{uuid}: manifest and event differ")
        wrong += misp_events.complaints(event)
    named = {f"{uuid}.json" for uuid in manifest} | {"manifest.json", "hashes.csv"}
    if {path.name for path in folder.iterdir()} != named:
        wrong.append("files that the manifest does not name")
    values = {(hashlib.md5(str(attribute.value).encode()).hexdigest(), event.uuid) for event in events
              for attribute in [*event.attributes, *(item for part in event.objects for item in part.attributes)]
              if attribute.type in ("domain", "ip-src", "text") and not (
                  attribute.type == "text" and getattr(attribute, "object_relation", None))}
    hashes = {tuple(line.split(",")) for line in (folder / "hashes.csv").read_text().splitlines()}
    if hashes != values:
        wrong.append(f"hashes.csv: {len(hashes ^ values)} lines differ")
    return events, wrong


def main():
    judge = consumer.Judge("misp-feed")
    exported = consumer.export("misp-feed", folder=True)
    events, wrong = read(exported.folder)
    judge.accepts("the feed", wrong)
    records = consumer.records()
    judge.equal(sum(map(misp_events.false_positives, events)), sum(map(consumer.is_withdrawn, records)),
                "sightings of type 1")
    days = {(record["day"], record["family"].lower(), record["tlp"], record["test"]) for record in records}
    judge.equal(len(events), len(days), "events: days, families, traffic lights and rehearsals")

    def broken(name, change):
        path = exported.folder / name
        original = path.read_text()
        document = json.loads(original)
        twin = copy.deepcopy(document)
        change(twin)
        path.write_text(json.dumps(twin))
        try:
            return read(exported.folder)[1]
        finally:
            path.write_text(original)

    some = f"{events[0].uuid}.json"
    judge.refuses("a manifest with another title", lambda: broken(
        "manifest.json", lambda manifest: manifest[events[0].uuid].update(info="x")))
    judge.refuses("a manifest that lacks an event", lambda: broken(
        "manifest.json", lambda manifest: manifest.pop(events[0].uuid)))
    judge.refuses("another address", lambda: broken(
        some, lambda event: event["Event"]["Object"][0]["Attribute"][0].update(value="192.0.2.1")))
    judge.finish(exported, sum(len(event.objects) for event in events), sum(map(misp_events.lookups, events)))


if __name__ == "__main__":
    sys.exit(main())
