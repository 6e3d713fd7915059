#!/usr/bin/env python3
"""XARF 4 reports against the xarf package (schemas and typed models), XARF 3 reports against the published schemas."""

import base64
import hashlib
import json
import pathlib

import consumer

consumer.enter_venv("xarf", "xarf==1.0.0", "jsonschema==4.25.1", "rfc3339-validator==0.1.4", "referencing==0.37.0")


def read4(report):
    """The typed report; raises or returns None unless the library takes it without a word."""
    import xarf
    result = xarf.parse(report)
    assert not result.errors and not result.warnings, (result.errors, result.warnings)
    return result.report


def judge4():
    judge = consumer.Judge("xarf")
    exported = consumer.export("xarf", "--with-subscriber")
    reports = [json.loads(line) for line in exported.lines]
    known = {record["id"]: record for record in consumer.records()}
    for report in reports:
        record = known[report["report_id"]]
        typed = read4(report)
        # The library drops what its models do not like without an error: only a report proves acceptance.
        judge.check(typed is not None and typed.malware_family == report["malware_family"], f"{record['case']}: no report")
        judge.equal(report["timestamp"], record["first_time"], f"{record['case']}: timestamp")
        judge.equal(report["malware_family"].startswith("test-"), record["test"], f"{record['case']}: test")
        judge.check("tlp:" + record["tlp"] in report["tags"], f"{record['case']}: no TLP")
        judge.check("_internal" not in report and "line-0815" not in json.dumps(report), "internal data leave")
        for item in report["evidence"]:
            payload = base64.b64decode(item["payload"], validate=True)
            judge.equal(item["hash"], "sha256:" + hashlib.sha256(payload).hexdigest(), f"{record['case']}: hash")
            judge.equal(item["size"], len(payload), f"{record['case']}: size")
            judge.equal(payload.decode().count("\n"), len(record["lookups"]), f"{record['case']}: evidence lines")
    for key, value in {"confidence": 0.95, "source_port": 0, "tags": ["Malware:x"], "category": "connection",
                       "report_id": 7, "first_seen": "2026-11-22T03:14:07Z"}.items():
        judge.refuses(f"{key} = {value!r}", lambda: read4(reports[0] | {key: value}) is None)
    judge.refuses("no compromise_evidence", lambda: read4(
        {key: value for key, value in reports[0].items() if key != "compromise_evidence"}) is None)
    judge.finish(exported, len(reports), None, [report["report_id"] for report in reports], end=False)
    return judge.failed


def validator3():
    import jsonschema
    import referencing
    folder = consumer.schema("xarf3/rpz.schema.json").parent
    resources = []
    for path in sorted(pathlib.Path(folder).glob("*.json")):
        content = json.loads(path.read_text())
        resources.append((content["$id"], referencing.Resource.from_contents(content)))
    registry = referencing.Registry().with_resources(resources)
    return jsonschema.Draft7Validator(json.loads((folder / "rpz.schema.json").read_text()), registry=registry,
                                      format_checker=jsonschema.FormatChecker())


def judge3():
    judge = consumer.Judge("xarf3")
    validator = validator3()
    exported = consumer.export("xarf3")
    reports = [json.loads(line) for line in exported.lines]
    known = {record["id"]: record for record in consumer.records()}
    for report in reports:
        record = known[report["Report"]["Custom"]["RecordId"]]
        judge.accepts(record["case"], (error.message for error in validator.iter_errors(report)))
        judge.equal(report["Report"]["Date"], record["first_time"], f"{record['case']}: Date")
        judge.equal(report["Report"]["MalwareName"].startswith("test-"), record["test"], f"{record['case']}: test")
        judge.check("InternalProcessing" not in report, "internal data leave")
    inside = [json.loads(line) for line in consumer.export("xarf3", "--with-subscriber").lines]
    for report in inside:
        judge.accepts("internal", (error.message for error in validator.iter_errors(report)))
    judge.equal([report["InternalProcessing"]["SubscriberInformation"]["ID"] for report in inside
                 if "InternalProcessing" in report], ["line-0815", 'line, "4711"; =x'], "subscribers")
    first = reports[0]
    for key, value in {"SourceIp": "198.51.100.300", "ReportSubType": "Rewrite", "ReporterSeverity": "critical",
                       "SourcePort": 65536, "Date": "22.11.2026", "Custom": {"a": 1.5}, "RpzDomain": 7}.items():
        twin = first | {"Report": first["Report"] | {key: value}}
        judge.refuses(f"{key} = {value!r}", lambda: list(validator.iter_errors(twin)))
    judge.refuses("no reporter", lambda: list(validator.iter_errors(
        {key: value for key, value in first.items() if key != "ReporterInfo"})))
    judge.finish(exported, len(reports), sum(report["Report"]["Custom"]["Count"] for report in reports),
                 [report["Report"]["Custom"]["RecordId"] for report in reports], end=False)
    return judge.failed


raise SystemExit(1 if judge4() + judge3() else 0)
