#!/usr/bin/env python3
"""LEEF lines, by IBM's rules as written down here: PyPI and Debian have no parser of LEEF, so this check is our own."""
import datetime
import ipaddress
import sys

import consumer

# IBM QRadar, "LEEF event components" and "Predefined LEEF event attributes" (version 2.0).
PREDEFINED = {"cat", "devTime", "devTimeFormat", "proto", "sev", "src", "dst", "srcPort", "dstPort", "domain"}
JAVA_FORMAT = "yyyy-MM-dd'T'HH:mm:ss.SSSX"


def parse(line):
    """Header and attributes; raises when the line is not LEEF 2.0."""
    parts = line.split("|", 6)
    if len(parts) != 7 or parts[0] != "LEEF:2.0" or not all(parts[1:5]):
        raise ValueError("no header of LEEF 2.0")
    if not parts[5].startswith("x") or not 1 <= len(parts[5]) - 1 <= 4:
        raise ValueError("the delimiter is no hexadecimal number")
    attributes = {}
    for pair in parts[6].split(chr(int(parts[5][1:], 16))):
        key, separator, value = pair.partition("=")
        if not separator or not key.isalnum() or key in attributes:
            raise ValueError(f"no attribute: {pair!r}")
        attributes[key] = value
    return parts[1:5], attributes


def complaints(line):
    _, values = parse(line)
    for key in ("src", "dst"):
        if key in values:
            ipaddress.ip_address(values[key])
    for key in ("srcPort", "dstPort"):
        if key in values and not 0 < int(values[key]) < 65_536:
            yield f"{key} {values[key]}"
    if not 1 <= int(values["sev"]) <= 10:
        yield f"sev {values['sev']}"
    if values["devTimeFormat"] != JAVA_FORMAT:
        yield "another time format"
    datetime.datetime.strptime(values["devTime"], "%Y-%m-%dT%H:%M:%S.%fZ")


def main():
    judge = consumer.Judge("leef")
    exported = consumer.export("leef")
    lines, records = exported.lines, consumer.records()
    data = []
    for number, (line, record) in enumerate(zip(lines, records), 1):
        judge.accepts(f"line {number}", complaints(line))
        data.append(parse(line)[1])
        judge.check(PREDEFINED - set(data[-1]) <= {"srcPort"}, f"line {number} lacks {PREDEFINED - set(data[-1])}")
        judge.equal(data[-1]["query"], record["lookups"][0]["qname"], f"line {number}: name asked for")
    judge.equal([item["recordId"] for item in data], [record["id"] for record in records], "records")
    judge.equal(sum(item["cat"].startswith("test") for item in data), sum(record["test"] for record in records),
                "lines marked test")
    judge.refuses("a tab in a value", lambda: list(complaints(lines[0].replace("family=", "family=a\tb", 1))))
    judge.refuses("a severity of 11", lambda: list(complaints(lines[0].replace("\tsev=10", "\tsev=11", 1))))
    judge.refuses("version 1", lambda: list(complaints(lines[0].replace("LEEF:2.0", "LEEF:1.0", 1))))
    judge.finish(exported, len(lines), sum(int(item["count"]) for item in data))


if __name__ == "__main__":
    sys.exit(main())
