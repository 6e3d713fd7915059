#!/usr/bin/env python3
"""Writes siphash.tsv for SipHashTests.swift: SipHash-c-d with 128 bits of output, written from the paper.

Checks itself against published SipHash-2-4-128 vectors, then prints SipHash-1-3-128 ones.
"""

MASK = (1 << 64) - 1


def rotate(value, bits):
    return (value << bits | value >> (64 - bits)) & MASK


class State:
    def __init__(self, key):
        low, high = (int.from_bytes(key[i : i + 8], "little") for i in (0, 8))
        self.v = [
            low ^ 0x736F6D6570736575,
            high ^ 0x646F72616E646F6D ^ 0xEE,
            low ^ 0x6C7967656E657261,
            high ^ 0x7465646279746573,
        ]

    def rounds(self, count):
        a, b, c, d = self.v
        for _ in range(count):
            a = (a + b) & MASK
            c = (c + d) & MASK
            b = rotate(b, 13) ^ a
            d = rotate(d, 16) ^ c
            a = rotate(a, 32)
            c = (c + b) & MASK
            a = (a + d) & MASK
            b = rotate(b, 17) ^ c
            d = rotate(d, 21) ^ a
            c = rotate(c, 32)
        self.v = [a, b, c, d]

    def folded(self):
        a, b, c, d = self.v
        return a ^ b ^ c ^ d


def siphash128(key, data, c, d):
    state = State(key)
    padded = data + bytes(-(len(data) + 1) % 8) + bytes([len(data) & 0xFF])
    for start in range(0, len(padded), 8):
        word = int.from_bytes(padded[start : start + 8], "little")
        state.v[3] ^= word
        state.rounds(c)
        state.v[0] ^= word
    state.v[2] ^= 0xEE
    state.rounds(d)
    first = state.folded()
    state.v[1] ^= 0xDD
    state.rounds(d)
    return first.to_bytes(8, "little") + state.folded().to_bytes(8, "little")


# From vectors.h of the reference implementation (github.com/veorq/SipHash), lengths 0, 1, 2.
PUBLISHED_2_4 = [
    "a3817f04ba25a8e66df67214c7550293",
    "da87c1d86b99af44347659119b22fc45",
    "8177228da4a45dc7fca38bdef60affe4",
]


def main():
    key = bytes(range(16))
    for length, expected in enumerate(PUBLISHED_2_4):
        assert siphash128(key, bytes(range(length)), 2, 4).hex() == expected, length
    for length in list(range(0, 65)) + [255]:
        print(length, siphash128(key, bytes(range(length)), 1, 3).hex(), sep="\t")


if __name__ == "__main__":
    main()
