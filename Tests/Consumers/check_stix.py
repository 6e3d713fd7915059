#!/usr/bin/env python3
"""STIX bundles: the OASIS validator (strict), the OASIS library's own identifiers, and misp-stix.

Check 103 of the validator is off: it recommends random identifiers (version 4) for objects that are no observables.
Ponor's are stable (version 5), as a TAXII client that polls again must know an object again.
"""
import copy
import json
import pathlib
import sys
import tempfile

import consumer

consumer.enter_venv("stix", "stix2==3.0.2", "stix2-validator==3.3.2", "misp-stix==2026.10.12")

import stix2  # noqa: E402
from misp_stix_converter import ExternalSTIX2toMISPParser  # noqa: E402
from stix2validator import ValidationOptions, validate_file  # noqa: E402

OBSERVABLES = {"ipv4-addr", "ipv6-addr", "domain-name", "network-traffic"}


def validate(bundle):
    """What the validator complains about."""
    options = ValidationOptions(strict=True, version="2.1", disabled="103", enforce_refs=True, strict_properties=True)
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "bundle.json"
        path.write_text(json.dumps(bundle))
        result = validate_file(str(path), options)
    errors = [error for part in result.object_results for error in part.errors or []] \
        if hasattr(result, "object_results") and result.object_results else []
    return errors or ([] if result.is_valid else ["not valid"])


def load(bundle):
    """The objects as the OASIS library reads them; an observable's identifier is what it would give."""
    for item in bundle["objects"]:
        stix2.parse(item, version="2.1")
        if item["type"] in OBSERVABLES:
            bare = {key: value for key, value in item.items() if key != "id"}
            if stix2.parse(bare, version="2.1").id != item["id"]:
                yield f"{item['id']} is not the identifier of its properties"


def to_misp(bundle):
    """misp-stix's event, and what it complains about."""
    parser = ExternalSTIX2toMISPParser()
    parser.load_stix_bundle(stix2.parse(bundle, version="2.1", allow_custom=True))
    parser.parse_stix_bundle(single_event=True)
    return parser.misp_event, [*parser.errors.items(), *parser.warnings.items()]


def main():
    judge = consumer.Judge("stix")
    exported = consumer.export("stix")
    bundle = json.loads(exported.text)
    judge.accepts("stix2-validator", validate(bundle))
    judge.accepts("stix2", load(bundle))
    event, complaints = to_misp(bundle)
    judge.accepts("misp-stix", complaints)
    attributes = [*event.attributes, *(attribute for item in event.objects for attribute in item.attributes)]
    addresses = [attribute for attribute in attributes if attribute.type in ("ip-src", "ip-dst")]
    judge.check(addresses, "misp-stix gave no addresses")
    judge.check(not any(attribute.to_ids for attribute in addresses), "an address is marked as something to block")

    kinds = {}
    for item in bundle["objects"]:
        kinds.setdefault(item["type"], []).append(item)
    judge.check("infrastructure" not in kinds, "misp-stix cannot load infrastructure")
    identifiers = [item["id"] for item in bundle["objects"]]
    judge.equal(len(set(identifiers)), len(identifiers), "distinct identifiers")
    records = consumer.records()
    sightings = kinds["sighting"]
    judge.equal(sum(item.get("revoked", False) for item in sightings), sum(map(consumer.is_withdrawn, records)),
                "revoked sightings")
    judge.equal(sum("test" in item["labels"] for item in sightings), sum(record["test"] for record in records),
                "sightings marked test")
    again = json.loads(consumer.export("stix").text)
    judge.equal([item["id"] for item in again["objects"]], identifiers, "identifiers of a second export")

    def broken(change):
        twin = copy.deepcopy(bundle)
        change(twin["objects"])
        return twin

    def first(kind):
        return next(index for index, item in enumerate(bundle["objects"]) if item["type"] == kind)

    judge.refuses("indicator without pattern",
                  lambda: validate(broken(lambda items: items[first("indicator")].pop("pattern"))))
    judge.refuses("last_seen before first_seen", lambda: validate(broken(
        lambda items: items[first("sighting")].update(last_seen="2001-01-01T00:00:00Z"))))
    judge.refuses("a reference to nothing", lambda: validate(broken(lambda items: items.pop(first("malware")))))
    judge.refuses("a foreign identifier", lambda: list(load(broken(
        lambda items: items[first("domain-name")].update(value="other.example")))))
    judge.finish(exported, len(sightings), sum(item["count"] for item in sightings))


if __name__ == "__main__":
    sys.exit(main())
