#!/usr/bin/env python3
"""CEF lines: pycef reads them; their keys and types are those of ArcSight's dictionary."""
import ipaddress
import re
import sys

import consumer

consumer.enter_venv("cef", "pycef==1.11")

import pycef  # noqa: E402

NUMBERS = {"rt", "start", "end", "spt", "dpt", "cnt", "cn1", "cn2", "cn3"}
TEXTS = {"proto", "app", "dvchost", "destinationDnsDomain", "act", "cat", "externalId", "reason",
         *(f"cs{number}" for number in range(1, 7)), "flexString1", "flexString2"}
LABELLED = {"c6a2", "c6a3", "cn1", "cn2", "cn3", *(f"cs{number}" for number in range(1, 7)), "flexString1", "flexString2"}


def parse(line):
    """Header and extension as pycef reads them, which puts a labelled value under its label."""
    values = pycef.parse(line)
    if values is None:
        raise ValueError("pycef takes it for no CEF")
    return values


def raw_extension(line):
    """Keys of the extension and their values with escapes taken back, by the rules of CEF alone."""
    text = re.split(r"(?<!\\)(?:\\\\)*\|", line, maxsplit=7)[7]
    parts = re.split(r"(?:^| )(\w+)=", text)
    return {key: re.sub(r"\\(.)", r"\1", value) for key, value in zip(parts[1::2], parts[2::2])}


def complaints(line):
    parse(line)
    values = raw_extension(line)
    for key, value in values.items():
        if key.endswith("Label"):
            if key.removesuffix("Label") not in values:
                yield f"{key} labels nothing"
        elif key in NUMBERS:
            if not value.isdigit():
                yield f"{key}={value} is no number"
        elif key in ("src", "dst"):
            ipaddress.IPv4Address(value)
        elif key in ("c6a2", "c6a3"):
            ipaddress.IPv6Address(value)
        elif key not in TEXTS:
            yield f"{key} is not in the dictionary"
        if key in LABELLED and f"{key}Label" not in values:
            yield f"{key} has no label"


def main():
    judge = consumer.Judge("cef")
    exported = consumer.export("cef")
    lines, records = exported.lines, consumer.records()
    for number, (line, record) in enumerate(zip(lines, records), 1):
        judge.accepts(f"line {number}", complaints(line))
        values, header = raw_extension(line), parse(line)
        judge.equal(int(values["rt"]), record["first_us"] // 1_000, f"line {number}: rt")
        judge.equal(values["cs2"], record["lookups"][0]["qname"], f"line {number}: name asked for")
        judge.equal(values["externalId"], record["id"], f"line {number}: externalId")
        judge.equal(header["DeviceVendor"], "Ponor", f"line {number}: vendor")
    data = [raw_extension(line) for line in lines]
    judge.equal(sum(item["cat"].startswith("/Test") for item in data), sum(record["test"] for record in records),
                "lines marked test")
    judge.refuses("no header", lambda: list(complaints(lines[0].replace("CEF:0|", "", 1))))
    judge.refuses("an IPv6 address in src", lambda: list(complaints(lines[0].replace(" src=", " src=2001:db8::1", 1))))
    judge.refuses("a custom string without label", lambda: list(complaints(lines[0].replace(" cs1Label=Family", "", 1))))
    judge.refuses("a value with `=` that is not escaped", lambda: list(
        complaints(lines[0].replace(" cs1=", " cs1=x y=", 1))))
    judge.finish(exported, len(lines), sum(int(item["cnt"]) for item in data))


if __name__ == "__main__":
    sys.exit(main())
