"""Malformed packets: valid queries changed at random, the same for the same seed."""

import random
import struct
from collections.abc import Iterator

import dns.edns
import dns.message

QTYPES = ["A", "AAAA", "TXT", "ANY", "SOA", "NS", "HTTPS", "MX", "TYPE65280"]
INTERESTING = [0, 1, 0x3F, 0x40, 0x7F, 0x80, 0xC0, 0xC1, 0xFF]


def seeds(names: list[str]) -> list[bytes]:
    """Valid queries to start from: types, EDNS, options, opcodes, other sections in use."""
    packets = []
    for name in names:
        for qtype in QTYPES:
            packets.append(dns.message.make_query(name, qtype).to_wire())
            packets.append(dns.message.make_query(name, qtype, use_edns=0, want_dnssec=True).to_wire())
        options = [dns.edns.GenericOption(10, b"cookie!!"), dns.edns.ECSOption("192.0.2.1", 24),
                   dns.edns.GenericOption(12, bytes(40))]
        packets.append(dns.message.make_query(name, "A", use_edns=0, options=options).to_wire())
        update = bytearray(dns.message.make_query(name, "SOA").to_wire())
        update[2] = 5 << 3
        packets.append(bytes(update))
    return packets


def mutate(packet: bytes, chance: random.Random) -> bytes:
    """One to four random changes of a packet."""
    data = bytearray(packet)
    for _ in range(chance.randint(1, 4)):
        chance.choice(CHANGES)(data, chance)
    return bytes(data[:65535])


def _flip(data: bytearray, chance: random.Random) -> None:
    if data:
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)


def _replace(data: bytearray, chance: random.Random) -> None:
    if data:
        data[chance.randrange(len(data))] = chance.choice(INTERESTING)


def _truncate(data: bytearray, chance: random.Random) -> None:
    del data[chance.randrange(len(data) + 1):]


def _delete(data: bytearray, chance: random.Random) -> None:
    begin = chance.randrange(len(data) + 1)
    del data[begin:begin + chance.randint(1, 8)]


def _insert(data: bytearray, chance: random.Random) -> None:
    begin = chance.randrange(len(data) + 1)
    data[begin:begin] = chance.randbytes(chance.randint(1, 16))


def _repeat(data: bytearray, chance: random.Random) -> None:
    begin = chance.randrange(len(data) + 1)
    data[begin:begin] = data[begin:begin + chance.randint(1, 40)] * chance.randint(1, 8)


def _counts(data: bytearray, chance: random.Random) -> None:
    if len(data) >= 12:
        place = chance.choice([4, 6, 8, 10])
        data[place:place + 2] = struct.pack("!H", chance.choice([0, 1, 2, 255, 65535]))


def _pointer(data: bytearray, chance: random.Random) -> None:
    if len(data) > 14:
        place = chance.randrange(12, len(data) - 1)
        data[place:place + 2] = struct.pack("!H", 0xC000 | chance.randrange(len(data) + 20))


def _flags(data: bytearray, chance: random.Random) -> None:
    if len(data) >= 4:
        data[2:4] = chance.randbytes(2)


def _noise(data: bytearray, chance: random.Random) -> None:
    data[:] = chance.randbytes(chance.choice([0, 1, 11, 12, 13, 17, 40, 512, 1500]))


CHANGES = [_flip, _flip, _replace, _truncate, _delete, _insert, _repeat, _counts, _pointer, _flags, _noise]


def packets(names: list[str], count: int, chance: random.Random) -> Iterator[bytes]:
    """`count` mutated packets."""
    start = seeds(names)
    for _ in range(count):
        yield mutate(chance.choice(start), chance)
