"""Issue 2 point 5: EDNS, truncation and the errors the RFCs want; nothing ever answers an answer."""

import struct

import dns.edns
import dns.flags
import dns.message
import dns.opcode
import dns.rcode
import pytest

from harness.client import addresses, query, types

ZONE = "protocol.example.net"
BADVERS = 16


@pytest.fixture(scope="module")
def server(start_shared, tmp_path_factory):
    """A server with one local zone, for answers of any size."""
    file = tmp_path_factory.mktemp("zone") / "zone"
    texts = "\n".join(f'big TXT "{number:03d} {"y" * 150}"' for number in range(30))
    some = "\n".join(f'mid TXT "{number:03d} {"y" * 100}"' for number in range(8))
    file.write_text(f"$ORIGIN {ZONE}.\n$TTL 300\n@ SOA ns h 1 60 60 60 60\n@ NS ns\nns A 192.0.2.1\n"
                    f"www A 192.0.2.2\n{texts}\n{some}\n")
    return start_shared({"zones": [{"name": ZONE, "file": str(file)}],
                         "server": {"version": "ponor under test", "identity": "node7"}})


@pytest.fixture(scope="module")
def client(server):
    return server.client


def header(identifier: int = 0x1234, *, flags: int = 0x0100, counts: tuple[int, ...] = (1, 0, 0, 0)) -> bytes:
    return struct.pack("!6H", identifier, flags, *counts)


def question(name: str = f"www.{ZONE}", qtype: int = 1, qclass: int = 1) -> bytes:
    labels = b"".join(bytes([len(label)]) + label.encode() for label in name.split(".") if label)
    return labels + b"\0" + struct.pack("!2H", qtype, qclass)


def opt(*, owner: bytes = b"\0", payload: int = 1232, version: int = 0, flags: int = 0, options: bytes = b"",
        length: int | None = None) -> bytes:
    size = len(options) if length is None else length
    return owner + struct.pack("!HHBBHH", 41, payload, 0, version, flags, size) + options


def rcode(reply: bytes | None) -> int | None:
    """The response code in the header; None for no reply."""
    return None if reply is None else reply[3] & 15


# Sanity

def test_a_plain_question_is_answered(client):
    assert addresses(client.ask(f"www.{ZONE}", edns=False)) == ["192.0.2.2"]


@pytest.mark.parametrize("qtype", ["A", "TXT", "SOA"])
def test_a_response_is_never_answered(client, qtype):
    """QR=1 over UDP and TCP, with any opcode or rcode."""
    message = query(f"www.{ZONE}", qtype)
    message.flags |= dns.flags.QR
    wire = bytearray(message.to_wire())
    for opcode_bits in (0x80, 0x80 | 4 << 3, 0x80 | 5 << 3):
        wire[2] = opcode_bits
        assert client.raw(bytes(wire), 0.2) is None
    assert client.tcp(message, 0.3) is None


@pytest.mark.parametrize("length", range(12))
def test_less_than_a_header_is_not_answered(client, length):
    assert client.raw(header()[:length], 0.05) is None


# EDNS (RFC 6891)

@pytest.mark.parametrize("version", [1, 2, 255])
def test_unknown_edns_version_is_badvers(client, version):
    reply = client.raw(header(counts=(1, 0, 0, 1)) + question() + opt(version=version))
    message = dns.message.from_wire(reply)
    assert message.rcode() == BADVERS and message.edns == 0 and not message.answer


def test_badvers_comes_before_the_question_is_judged(client):
    """RFC 6891 §6.1.3: for an unknown name and with unknown options too."""
    options = struct.pack("!HH", 0xFFFE, 3) + b"abc"
    reply = client.raw(header(counts=(1, 0, 0, 1)) + question("x.unknown.example")
                       + opt(version=1, options=options))
    assert dns.message.from_wire(reply).rcode() == BADVERS


def test_unknown_options_and_flags_are_ignored(client):
    options = struct.pack("!HH", 0xFFFE, 300) + bytes(300) + struct.pack("!HH", 3, 0)
    reply = dns.message.from_wire(
        client.raw(header(counts=(1, 0, 0, 1)) + question() + opt(options=options, flags=0x7FFF)))
    assert reply.rcode() == 0 and addresses(reply) == ["192.0.2.2"]
    assert not reply.ednsflags & 0x7FFF, "unknown flags are not echoed"
    assert not [option for option in reply.options if int(option.otype) == 0xFFFE]


@pytest.mark.parametrize("what, tail, additional", [
    ("two OPT records", opt() + opt(), 2),
    ("OPT not at the root", opt(owner=b"\1x\0"), 1),
    ("option runs past the OPT", opt(options=struct.pack("!HH", 3, 9) + b"ab"), 1),
    ("option header cut short", opt(options=b"\0\3\0"), 1),
    ("OPT data runs past the packet", opt(length=20), 1),
])
def test_malformed_edns_is_a_format_error(client, what, tail, additional):
    reply = client.raw(header(counts=(1, 0, 0, additional)) + question() + tail)
    assert rcode(reply) == dns.rcode.FORMERR, what


@pytest.mark.parametrize("payload, limit", [(None, 512), (0, 512), (100, 512), (512, 512), (600, 600),
                                            (1232, 1232), (4096, 1232), (65535, 1232)])
@pytest.mark.parametrize("name", ["mid", "big"])
def test_udp_answers_fit_and_say_so_when_they_do_not(client, name, payload, limit):
    """The smaller of the client's and the server's size (1232 by default), never below 512."""
    wire = header(counts=(1, 0, 0, payload is not None)) + question(f"{name}.{ZONE}", 16)
    reply = client.raw(wire + (opt(payload=payload) if payload is not None else b""))
    message = dns.message.from_wire(reply, ignore_trailing=False)
    assert len(reply) <= limit
    whole = len(message.answer[0]) if message.answer else 0
    complete = whole == (30 if name == "big" else 8)
    assert bool(message.flags & dns.flags.TC) != complete
    assert (message.edns == 0) == (payload is not None), "OPT survives truncation"


@pytest.mark.parametrize("name, count", [("mid", 8), ("big", 30)])
def test_tcp_answers_are_whole(client, name, count):
    answer = client.ask(f"{name}.{ZONE}", "TXT", tcp=True)
    assert len(answer.answer[0]) == count and not answer.flags & dns.flags.TC


def test_dig_falls_back_to_tcp_by_itself(client):
    assert "Truncated, retrying in TCP" in client.dig(f"big.{ZONE}", "TXT")


# Errors

@pytest.mark.parametrize("code", [1, 2, 3, 6, 9, 15])
def test_unknown_opcodes_are_not_implemented(client, code):
    reply = client.raw(header(flags=code << 11 | 0x0100) + question())
    assert rcode(reply) == dns.rcode.NOTIMP and reply[2] >> 3 & 15 == code and reply[:2] == b"\x12\x34"


@pytest.mark.parametrize("code", [dns.opcode.NOTIFY, dns.opcode.UPDATE])
def test_notify_and_update_from_anyone_are_turned_down(client, code):
    reply = client.raw(header(flags=code << 11) + question(ZONE, 6))
    assert rcode(reply) in (dns.rcode.NOTIMP, dns.rcode.REFUSED, dns.rcode.NOTAUTH)


@pytest.mark.parametrize("what, packet", [
    ("no question", header(counts=(0, 0, 0, 0))),
    ("two questions", header(counts=(2, 0, 0, 0)) + question() * 2),
    ("question count without question", header(counts=(1, 0, 0, 0))),
    ("name runs past the packet", header() + b"\x3fabc"),
    ("name without end", header() + b"\3abc"),
    ("type and class missing", header() + question()[:-4]),
    ("class missing", header() + question()[:-2]),
    ("label of 64 octets", header() + b"\x40" + b"a" * 64 + b"\0\0\1\0\1"),
    ("reserved label type", header() + b"\x80\0\0\1\0\1"),
    ("pointer to itself", header() + b"\xc0\x0c\0\1\0\1"),
    ("pointer forward", header() + b"\xc0\x20\0\1\0\1" + b"\0" * 20),
    ("name of 256 octets", header() + (b"\x3f" + b"a" * 63) * 4 + b"\0\0\1\0\1"),
    ("record count without record", header(counts=(1, 0, 0, 1)) + question()),
])
def test_malformed_questions_are_format_errors_or_dropped(client, what, packet):
    """Never an answer with data, never another code; the identifier comes back."""
    reply = client.raw(packet)
    assert reply is None or (rcode(reply) == dns.rcode.FORMERR and reply[:2] == packet[:2]), what
    assert reply is None or struct.unpack("!H", reply[6:8])[0] == 0, "no records"


@pytest.mark.parametrize("qtype", ["AXFR", "IXFR"])
@pytest.mark.parametrize("tcp", [False, True], ids=["udp", "tcp"])
def test_zone_transfers_are_not_given_to_anyone(client, qtype, tcp):
    wire = query(ZONE, "A").to_wire().replace(question(ZONE, 1), question(ZONE, 252 if qtype == "AXFR" else 251))
    message = dns.message.from_wire(wire)
    reply = client.tcp(message) if tcp else client.udp(message)
    assert reply is None or (reply.rcode() in (dns.rcode.REFUSED, dns.rcode.NOTIMP, dns.rcode.FORMERR)
                             and not reply.answer)


@pytest.mark.parametrize("qtype", [41, 249, 250, 253, 254])
def test_meta_types_get_an_error_or_no_data(client, qtype):
    reply = client.raw(header() + question(qtype=qtype))
    assert reply is not None and struct.unpack("!H", reply[6:8])[0] == 0


def test_names_we_do_not_serve_are_refused_without_recursion(client):
    answer = client.ask("www.elsewhere.example")
    assert answer.rcode() == dns.rcode.REFUSED and not answer.answer


def test_the_reply_repeats_identifier_question_and_opcode(client):
    for identifier in (0, 1, 0x8000, 0xFFFF):
        reply = client.raw(header(identifier) + question("WwW." + ZONE.upper()))
        assert reply[:2] == struct.pack("!H", identifier)
        assert reply[12:12 + len(question())] == question("WwW." + ZONE.upper())


# CHAOS

@pytest.mark.parametrize("name, text", [("version.bind", "ponor under test"), ("id.server", "node7"),
                                        ("version.server", "ponor under test"), ("hostname.bind", "node7")])
def test_chaos_names(client, name, text):
    answer = client.udp(query(name, "TXT", qclass="CH"))
    assert [rdata.strings[0].decode() for rdata in answer.answer[0]] == [text]
    assert types(answer.answer) == {"TXT"}


def test_other_chaos_names_are_refused(client):
    for name in ("authors.bind", "www.example", "."):
        answer = client.udp(query(name, "TXT", qclass="CH"))
        assert answer.rcode() in (dns.rcode.REFUSED, dns.rcode.NXDOMAIN, dns.rcode.NOTIMP), name
        assert not answer.answer


def test_chaos_is_hidden_by_default(start):
    answer = start({}).client.udp(query("version.bind", "TXT", qclass="CH"))
    assert answer.rcode() == dns.rcode.REFUSED and not answer.answer
