#!/usr/bin/env python3
"""Prints the fixed scenario that every export is checked with: `make_scenario.py > scenario.jsonl`.

Everything awkward that a record can hold is in it: both address families, all transports, forwarders and devices behind
them, shared addresses, ambiguous leases, one lookup and a million, an analyst, a rehearsal, a withdrawal, and names with
every character that some format gives a meaning.
"""

import datetime
import itertools
import json
import uuid

SPACE = uuid.UUID("6ba7b812-9dad-11d1-80b4-00c04fd430c8")
DAY = 1_795_305_600_000_000  # 2026-11-22 00:00:00 UTC
SECOND = 1_000_000
NUMBERS = itertools.count(1)
SERVERS = {4: "192.0.2.53", 6: "2001:db8::53"}


def rfc3339(microseconds):
    return (datetime.datetime(1970, 1, 1) + datetime.timedelta(microseconds=microseconds)).isoformat(
        timespec="microseconds") + "Z"


def instant(key, microseconds):
    return {f"{key}_time": rfc3339(microseconds), f"{key}_us": microseconds}


def seconds(key, value):
    return {f"{key}_time": rfc3339(value * SECOND)[:19] + "Z", f"{key}_s": value}


def lookup(name, microseconds, port, transport, ordinal=None, listed=None, qtype="A", action="sinkhole", valid=True):
    result = {"time": rfc3339(microseconds), "us": microseconds, "qname": name, "listed_name": listed or name,
              "qtype": qtype, "port": port, "transport": transport, "action": action}
    if valid:
        result |= seconds("valid_from", DAY // SECOND) | seconds("valid_to", DAY // SECOND + 86_400)
    if ordinal is not None:
        result["ordinal"] = ordinal
    return result


def record(label, address, *, names=("xkqvhlmrtu.biz", "qpwoeiru.info", "zmxncbvl.net"), count=None, distinct=None,
           transport="udp", port=53_817, scope="line", start=3 * 3_600, last=None, family="conficker", variant="b",
           seed="date", kind="model", gate="likely", confidence=0.97, severity="critical", change="opened", revision=1,
           test=False, verified=False, tlp="amber", client=None, subscriber=None, lookups=None, **more):
    first = DAY + start * SECOND + 250_000 + len(label)
    if lookups is None:
        lookups = [lookup(name, first + index * 61 * SECOND, port + index, transport, 7 * index, qtype=qtype)
                   for index, (name, qtype) in enumerate(zip(names, ["A", "AAAA", "HTTPS"] * 4))]
    first, port, transport = lookups[0]["us"], lookups[0]["port"], lookups[0]["transport"]
    count = count or 2 * len(lookups)
    last = max(lookups[-1]["us"], DAY + last * SECOND if last else 0)
    infected = {"benign": round(1 - confidence, 6), "infected": confidence, "analyst": 0.0, "relay": 0.0, "spoofed": 0.0}
    version = 6 if ":" in address else 4
    result = {
        "schema": 1, "id": str(uuid.uuid5(SPACE, f"record {label}")), "revision": revision, "change": change,
        "episode": str(uuid.uuid5(SPACE, f"episode {label}")), "case": f"PN-2026-{next(NUMBERS):06}", "test": test, "tlp": tlp,
        "day": rfc3339(first)[:10], **instant("first", first), **instant("last", last), **instant("episode_first", first),
        "count": count, "distinct_names": distinct or len({l["listed_name"] for l in lookups}),
        "client": {"address": address, "port": port, "transport": transport, "scope": scope, **(client or {})},
    }
    if subscriber:
        result["subscriber"] = subscriber
    result |= {
        "server": {"address": SERVERS[version], "port": {"dot": 853, "doh": 443}.get(transport, 53), "resolver": "resolver-1"},
        "family": family, "variant": variant, "seed": seed, "kind": kind, "lookups": lookups, "gate": gate,
        "confidence": confidence, "severity": severity, "verified": verified or transport != "udp",
        "infected_devices_at_least": 1, "stopped_early": False, "probabilities": infected,
        "terms": [{"name": "prior", "value": -6.9}, {"name": "breadth", "value": 10.4}],
        "reasons": [f"{len(lookups)} names of one seed in order"], "parameters": "1", **more,
    }
    return result


def hostile(names, start):
    """Lookups of names with odd octets, in presentation form."""
    return [lookup(name, DAY + (start + index) * SECOND, 40_000 + index, "udp", index, listed=name.split(".", 1)[1])
            for index, name in enumerate(names)]


def scenario():
    yield record("IPv4, UDP", "198.51.100.23")
    yield record("IPv4, TCP", "198.51.100.24", transport="tcp", family="necurs", variant="", seed="9")
    yield record("DNS over TLS", "198.51.100.25", transport="dot", port=61_001, gate="confirmed", confidence=0.9995)
    yield record("DNS over HTTPS", "198.51.100.26", transport="doh", port=61_002, gate="confirmed", confidence=0.9999)
    yield record("IPv6, UDP", "2001:db8:1:2::a5", verified=True)
    yield record("IPv6, DoH", "2001:db8:1:3::1", transport="doh", family="qakbot", variant="", seed="1")
    yield record("forwarder", "203.0.113.7", scope="forwarder", count=40, infected_devices_at_least=3, severity="info",
                 gate="suspected", confidence=0.61)
    yield record("IPv6 forwarder", "2001:db8:9::53", scope="forwarder", severity="info", gate="suspected", confidence=0.6)
    yield record("device behind a forwarder", "192.0.2.129", transport="tcp",
                 client={"device": "mac:02:00:5e:10:00:01", "relay": "203.0.113.8", "relay_port": 4711})
    yield record("carrier-grade NAT", "198.51.100.200", scope="shared", port=2_049, infected_devices_at_least=2,
                 subscriber={"state": "unique", "key": "line-0815", "source": "cgnat"})
    yield record("inside the carrier-grade NAT", "100.64.12.9", port=1_024,
                 subscriber={"state": "unique", "key": "line, \"4711\"; =x", "source": "radius"})
    yield record("ambiguous lease", "198.51.100.31", subscriber={"state": "ambiguous", "source": "kea"})
    yield record("no lease", "198.51.100.32", subscriber={"state": "unknown", "source": "dhcpd"})
    yield record("one lookup", "198.51.100.33", names=("ramp.com",), count=1, gate="recorded", confidence=0.02,
                 severity="info", family="qsnatch", variant="", seed="1")
    yield record("a million lookups", "198.51.100.34", count=1_048_576, distinct=1_250, last=86_399, gate="confirmed",
                 confidence=0.99999, stopped_early=True)
    yield record("the last microsecond of a day", "198.51.100.35", start=86_399, transport="tcp", count=1,
                 lookups=[lookup("midnight.example", DAY + 86_400 * SECOND - 1, 9, "tcp", valid=False)], port=9)
    yield record("analyst", "198.51.100.36", count=50_000, distinct=50_000, gate="recorded", confidence=0.01,
                 severity="info", probabilities={"analyst": 0.98, "benign": 0.0, "infected": 0.01, "relay": 0.01, "spoofed": 0.0},
                 reasons=["the whole list was asked within a minute: an analyst, or a scanner"])
    yield record("odd octets", "198.51.100.37", family="suppobox", variant="", seed="a", lookups=hostile([
        r"\000\010\013\255.evil-one.example", r"a,b\"c|d=e'f;g\\h.evil-two.example".replace('\\"', '"'),
        r"caf\195\169.evil-three.example", "xn--caf-dma.evil-four.example", r"two\032words.evil-five.example",
        r"a\.dot-within.evil-six.example", "<b>&amp;</b>.evil-seven.example", "%41${jndi:x}.evil-eight.example"], 4 * 3_600))
    yield record("formulas", "198.51.100.38", kind="feed", family="=cmd", variant='=HYPERLINK("x")|,;]', seed="@sum+1", lookups=[
        lookup(name, DAY + 5 * 3_600 * SECOND + index, 50_000 + index, "udp", index)
        for index, name in enumerate(["=1+1.example", "+49.example", "-2.example", "@here.example", "|pipe.example"])])
    yield record("text in other letters", "198.51.100.39", kind="feed", family="Käse", variant="two\nlines\t\u202e",
                 seed='comma, "quotes" | pipes = equals \\ back', reasons=["line one\nline two", "=1+1", "naïve ☃ 𝄞"],
                 client={"as_name": "Bücher, \"Netz\" | GmbH=1", "asn": 64_496, "country": "DE", "city": "Köln\n"})
    yield record("prefix told by a forwarder", "10.20.30.0", port=0,
                 client={"prefix_length": 24, "relay": "203.0.113.9", "relay_port": 5_353})
    yield record("IPv6 prefix told by an IPv4 forwarder", "2001:db8:77::", port=0,
                 client={"prefix_length": 56, "relay": "203.0.113.10", "relay_port": 5_354})
    yield record("port not known", "198.51.100.40", port=0, lookups=[lookup("noport.example", DAY + SECOND, 0, "udp", 1)],
                 start=1, client={"relay": "203.0.113.11", "relay_port": 5_355})
    yield record("rehearsal", "192.0.2.77", test=True)
    yield record("rehearsal, IPv6", "2001:db8:7::7", test=True, tlp="green")
    yield record("withdrawn", "198.51.100.41", change="withdrawn", revision=3, gate="recorded", confidence=0.001,
                 severity="info", reasons=["marked as a false positive by the abuse desk"])
    yield record("closed", "198.51.100.42", change="closed", revision=2)
    yield record("a later day", "198.51.100.43", change="updated", start=86_400 + 60, clock_skew_days=-3, tlp="amber+strict")
    yield record("with network and place", "198.51.100.44", tlp="red",
                 client={"asn": 64_511, "as_name": "EXAMPLE-NET", "country": "AT", "city": "Wien"})


if __name__ == "__main__":
    for each in scenario():
        print(json.dumps(each, ensure_ascii=False, separators=(",", ":")))
