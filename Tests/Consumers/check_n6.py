#!/usr/bin/env python3
"""n6 events against n6sdk's own data specification, or, where n6sdk is not at hand, its documented rules.

n6sdk is on no package index: PONOR_N6SDK names the folder N6SDK of a checkout of CERT-Polska/n6. Without it the rules of
the specification, written down here once more, are the judge; the first line says which it was.
"""

import json
import os
import re

import consumer

N6SDK = os.environ.get("PONOR_N6SDK")
if N6SDK:
    consumer.enter_venv("n6", "setuptools<81", N6SDK)

# n6's own components count to here (N6Lib's data specification); n6sdk's example stops at 32767.
LARGEST_COUNT = 2**32 - 1
RULES = {
    "id": r"^.{1,64}$", "source": r"^(?=.{1,32}$)[-0-9a-z]+\.[-0-9a-z]+$", "restriction": r"^(public|need-to-know|internal)$",
    "confidence": r"^(low|medium|high)$", "category": r"^(bots|dns-query|other)$", "origin": r"^sinkhole$",
    "time": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$", "until": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$",
    "modified": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$", "proto": r"^(tcp|udp|icmp)$", "name": r"^.{1,255}$",
    "fqdn": r"^(?=.{1,255}$)([-0-9a-z_]{1,63}\.)*(?!\d+$)[-0-9a-z_]{1,63}$",
    "dip": r"^(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}$",
}
NUMBERS = {"sport": 65_535, "dport": 65_535, "count": LARGEST_COUNT}
REQUIRED = ("id", "source", "restriction", "confidence", "category", "time")


def specification():
    """A function that raises unless an event is right."""
    if not N6SDK:
        print("judged by the rules of n6sdk written down once more")
        return by_rules
    from n6sdk.data_spec import DataSpec, Ext

    class OwnSpecification(DataSpec):
        count = Ext(max_value=LARGEST_COUNT)
    print("judged by n6sdk")
    return OwnSpecification().clean_result_dict


def by_rules(event):
    assert all(key in event for key in REQUIRED), "a field is missing"
    for key, value in event.items():
        if key == "address":
            assert isinstance(value, list) and value and all(re.match(RULES["dip"], each["ip"]) for each in value)
            assert all(set(each) <= {"ip", "cc", "asn", "dir", "rdns"} for each in value)
        elif key in NUMBERS:
            assert isinstance(value, int) and 0 <= value <= NUMBERS[key], key
        else:
            assert isinstance(value, str) and re.match(RULES[key], value), key


def main():
    judge = consumer.Judge("n6")
    clean = specification()
    exported = consumer.export("n6", "--name", "My ISP")
    events = [json.loads(line) for line in exported.lines]
    known = {consumer.plain(record["id"]): record for record in consumer.records()}
    for event in events:
        record = known[event["id"]]
        try:
            clean(event)
            judge.check(True, "")
        except Exception as error:
            judge.check(False, f"{record['case']}: {error!r}")
        judge.equal(event["time"], record["first_time"], f"{record['case']}: time")
        judge.equal(event["category"], "other" if record["test"] else
                    "dns-query" if record["client"]["scope"] == "forwarder" else "bots", f"{record['case']}: category")
        judge.equal(event["restriction"], {"clear": "public", "green": "need-to-know", "amber": "need-to-know"}.get(
            record["tlp"], "internal"), f"{record['case']}: restriction")
    for key, value in {"category": "bot", "time": "yesterday", "sport": 70_000, "confidence": "97", "origin": "hole",
                       "address": [{"ip": "2001:db8::1"}], "fqdn": "a b.example", "source": "My ISP",
                       "count": 2**32}.items():
        judge.refuses(f"{key} = {value!r}", lambda: clean(events[0] | {key: value}) and None)
    for key in REQUIRED:
        judge.refuses(f"without {key}", lambda: clean({name: each for name, each in events[0].items() if name != key}) and None)
    judge.finish(exported, len(events), sum(event["count"] for event in events), [event["id"] for event in events])


main()
