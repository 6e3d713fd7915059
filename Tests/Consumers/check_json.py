#!/usr/bin/env python3
"""The canonical JSON lines against their own schema, with the jsonschema package, and against the scenario itself."""

import copy
import json
import subprocess

import consumer

consumer.enter_venv("schemas", "jsonschema==4.25.1", "rfc3339-validator==0.1.4", "lxml==6.0.2")

import jsonschema  # noqa: E402

# A copy of each required field's absence, and of values out of their range, must be refused.
WRONG = {"revision": 0, "change": "lost", "tlp": "purple", "first_us": -1, "first_time": "2026-11-22 03:14:07", "count": 0,
         "gate": "certain", "confidence": 1.5, "id": "17", "lookups": [], "schema": 2, "test": "no", "case": "a\nb"}


def documented(schema, value, where=""):
    """Names of fields that the schema does not describe."""
    if isinstance(value, list):
        return [name for each in value for name in documented(schema.get("items", {}), each, where)]
    if not isinstance(value, dict) or "properties" not in schema:
        return []
    unknown = [f"{where}{key}" for key in value if not schema["properties"].get(key, {}).get("description")]
    return unknown + [name for key, each in value.items() for name in
                      documented(schema["properties"].get(key, {}), each, f"{where}{key}.")]


def main():
    judge = consumer.Judge("json")
    schema = json.loads(subprocess.run([consumer.PONOR, "export", "--schema"], capture_output=True, check=True).stdout)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())
    exported = consumer.export("json")
    read = [json.loads(line) for line in exported.lines]
    for record in read:
        judge.accepts(record["case"], (error.message for error in validator.iter_errors(record)))
        judge.equal(documented(schema, record), [], f"{record['case']}: undocumented fields")
        judge.check("subscriber" not in record, f"{record['case']} tells the subscriber unasked")
    # Nothing is lost or changed on the way: what was read is what is written.
    internal = [json.loads(line) for line in consumer.export("json", "--with-subscriber").lines]
    judge.equal(len(internal), len(consumer.records()), "records")
    for record, original in zip(internal, consumer.records()):
        judge.equal(record, {key: value for key, value in original.items() if value != ""}, original["case"])
        judge.accepts(record["case"], (error.message for error in validator.iter_errors(record)))
    for key, value in WRONG.items():
        twin = copy.deepcopy(read[0]) | {key: value}
        judge.refuses(f"{key} = {value!r}", lambda: list(validator.iter_errors(twin)))
        # The program itself must refuse it too, and go on with the next line.
        refused = subprocess.run([consumer.PONOR, "export", "json", "--records", "-", "--gate", "recorded"],
                                 input=(json.dumps(twin) + "\n" + exported.lines[1] + "\n").encode(), capture_output=True)
        if key not in ("first_time",):  # texts beside numbers are for people
            judge.equal(refused.stdout.decode(), exported.lines[1] + "\n", f"after {key} = {value!r}")
            judge.check(b"standard input:1: no infection record" in refused.stderr, f"{key}: {refused.stderr.decode()}")
    for key in schema["required"]:
        twin = {name: value for name, value in read[0].items() if name != key}
        judge.refuses(f"without {key}", lambda: list(validator.iter_errors(twin)))
    judge.finish(exported, len(read), sum(record["count"] for record in read), [record["id"] for record in read])


main()
