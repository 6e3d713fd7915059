#!/usr/bin/env python3
"""Writes addresses.tsv for AddressingTests.swift: what Python's ipaddress says about generated text.

Columns: kind (address, prefix, contains), input, expected ("-" for refused).
An address is given as 32 hex digits, IPv4 in mapped form; a prefix as hex/length over 128 bits.
"""

import ipaddress
import random

MAPPED = 0xFFFF << 32


def mapped(address):
    return int(address) | (MAPPED if address.version == 4 else 0)


def address_of(text):
    if "%" in text:
        return None  # Zone ids are refused on purpose.
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def prefix_of(text):
    if "%" in text or text.count("/") > 1:
        return None
    address, _, bits = text.partition("/")
    # Netmask notation such as /255.0.0.0 and signs are Python's own.
    if "/" in text and not (bits.isascii() and bits.isdigit()):
        return None
    try:
        return ipaddress.ip_network(text, strict=True)
    except ValueError:
        return None


def random_address(rng):
    if rng.random() < 0.4:
        return ipaddress.IPv4Address(rng.getrandbits(32))
    groups = [rng.choice([0, 0, 0, 1, 0xFFFF, rng.getrandbits(16)]) for _ in range(8)]
    value = 0
    for group in groups:
        value = value << 16 | group
    return ipaddress.IPv6Address(value)


def spelled(rng, address):
    text = rng.choice([str(address), address.exploded, str(address).upper()])
    if address.version == 6 and rng.random() < 0.2:
        head = address.exploded.rsplit(":", 2)[0]
        text = head + ":" + str(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return text


def mutated(rng, text):
    letters = "0123456789abcfg.:/ -+%"
    for _ in range(rng.randint(1, 2)):
        place = rng.randrange(len(text) + 1)
        action = rng.randrange(3)
        if action == 0:
            text = text[:place] + rng.choice(letters) + text[place:]
        elif action == 1:
            text = text[:place] + text[place + 1 :]
        else:
            text = text[:place] + rng.choice(letters) + text[place + 1 :]
    return text


def main():
    rng = random.Random(20261123)
    fixed = """:: ::1 1:: 1::8 1:2:3:4:5:6:7:: ::2:3:4:5:6:7:8 1:2:3:4:5:6:7:8 1:2:3:4:5:6:7 ::: 1::2::3
        1:2:3:4:5:6:7:8:9 ::ffff:192.0.2.1 ::192.0.2.1 1:2:3:4:5:6:192.0.2.1 192.0.2.1 192.0.2.01
        192.0.2 192.0.2.256 0.0.0.0 255.255.255.255 1.2.3.4.5 fe80::1%eth0 12345:: ::g :1 1:
        1.2.3.4:: ::1.2.3.4:5 0:0:0:0:0:0:0:0 00001::""".split()
    texts = list(fixed)
    for _ in range(400):
        text = spelled(rng, random_address(rng))
        texts += [text, mutated(rng, text)]
    for text in texts:
        if not text or text != text.strip():
            continue
        address = address_of(text)
        print("address", text, "-" if address is None else f"{mapped(address):032x}", sep="\t")
    for _ in range(400):
        address = random_address(rng)
        width = address.max_prefixlen
        bits = rng.randint(0, width)
        base = rng.choice([address, ipaddress.ip_network((int(address), width))[0]])
        network = ipaddress.ip_network(f"{base}/{bits}", strict=False)
        text = rng.choice([str(network), f"{address}/{bits}", mutated(rng, str(network))])
        parsed = prefix_of(text)
        if text != text.strip() or (parsed and getattr(parsed[0], "ipv4_mapped", None)):
            continue  # A prefix written in mapped form counts 32 bits in Ponor.
        expected = "-"
        if parsed is not None:
            length = parsed.prefixlen + (96 if parsed.version == 4 else 0)
            expected = f"{mapped(parsed[0]):032x}/{length}"
        print("prefix", text, expected, sep="\t")
        probe = rng.choice([random_address(rng), network[-1], network[0]])
        if probe.version == network.version:
            print("contains", f"{network} {probe}", "yes" if probe in network else "no", sep="\t")


if __name__ == "__main__":
    main()
