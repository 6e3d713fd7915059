"""Issue 4 point 6: zone transfers with NSD, Knot DNS and BIND, in and out, compared record for record."""

import base64
import re
import signal
import socket
import struct
import threading
import time
from pathlib import Path

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.query
import dns.rcode
import dns.rrset
import dns.tsig
import dns.tsigkeyring
import dns.zone
import pytest

from harness import encrypted, environment, transfer_peers
from harness.client import Client, query
from harness.ponor import Ponor
from harness.processes import Daemon, run
from harness.transfer_peers import Key, Peer

ZONE = "xfer.example"
KEY = Key("xfer.key", base64.b64encode(b"an end-to-end secret, 32 octets!").decode())
OTHER = Key("other.key", base64.b64encode(b"another secret of 32 octets.....").decode())
HOSTS = 1_500
LOOPBACK = environment.LOOPBACK


def zone_text(serial: int, hosts: int = HOSTS, changed: int = 0, *, refresh: int = 3600, retry: int = 600,
              expire: int = 86400) -> str:
    """A zone with letter case, wildcards, many types; `changed` hosts have other addresses."""
    lines = ["$TTL 300", f"@ 900 IN SOA ns1 host.master {serial} {refresh} {retry} {expire} 60",
             "@ NS ns1", "@ NS NS2.Elsewhere.example.", "ns1 A 192.0.2.1", "ns1 AAAA 2001:db8::1",
             "@ MX 10 Mail", "mail A 192.0.2.2", "*.wild TXT \"one\" \"two\"", "alias CNAME www.example.com.",
             "_sip._tcp SRV 1 2 5060 mail", "svc HTTPS 1 . alpn=h2 ipv4hint=192.0.2.3",
             "odd TYPE65280 \\# 3 010203", "dn DNAME other.example.", "sub NS ns.sub", "ns.sub A 192.0.2.9",
             "naptr NAPTR 10 20 \"u\" \"E2U+sip\" \"!^.*$!sip:x@y!\" .", "CaSe A 192.0.2.77"]
    lines += [f"host{n} A 192.0.{2 + n // 250}.{(n + (100 if n < changed else 0)) % 250}" for n in range(hosts)]
    return "\n".join(lines) + "\n"


def records(zone: dns.zone.Zone) -> set[tuple[str, int, str, str]]:
    """A zone as a set of records, letter case of data kept."""
    return {(str(name).lower(), ttl, dns.rdatatype.to_text(rdata.rdtype), rdata.to_text())
            for name, ttl, rdata in zone.iterate_rdatas()}


def of_text(text: str) -> set:
    return records(dns.zone.from_text(text, ZONE, relativize=False))


def lower(all_records: set) -> set:
    """Without letter case in data, which NSD and Knot do not keep."""
    return {(name, ttl, kind, text.lower()) for name, ttl, kind, text in all_records}


def keyring(key: Key):
    return dns.tsigkeyring.from_text({key.name: (key.algorithm, key.secret)})


def transferred(port: int, key: Key | None = KEY) -> set:
    """The zone by AXFR."""
    options = {"keyring": keyring(key), "keyname": key.name, "keyalgorithm": key.algorithm} if key else {}
    messages = dns.query.xfr(LOOPBACK, ZONE, port=port, lifetime=20, relativize=False, **options)
    return records(dns.zone.from_xfr(messages, relativize=False))


def serial(port: int) -> int | None:
    answer = Client(port).udp(query(ZONE, "SOA"), 0.5)
    if answer is None or not answer.answer:
        return None
    return answer.answer[0][0].serial


def keys(*all_keys: Key) -> list[dict]:
    return [{"name": key.name, "algorithm": key.algorithm, "secret": key.secret} for key in all_keys]


def wait(condition, what: str, seconds: float = 20):
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        assert time.monotonic() < deadline, f"no {what} in {seconds} s"
        time.sleep(0.05)


@pytest.fixture
def started():
    """Starts daemons and ends them with the test."""
    all_daemons: list[Daemon | Ponor] = []

    def start(daemon):
        all_daemons.append(daemon)
        daemon.start()
        return daemon

    yield start
    for daemon in reversed(all_daemons):
        daemon.stop()


def primary(folder: Path, started, text: str, transfer: dict) -> tuple[Ponor, Path]:
    """Ponor with the zone from a master file."""
    folder.mkdir(exist_ok=True)
    file = folder / "ponor.zone"
    file.write_text(text)
    server = started(Ponor(folder / "ponor", {
        "tsig_keys": keys(KEY, OTHER),
        "zones": [{"name": ZONE, "file": str(file), "transfer": transfer}]}))
    return server, file


def replace(file: Path, text: str) -> None:
    fresh = file.with_suffix(".fresh")
    fresh.write_text(text)
    fresh.rename(file)


# Out

@pytest.fixture(scope="module")
def source(tmp_path_factory):
    """Ponor with a zone that one key may transfer."""
    folder = tmp_path_factory.mktemp("source")
    file = folder / "ponor.zone"
    file.write_text(zone_text(10))
    server = Ponor(folder / "ponor", {
        "tsig_keys": keys(KEY, OTHER),
        "zones": [{"name": ZONE, "file": str(file), "transfer": {"keys": [KEY.name]}}]}).start()
    yield server, file
    server.stop()


def test_axfr_gives_the_zone_record_for_record(source):
    server, _ = source
    assert transferred(server.port) == of_text(zone_text(10))


@pytest.mark.parametrize("tool", ["dig", "kdig"])
def test_dig_and_kdig_transfer_the_zone(source, tool):
    server, _ = source
    done = run([tool, f"@{LOOPBACK}", "-p", str(server.port), "-y",
                f"{KEY.algorithm}:{KEY.name}:{KEY.secret}", ZONE, "AXFR"])
    lines = [line for line in done.stdout.splitlines() if line and not line.startswith(";")]
    tsig = [line for line in lines if "TSIG" in line]
    expected = len(of_text(zone_text(10))) + 1
    assert len(lines) - len(tsig) == expected, done.stdout[-600:] + done.stderr
    assert "verify" not in done.stdout.lower(), done.stdout[-600:]


def test_without_the_key_nobody_gets_the_zone(source):
    server, _ = source
    for key in (None, OTHER):
        with pytest.raises(dns.query.TransferError) as refused:
            transferred(server.port, key)
        assert refused.value.rcode == dns.rcode.REFUSED


def signed(key: Key, when: int | None = None, qtype: str = "SOA") -> dns.message.Message:
    message = dns.message.make_query(ZONE, qtype)
    message.flags &= ~dns.flags.RD
    message.use_tsig(keyring(key), key.name, algorithm=key.algorithm)
    return message


def raw_reply(port: int, wire: bytes) -> bytes:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.settimeout(3)
        udp.sendto(wire, (LOOPBACK, port))
        return udp.recv(65535)


def tsig_error(reply: bytes) -> int:
    """The error field of the TSIG record at the end; its "other data" is empty or six octets."""
    if reply[-8:-6] == b"\x00\x06":
        return struct.unpack("!H", reply[-10:-8])[0]
    return struct.unpack("!H", reply[-4:-2])[0]


def test_wrong_signatures_are_answered_as_rfc_8945_says(source, monkeypatch):
    server, _ = source
    unknown = Key("unknown.key", KEY.secret)
    wrong = Key(KEY.name, OTHER.secret)
    for key, error in ((unknown, 17), (wrong, 16)):
        reply = raw_reply(server.port, signed(key).to_wire())
        assert reply[3] & 15 == dns.rcode.NOTAUTH and tsig_error(reply) == error
        assert struct.unpack("!H", reply[6:8])[0] == 0
    real = time.time()
    message = signed(KEY)
    monkeypatch.setattr(time, "time", lambda: real - 1000)
    wire = message.to_wire()
    monkeypatch.undo()
    reply = raw_reply(server.port, wire)
    assert reply[3] & 15 == dns.rcode.NOTAUTH and tsig_error(reply) == 18
    theirs = int.from_bytes(reply[-6:], "big")
    assert abs(theirs - real) < 60, "our time stands in the answer"


def test_signed_questions_get_signed_answers(source):
    server, _ = source
    for qname, qtype in ((ZONE, "SOA"), (f"host1.{ZONE}", "A"), (f"nothing.{ZONE}", "A")):
        message = dns.message.make_query(qname, qtype)
        message.use_tsig(keyring(KEY), KEY.name, algorithm=KEY.algorithm)
        reply = dns.query.udp(message, LOOPBACK, port=server.port, timeout=3)
        assert reply.had_tsig and reply.rcode() in (dns.rcode.NOERROR, dns.rcode.NXDOMAIN)


def test_ixfr_over_udp_answers_the_soa_record_alone(source):
    server, _ = source
    message = dns.message.make_query(ZONE, "IXFR")
    message.authority.append(dns.rrset.from_text(f"{ZONE}.", 0, "IN", "SOA", ". . 1 0 0 0 0"))
    message.use_tsig(keyring(KEY), KEY.name, algorithm=KEY.algorithm)
    reply = dns.query.udp(message, LOOPBACK, port=server.port, timeout=3)
    assert [rrset.rdtype for rrset in reply.answer] == [dns.rdatatype.SOA]


def test_secrets_are_shown_nowhere(source):
    server, _ = source
    texts = [server.run("status").stdout, server.run("status", "--json").stdout,
             server.run("config", "check").stdout, server.log]
    server.reload()
    assert all(KEY.secret not in text for text in texts + [server.log])


# What each says of an incremental transfer to version 2: NSD and BIND count what came.
INCREMENTAL = {"nsd": re.compile(r"serial 2 .* of \d{3} bytes"), "bind": re.compile(r"\b10 records.*serial 2"),
               "knot": re.compile(r"IXFR, incoming.*finished.*\n.*serial 1 -> 2")}


@pytest.mark.parametrize("name", transfer_peers.ALL)
def test_peers_are_secondaries_of_ponor(name, started, tmp_path):
    """The peer fetches the zone, is notified of a change and fetches the difference."""
    port = environment.free_port()
    server, file = primary(tmp_path, started, zone_text(1), {
        "keys": [KEY.name], "notify": [{"address": f"{LOOPBACK}:{port}", "key": KEY.name}]})
    peer = Peer(tmp_path / name, ZONE, port, server.port, KEY)
    daemon = started(transfer_peers.ALL[name](peer, primary=False))
    wait(lambda: serial(port) == 1, f"first transfer: {daemon.tail()}")
    replace(file, zone_text(2, changed=3))
    server.reload()
    wait(lambda: serial(port) == 2, f"transfer after NOTIFY: {daemon.tail()}")
    for host in ("host0", "host2", "host3"):
        ours = server.client.ask(f"{host}.{ZONE}").answer
        assert ours and ours == Client(port).ask(f"{host}.{ZONE}").answer
    assert wait(lambda: INCREMENTAL[name].search(daemon.log.read_text()), f"difference: {daemon.tail()}")


def test_ixfr_gives_only_what_changed(started, tmp_path):
    server, file = primary(tmp_path, started, zone_text(1), {"allow": ["127.0.0.0/8"]})
    for number in (2, 3):
        replace(file, zone_text(number, changed=number))
        server.reload()
    done = run(["kdig", f"@{LOOPBACK}", "-p", str(server.port), ZONE, "IXFR=1"])
    lines = [line for line in done.stdout.splitlines() if line and not line.startswith(";")]
    # 2 hosts change in the first step (2 deletions, 2 additions), 1 in the second; 6 SOA records.
    assert len(lines) == 6 + 4 + 2, done.stdout
    done = run(["kdig", f"@{LOOPBACK}", "-p", str(server.port), ZONE, "IXFR=3"])
    assert len([line for line in done.stdout.splitlines() if line and not line.startswith(";")]) == 1
    done = run(["kdig", f"@{LOOPBACK}", "-p", str(server.port), ZONE, "IXFR=77"])
    assert len(done.stdout.splitlines()) < 40, "a serial that lies ahead gets the SOA record alone"


def test_a_large_zone_goes_out_to_many_at_a_time_while_queries_are_answered(started, tmp_path):
    count = 60_000
    server, _ = primary(tmp_path, started, zone_text(1, hosts=count), {"allow": ["127.0.0.0/8"]})
    lazy = [socket.create_connection((LOOPBACK, server.port)) for _ in range(4)]
    request = dns.message.make_query(ZONE, "AXFR").to_wire()
    for connection in lazy:  # ask and never read
        connection.sendall(struct.pack("!H", len(request)) + request)
    results: list = []
    threads = [threading.Thread(target=lambda: results.append(len(transferred(server.port, None))))
               for _ in range(3)]
    for thread in threads:
        thread.start()
    answered = 0
    while any(thread.is_alive() for thread in threads):
        assert server.client.ask(f"host7.{ZONE}").answer
        assert Client(server.port).tcp(query(f"host8.{ZONE}")).answer
        answered += 1
    for thread in threads:
        thread.join()
    assert results == [len(of_text(zone_text(1, hosts=count)))] * 3 and answered > 0
    resident = int(next(line for line in Path(f"/proc/{server.daemon.pid}/status").read_text().splitlines()
                        if line.startswith("VmRSS")).split()[1])
    assert resident < 600_000, "the zone is not copied for each client"
    for connection in lazy:
        connection.close()


# In

def secondary(folder: Path, started, port: int, **more) -> Ponor:
    zone = {"name": ZONE, "primaries": [f"{LOOPBACK}:{port}"], "tsig": KEY.name, **more}
    return started(Ponor(folder / "ponor", {"tsig_keys": keys(KEY), "zones": [zone]}))


@pytest.mark.parametrize("name", transfer_peers.ALL)
def test_ponor_is_a_secondary_of_peers(name, started, tmp_path):
    """Ponor fetches the zone, hears NOTIFY, fetches the difference, and serves without its primary."""
    peer = Peer(tmp_path / name, ZONE, environment.free_port(), environment.free_port(), KEY)
    peer.file.write_text(zone_text(1))
    daemon = started(transfer_peers.ALL[name](peer, primary=True))
    wait(lambda: serial(peer.port) == 1, f"start: {daemon.tail()}")
    server = Ponor(tmp_path / "ponor", {
        "tsig_keys": keys(KEY),
        "zones": [{"name": ZONE, "primaries": [f"{LOOPBACK}:{peer.port}"], "tsig": KEY.name,
                   "transfer": {"allow": ["127.0.0.1"]}}]}, port=peer.other)
    started(server)
    wait(lambda: serial(server.port) == 1, f"first transfer: {server.log[-2000:]}")
    assert transferred(server.port, None) == transferred(peer.port)
    assert lower(transferred(server.port, None)) == lower(of_text(zone_text(1)))
    replace(peer.file, zone_text(2, changed=5))
    if name == "knot":
        run(["knotc", "-s", peer.folder / "knot.sock", "zone-reload", ZONE])
    else:
        daemon.signal(signal.SIGHUP)
    wait(lambda: serial(server.port) == 2, f"transfer after NOTIFY: {server.log[-2000:]}{daemon.tail()}")
    assert transferred(server.port, None) == transferred(peer.port)
    assert lower(transferred(server.port, None)) == lower(of_text(zone_text(2, changed=5)))
    assert "form=differences" in server.log, server.log[-2000:] + daemon.tail()
    daemon.stop()
    server.stop()
    server.start()
    wait(lambda: serial(server.port) == 2, "answer from the copy")
    assert server.status()["zones"][0]["serial"] == 2


def test_an_expired_zone_is_servfail_until_a_primary_is_back(started, tmp_path):
    text = zone_text(1, hosts=20, refresh=1, retry=1, expire=4)
    first, _ = primary(tmp_path / "primary", started, text, {"keys": [KEY.name]})
    copy = secondary(tmp_path, started, first.port)
    wait(lambda: serial(copy.port) == 1, f"first transfer: {copy.log[-2000:]}")
    first.daemon.kill()
    question = query(f"host1.{ZONE}")
    wait(lambda: copy.client.udp(question).rcode() == dns.rcode.SERVFAIL, "expiry")
    assert copy.status()["zones"][0]["secondary"]["state"] == "expired"
    first.start()
    wait(lambda: copy.client.udp(question).rcode() == dns.rcode.NOERROR, "recovery")


def test_a_zone_that_never_came_is_servfail_and_a_wrong_key_says_so(started, tmp_path):
    first, _ = primary(tmp_path / "primary", started, zone_text(1, hosts=5), {"keys": [KEY.name]})
    wrong = Key(KEY.name, OTHER.secret)
    copy = started(Ponor(tmp_path / "ponor", {"tsig_keys": keys(wrong), "zones": [
        {"name": ZONE, "primaries": [f"{LOOPBACK}:{first.port}"], "tsig": KEY.name}]}))
    assert copy.client.ask(f"host1.{ZONE}").rcode() == dns.rcode.SERVFAIL
    wait(lambda: "BADSIG" in copy.log, f"word about the key: {copy.log[-2000:]}")
    assert KEY.secret not in copy.log and OTHER.secret not in copy.log
    assert any("BADSIG" in warning for warning in copy.status()["warnings"])


# Over TLS (RFC 9103), with BIND: Knot 3.2 and NSD 4.6 of Debian cannot do it both ways

TLS_NAME = "xfr.example.test"


def bind_over_tls(peer: Peer, pair, primary: bool, port: int) -> Daemon:
    """BIND that serves the zone over TLS at `port`, or fetches it over TLS from there."""
    daemon = transfer_peers.bind(peer, primary)
    config = peer.folder / "named.conf"
    text = config.read_text()
    if primary:
        tls = f'tls own {{ cert-file "{pair.certificate}"; key-file "{pair.key}"; protocols {{ TLSv1.3; }}; }};\n'
        text = tls + text.replace("  listen-on-v6", f"  listen-on port {port} tls own {{ {LOOPBACK}; }};\n  listen-on-v6")
        text = text.replace(f"allow-transfer {{", f"allow-transfer port {port} transport tls {{")
    else:
        tls = (f'tls ponor {{ ca-file "{pair.certificate}"; remote-hostname "{encrypted.NAME}"; '
               "protocols { TLSv1.3; }; };\n")
        text = tls + text.replace(f"{LOOPBACK} port {peer.other} key {KEY.name};",
                                  f"{LOOPBACK} port {port} key {KEY.name} tls ponor;")
    config.write_text(text)
    return daemon


def test_transfers_over_tls_from_bind(started, tmp_path):
    """BIND gives the zone over TLS only; the name and the authority of its certificate are checked."""
    pair = encrypted.make_pair(tmp_path / "tls", name=TLS_NAME, address=False)
    port = environment.free_port()
    peer = Peer(tmp_path / "bind", ZONE, environment.free_port(), environment.free_port(), KEY)
    peer.file.write_text(zone_text(1))
    daemon = started(bind_over_tls(peer, pair, True, port))
    wait(lambda: serial(peer.port) == 1, f"start: {daemon.tail()}")
    with pytest.raises(dns.query.TransferError):
        transferred(peer.port)

    def secured(name: str, bundle) -> dict:
        return {"tsig_keys": keys(KEY), "resolution": {"mode": "none", "certificate_bundle": str(bundle)},
                "zones": [{"name": ZONE, "primaries": [f"{LOOPBACK}:{port}#{name}"], "tsig": KEY.name,
                           "transfer": {"allow": ["127.0.0.1"]}}]}

    server = started(Ponor(tmp_path / "ponor", secured(TLS_NAME, pair.certificate), port=peer.other))
    wait(lambda: serial(server.port) == 1, f"transfer: {server.log[-2000:]}")
    assert lower(transferred(server.port, None)) == lower(of_text(zone_text(1)))
    replace(peer.file, zone_text(2, changed=5))
    daemon.signal(signal.SIGHUP)
    wait(lambda: serial(server.port) == 2, f"transfer after NOTIFY: {server.log[-2000:]}")
    assert "form=differences" in server.log
    server.stop()
    other = encrypted.make_pair(tmp_path / "other", name=TLS_NAME)
    for number, (name, bundle) in enumerate([("other.example.test", pair.certificate), (TLS_NAME, other.certificate)]):
        doubtful = started(Ponor(tmp_path / f"doubtful{number}", secured(name, bundle)))
        doubtful.wait_for(lambda: any("not transferred" in text for text in doubtful.status()["warnings"]), 20, "refusal")
        assert serial(doubtful.port) is None


def test_transfers_over_tls_to_bind(started, tmp_path):
    """Out over DoT, the whole zone and the difference."""
    pair = encrypted.make_pair(tmp_path / "tls")
    dot, port = environment.free_port(), environment.free_port()
    file = tmp_path / "ponor.zone"
    file.write_text(zone_text(1))
    server = started(Ponor(tmp_path / "ponor", {
        "tsig_keys": keys(KEY),
        "server": {"tls_listen": [f"{LOOPBACK}:{dot}"],
                   "tls": {"certificate": str(pair.certificate), "key": str(pair.key)}},
        "zones": [{"name": ZONE, "file": str(file), "transfer": {
            "keys": [KEY.name], "notify": [{"address": f"{LOOPBACK}:{port}", "key": KEY.name}]}}]}))
    peer = Peer(tmp_path / "bind", ZONE, port, server.port, KEY)
    daemon = started(bind_over_tls(peer, pair, False, dot))
    wait(lambda: serial(port) == 1, f"first transfer: {daemon.tail()}")
    assert server.status()["tcp"]["handshakes"] >= 1
    replace(file, zone_text(2, changed=3))
    server.reload()
    wait(lambda: serial(port) == 2, f"transfer after NOTIFY: {daemon.tail()}")
    assert wait(lambda: INCREMENTAL["bind"].search(daemon.log.read_text()), f"difference: {daemon.tail()}")


# Hostile primaries

def soa(number: int) -> dns.rrset.RRset:
    return dns.rrset.from_text(f"{ZONE}.", 900, "IN", "SOA", f"ns1.{ZONE}. h.{ZONE}. {number} 1 1 3600 60")


def host(number: int, origin: str = ZONE) -> dns.rrset.RRset:
    return dns.rrset.from_text(f"host{number}.{origin}.", 300, "IN", "A", f"192.0.2.{number}")


class HostilePrimary(threading.Thread):
    """Answers SOA honestly and each AXFR or IXFR with the next script: lists of messages of records."""

    def __init__(self):
        super().__init__(daemon=True)
        self.listener = socket.create_server((LOOPBACK, 0))
        self.port = self.listener.getsockname()[1]
        self.serial = 1
        self.answers: list[list] = []
        self.asked: list[str] = []
        self.start()

    def run(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            with connection:
                try:
                    self.serve(connection)
                except (OSError, EOFError, struct.error, dns.exception.DNSException):
                    pass

    def serve(self, connection: socket.socket) -> None:
        stream = connection.makefile("rb")
        while head := stream.read(2):
            request = dns.message.from_wire(stream.read(struct.unpack("!H", head)[0]))
            qtype = dns.rdatatype.to_text(request.question[0].rdtype)
            self.asked.append(qtype)
            if qtype == "SOA":
                self.send(connection, request, [soa(self.serial)])
                continue
            for message in self.answers:
                if message == "close":
                    return
                self.send(connection, request, message)

    @staticmethod
    def send(connection: socket.socket, request, rrsets) -> None:
        reply = dns.message.make_response(request)
        for rrset in rrsets:  # appended one by one, so that their order stays
            reply.answer.append(rrset)
        wire = reply.to_wire(max_size=65535)
        connection.sendall(struct.pack("!H", len(wire)) + wire)


def test_a_broken_transfer_keeps_the_old_version(started, tmp_path):
    hostile = HostilePrimary()
    hostile.answers = [[soa(1), host(1)], [soa(1)]]
    server = started(Ponor(tmp_path / "ponor", {"zones": [
        {"name": ZONE, "primaries": [f"{LOOPBACK}:{hostile.port}"]}]}))
    wait(lambda: serial(server.port) == 1, f"first transfer: {server.log[-2000:]}")
    hostile.serial = 2
    cname = dns.rrset.from_text(f"host9.{ZONE}.", 300, "IN", "CNAME", "x.example.")
    scripts = [
        ("cut short", [[soa(2), host(9)], "close"]),
        ("outside the zone", [[soa(2), host(9, "example.org"), soa(2)]]),
        ("two serials", [[soa(2), host(9), soa(3)]]),
        ("no SOA first", [[host(9), soa(2)]]),
        ("empty message", [[soa(2)], []]),
        ("behind the end", [[soa(2), host(9), soa(2), host(10)]]),
        ("CNAME and other data", [[soa(2), host(9), cname, soa(2)]]),
        ("deletes what is not there", [[soa(2), soa(1), host(5), soa(2), host(9), soa(2)]]),
        ("steps with a gap", [[soa(2), soa(1), host(1), soa(7), host(9), soa(2)]]),
    ]
    for what, script in scripts:
        hostile.answers = script
        before = len(hostile.asked)
        wait(lambda: len(hostile.asked) >= before + 2, f"two questions ({what})")
        assert server.client.ask(f"host1.{ZONE}").answer, what
        assert not server.client.ask(f"host9.{ZONE}").answer, what
    hostile.answers = [[soa(2), soa(1), host(1), soa(2), host(9), soa(2)]]
    wait(lambda: serial(server.port) == 2, f"good transfer: {server.log[-2000:]}")
    assert server.client.ask(f"host9.{ZONE}").answer and not server.client.ask(f"host1.{ZONE}").answer
    # A record that comes although it is there, as NSD sends some, and goes in the next step.
    hostile.serial = 4
    hostile.answers = [[soa(4), soa(2), soa(3), host(9), host(10), soa(3), host(9), soa(4), host(11), soa(4)]]
    wait(lambda: serial(server.port) == 4, f"good transfer: {server.log[-2000:]}")
    assert [bool(server.client.ask(f"host{n}.{ZONE}").answer) for n in (1, 9, 10, 11)] == [False, False, True, True]
    hostile.listener.close()


# NOTIFY

def notify(port: int, zone: str = ZONE, key: Key | None = None, address: str = LOOPBACK) -> dns.message.Message:
    message = dns.message.make_query(zone, "SOA")
    message.set_opcode(dns.opcode.NOTIFY)
    message.flags |= dns.flags.AA
    if key:
        message.use_tsig(keyring(key), key.name, algorithm=key.algorithm)
    return dns.query.udp(message, LOOPBACK, port=port, timeout=3, source=address)


def test_notifications_are_taken_from_those_who_may(started, tmp_path):
    first, file = primary(tmp_path / "primary", started, zone_text(1, hosts=5), {"keys": [KEY.name]})
    copy = secondary(tmp_path, started, first.port)
    wait(lambda: serial(copy.port) == 1, "first transfer")
    assert notify(copy.port, "elsewhere.example").rcode() == dns.rcode.NOTAUTH
    assert notify(copy.port).rcode() == dns.rcode.REFUSED, "not signed"
    assert notify(copy.port, key=KEY, address="127.0.0.9").rcode() == dns.rcode.REFUSED, "a stranger"
    replace(file, zone_text(2, hosts=5))
    first.reload()
    time.sleep(0.3)
    assert serial(copy.port) == 1, "nobody has told it"
    reply = notify(copy.port, key=KEY)
    assert reply.rcode() == dns.rcode.NOERROR and reply.had_tsig and reply.opcode() == dns.opcode.NOTIFY
    wait(lambda: serial(copy.port) == 2, "transfer after NOTIFY")
