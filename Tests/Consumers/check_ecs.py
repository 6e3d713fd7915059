#!/usr/bin/env python3
"""ECS documents: every field against the schema's own table (`ecs_flat.yml`): name, type, arrays, allowed values."""
import copy
import datetime
import ipaddress
import json
import sys

import consumer

SCHEMA = consumer.schema("ecs_flat.yml")
consumer.enter_venv("yaml", "PyYAML==6.0.3")

import yaml  # noqa: E402

TYPES = {
    "keyword": str, "match_only_text": str, "wildcard": str, "long": int, "float": (int, float), "boolean": bool,
    "ip": lambda value: ipaddress.ip_address(value),
    "date": lambda value: datetime.datetime.fromisoformat(value.replace("Z", "+00:00")),
}


def flatten(document, path=""):
    for key, value in document.items():
        if isinstance(value, dict):
            yield from flatten(value, f"{path}{key}.")
        else:
            yield path + key, value


def complaints(fields, document):
    """What the schema's table says against a document."""
    flat = dict(flatten(document))
    for name in ("@timestamp", "ecs.version"):
        if name not in flat:
            yield f"{name} is required"
    for name, value in flat.items():
        if name.startswith("labels."):
            if not isinstance(value, str):
                yield f"{name}: a label is a keyword"
            continue
        if name not in fields:
            yield f"{name} is no field of ECS"
            continue
        field = fields[name]
        if ("array" in field.get("normalize", [])) != isinstance(value, list):
            yield f"{name} must{' not' if isinstance(value, list) else ''} be an array"
        for item in value if isinstance(value, list) else [value]:
            check = TYPES[field["type"]]
            try:
                if isinstance(check, (type, tuple)):
                    if not isinstance(item, check):
                        yield f"{name}: {item!r} is no {field['type']}"
                else:
                    check(item)
            except ValueError as error:
                yield f"{name}: {error}"
            allowed = [entry["name"] for entry in field.get("allowed_values", [])] or field.get("expected_values", [])
            if allowed and item not in allowed:
                yield f"{name}: {item!r} is not allowed"
    expected = {entry["name"]: entry.get("expected_event_types", []) for entry in fields["event.category"]["allowed_values"]}
    for category in flat.get("event.category", []):
        for kind in flat.get("event.type", []):
            if expected.get(category) and kind not in expected[category]:
                yield f"event.type {kind} does not go with {category}"


def main():
    judge = consumer.Judge("ecs")
    exported = consumer.export("ecs")
    fields = yaml.load(SCHEMA.read_text(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    documents = [json.loads(line) for line in exported.lines]
    for number, document in enumerate(documents, 1):
        judge.accepts(f"line {number}", complaints(fields, document))
    records = consumer.records()
    judge.equal([document["event"]["id"] for document in documents], [record["id"] for record in records], "records")
    judge.equal([document["source"].get("port") for document in documents], [
        record["client"].get("relay_port") if "prefix_length" in record["client"] else record["client"]["port"] or None
        for record in records], "ports")
    judge.equal(sum(document["labels"]["test"] == "true" for document in documents),
                sum(record["test"] for record in records), "documents marked test")

    def broken(change):
        twin = copy.deepcopy(documents[0])
        change(twin)
        return list(complaints(fields, twin))

    judge.refuses("a category that is no array", lambda: broken(lambda doc: doc["event"].update(category="malware")))
    judge.refuses("a kind that is not allowed", lambda: broken(lambda doc: doc["event"].update(kind="nosuch")))
    judge.refuses("an address that is none", lambda: broken(lambda doc: doc["source"].update(ip="198.51.100.0/24")))
    judge.refuses("a field of our own", lambda: broken(lambda doc: doc.update(ponor={"count": 1})))
    judge.finish(exported, len(documents), sum(doc["threat"]["indicator"]["sightings"] for doc in documents))


if __name__ == "__main__":
    sys.exit(main())
