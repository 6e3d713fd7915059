#!/usr/bin/env python3
"""`ponor index export`: each format of listed names, read by what others wrote; all must tell of the same names.

STIX by the OASIS validator and pattern parser, MISP by PyMISP, rules by the parser of OISF's suricata-update, RPZ by
dnspython. Suricata itself is in neither PyPI nor Debian 12: a dataset is decoded as its documentation says, no more.
"""
import base64
import csv
import io
import json
import pathlib
import re
import subprocess
import sys
import tempfile

import consumer

consumer.enter_venv("names", "stix2-validator==3.3.2", "stix2-patterns==2.1.2", "pymisp==2.5.34.4", "suricata-update==1.3.3",
                    "dnspython==2.8.0")

import dns.zone  # noqa: E402
from pymisp import MISPEvent  # noqa: E402
from stix2patterns.validator import run_validator  # noqa: E402
from stix2validator import ValidationOptions, validate_string  # noqa: E402
from suricata.update.rule import parse as parse_rule  # noqa: E402

HOSTS = [f"{'abcdefghij'[number % 10]}{number:03}xkq.{'biz' if number % 2 else 'info'}" for number in range(200)]
# Names that are asked for and are no host names: an octet outside of them, and what a spreadsheet takes for a formula.
ODD = ["=1+1.biz", "a]`b.info"]


def export(config, format):
    done = subprocess.run([consumer.PONOR, "index", "export", "--config", config, "--format", format, "--organisation",
                           "Example Net"], capture_output=True, timeout=consumer.SECONDS)
    if done.returncode != 0:
        sys.exit(f"index export --format {format} ended with {done.returncode}: {done.stderr.decode()}")
    skipped = sum(int(number) for number in re.findall(r"^ponor: (\d+) names? skipped", done.stderr.decode(), re.M))
    return done.stdout.decode(), skipped


def write_config(folder):
    feed = folder / "feed.csv"
    rows = [f"{name},testfeed,s1,2020-01-01,2040-01-01" for name in HOSTS + ODD]
    # One name in two families: lists have it once, indicators twice.
    feed.write_text("\n".join(["domain,family,seed,valid_from,valid_to", *rows, f"{HOSTS[0]},otherfeed,s2,,"]) + "\n")
    config = folder / "ponor.yaml"
    config.write_text(json.dumps({"data_dir": str(folder / "var"), "models": {"families": []}, "http": {"listen": "off"},
                                  "feeds": [{"path": str(feed)}]}))
    return config


def validate(text):
    result = validate_string(text, ValidationOptions(strict=True, version="2.1", disabled="103", enforce_refs=True))
    return [] if result.is_valid else [str(result.errors or result.object_results)[:300]]


def check_stix(judge, text):
    judge.accepts("stix2-validator", validate(text))
    indicators = [item for item in json.loads(text)["objects"] if item["type"] == "indicator"]
    judge.accepts("stix2-patterns", (error for item in indicators for error in run_validator(item["pattern"], "2.1")))
    judge.refuses("a pattern that is none", lambda: validate(text.replace("[domain-name:value = '", "[domain-name:value '")))
    judge.refuses("an end before the beginning", lambda: validate(
        re.sub(r'"valid_until":"[^"]*"', '"valid_until":"1960-01-01T00:00:00Z"', text)))
    judge.equal(len(indicators), len(HOSTS) + 1, "indicators (one name is in two families)")
    return {item["name"] for item in indicators}


def load_misp(text):
    event = MISPEvent(strict_validation=True)
    event.load(json.loads(text))
    return event


def check_misp(judge, text):
    event = load_misp(text)
    judge.check(all(attribute.to_ids and attribute.first_seen and attribute.last_seen for attribute in event.attributes
                    if attribute.value != HOSTS[0]), "names are for detection and have their validity")
    judge.equal(len({attribute.value for attribute in event.attributes}), len(event.attributes), "distinct values")
    judge.refuses("an event without info", lambda: load_misp(text.replace('"info"', '"nofo"', 1)) and None)
    judge.refuses("an attribute of no type", lambda: load_misp(
        text.replace('"type":"domain"', '"type":"nosuch"', 1)) and None)
    return {attribute.value for attribute in event.attributes}


def check_rules(judge, text):
    rules = [parse_rule(line) for line in text.splitlines()]
    judge.check(all(rule and rule.enabled and rule.action == "alert" and rule.proto == "dns" for rule in rules),
                "suricata-update reads each rule")
    judge.equal(len({rule.sid for rule in rules}), len(rules), "distinct rule numbers")
    judge.check(all(1_000_000 <= rule.sid < 2_000_000 for rule in rules), "rule numbers are local ones")
    judge.refuses("a rule without options", lambda: None if parse_rule(text.splitlines()[0].split("(")[0]) else ["none"])
    contents = [re.search(r'content:"([^"]*)"', rule.raw)[1] for rule in rules]
    return {re.sub(r"\|([0-9a-f]{2})\|", lambda match: chr(int(match[1], 16)), content)[1:] for content in contents}


def check_rpz(judge, text):
    zone = dns.zone.from_text(text, origin="rpz.example.", relativize=True)
    judge.refuses("a record of no type", lambda: dns.zone.from_text(text + "x NOSUCH y\n", origin="rpz.example.") and None)
    owners = {name.to_text() for name in zone.nodes} - {"@"}
    exact = {name for name in owners if not name.startswith("*.")}
    judge.equal(owners - exact, {f"*.{name}" for name in exact}, "names below")
    return {name.replace("\\", "") for name in exact}


def check_csv(judge, text):
    rows = list(csv.DictReader(io.StringIO(text)))
    judge.check(not any(value.startswith(tuple("=+-@")) for row in rows for value in row.values()), "no formulas")
    return {row["domain"].removeprefix("'") for row in rows}


READERS = {
    "text": lambda judge, text: set(text.splitlines()),
    "hosts": lambda judge, text: {line.split(" ")[1] for line in text.splitlines()},
    "json": lambda judge, text: {json.loads(line)["domain"] for line in text.splitlines()},
    "csv": check_csv, "stix": check_stix, "misp": check_misp, "suricata-rules": check_rules, "rpz": check_rpz,
    "suricata-dataset": lambda judge, text: {base64.b64decode(line, validate=True).decode() for line in text.splitlines()},
}
# Suricata's dns.query buffer holds octets as they are asked for; the other three know host names.
HOST_NAMES_ONLY = {"hosts", "stix", "misp"}


def main():
    listed = subprocess.run([consumer.PONOR, "index", "export", "--list"], capture_output=True, text=True, check=True)
    failed = passed = 0
    with tempfile.TemporaryDirectory() as name:
        config = write_config(pathlib.Path(name))
        for format in (line.split()[0] for line in listed.stdout.splitlines()):
            judge = consumer.Judge(format)
            text, skipped = export(config, format)
            names = READERS[format](judge, text)
            wanted = {*HOSTS, *([] if format in HOST_NAMES_ONLY else ODD)}
            judge.equal(names ^ wanted, set(), "names too many or too few")
            judge.equal(skipped, len(ODD) if format in HOST_NAMES_ONLY else 0, "names skipped")
            print(f"{format}: {len(names)} names + {skipped} skipped; {judge.passed} passed, {judge.failed} failed")
            passed, failed = passed + judge.passed, failed + judge.failed
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
