"""Issue 4 point 1: DNS over TLS and HTTPS as clients use them."""

import csv
import re
import socket
import ssl
import subprocess

import dns.edns
import dns.message
import dns.rcode
import pytest

from harness import encrypted, environment, feeds
from harness.client import Client, addresses, query
from harness.encrypted import HTTP2, MEDIA_TYPE, NAME, ask_dot, http1, target
from harness.ponor import SINKHOLE_IPV4, SINKHOLE_TTL, Ponor
from harness.processes import run, run_checked

LISTED = "qzkvowpxnefy.com"
ELSEWHERE = "198.51.100.77"
PADDING, KEEPALIVE, NSID = 12, 11, 3
BLOCK = 468


class Server:
    """A Ponor with all transports; unlisted names resolve to ELSEWHERE after a round trip."""

    def __init__(self, start, folder, resolution: dict, **more):
        self.pair = encrypted.make_pair(folder / "tls")
        feed = feeds.write_names(folder / "feed.csv", [LISTED])
        self.dot, self.doh, self.plain = (environment.free_port() for _ in range(3))
        self.ponor = start({
            "feeds": [{"path": str(feed)}], "resolution": resolution,
            "server": {"tls_listen": [f"127.0.0.1:{self.dot}"], "https_listen": [f"127.0.0.1:{self.doh}"],
                       "https": {"plain_listen": [f"127.0.0.1:{self.plain}"]}, "identity": "unit-7",
                       "tls": {"certificate": str(self.pair.certificate), "key": str(self.pair.key),
                               "name": NAME}}, **more})
        self.ponor.wait_sinkholed(LISTED)


@pytest.fixture(scope="module")
def server(start_shared, tmp_path_factory, upstream):
    return Server(start_shared, tmp_path_factory.mktemp("encrypted"), upstream.resolution)


def wire(name: str = LISTED, qtype: str = "A") -> bytes:
    message = query(name, qtype)
    message.id = 0  # RFC 8484 §4.1
    return message.to_wire()


def check(body: bytes, expected: str = SINKHOLE_IPV4) -> None:
    assert addresses(dns.message.from_wire(body)) == [expected]


# Clients of others

@pytest.mark.parametrize("name, expected", [(LISTED, SINKHOLE_IPV4), ("dot.example", ELSEWHERE)])
def test_kdig_over_tls_with_a_checked_certificate(server, name, expected):
    output = run_checked(["kdig", f"@127.0.0.1:{server.dot}", "+tls", f"+tls-ca={server.pair.certificate}",
                          f"+tls-hostname={NAME}", name])
    assert expected in output and "TLS1.3" in output
    assert "status: NOERROR" in output


@pytest.mark.parametrize("option", ["+https", "+https-get"])
@pytest.mark.parametrize("name, expected", [(LISTED, SINKHOLE_IPV4), ("doh.example", ELSEWHERE)])
def test_kdig_over_https(server, option, name, expected):
    output = run_checked(["kdig", f"@127.0.0.1:{server.doh}", f"{option}", f"+https=/dns-query",
                          f"+tls-ca={server.pair.certificate}", f"+tls-hostname={NAME}", name])
    assert expected in output and "HTTP/2" in output


@pytest.mark.parametrize("version", ["--http2", "--http1.1"])
def test_curl_gets_and_posts(server, version, tmp_path):
    question = tmp_path / "question"
    question.write_bytes(wire())
    base = ["curl", "-sS", version, "--cacert", server.pair.certificate, "--connect-to",
            f"{NAME}:{server.doh}:127.0.0.1:{server.doh}", "-D", tmp_path / "head", "-o", tmp_path / "body"]
    for more in ([f"https://{NAME}:{server.doh}{target(wire())}"],
                 ["-H", f"content-type: {MEDIA_TYPE}", "--data-binary", f"@{question}",
                  f"https://{NAME}:{server.doh}/dns-query"]):
        run_checked([*base, *more])
        check((tmp_path / "body").read_bytes())
        head = (tmp_path / "head").read_text().lower()
        assert " 200" in head.splitlines()[0] and f"content-type: {MEDIA_TYPE}" in head
        assert f"cache-control: max-age={SINKHOLE_TTL}" in head
        assert not re.search(r"^(set-cookie|server|referer|etag|x-)", head, re.M)


@pytest.mark.parametrize("mode", ["dot", "doh GET", "doh POST"])
def test_dnsperf_loses_nothing(server, mode, tmp_path):
    transport, _, method = mode.partition(" ")
    questions = tmp_path / "questions"
    questions.write_text(f"{LISTED} A\n" * 500 + "dnsperf.example A\n" * 500)
    port = server.dot if transport == "dot" else server.doh
    more = ["-O", f"doh-method={method}", "-O", f"doh-uri=https://{NAME}/dns-query"] if method else []
    output = run_checked(["dnsperf", "-m", transport, "-s", "127.0.0.1", "-p", str(port), "-d", questions,
                          "-n", "1", "-c", "4", "-q", "100", *more])
    assert re.search(r"Queries completed:\s+1000 ", output) and re.search(r"Queries lost:\s+0 ", output)
    assert "NOERROR 1000" in output


# TLS

def s_client(server, *arguments: str) -> str:
    done = run(["openssl", "s_client", "-connect", f"127.0.0.1:{server.dot}", "-servername", NAME,
                "-CAfile", server.pair.certificate, *arguments])
    return done.stdout + done.stderr


@pytest.mark.parametrize("version", ["tls1_2", "tls1_3"])
def test_sessions_are_resumed(server, version):
    first = ssl.TLSVersion.TLSv1_2 if version == "tls1_2" else ssl.TLSVersion.TLSv1_3
    made = encrypted.context("dot")
    made.minimum_version = made.maximum_version = first
    session, reused = None, []
    for _ in range(3):
        with socket.create_connection(("127.0.0.1", server.dot), 5) as plain, \
                made.wrap_socket(plain, server_hostname=NAME, session=session) as sock:
            packet = wire()
            sock.sendall(len(packet).to_bytes(2, "big") + packet)
            assert sock.recv(4096)
            session, reused = sock.session, [*reused, sock.session_reused]
            assert sock.selected_alpn_protocol() == "dot"
    assert reused == [False, True, True]


def test_old_versions_and_weak_ciphers_are_refused(server):
    assert "Protocol  : TLSv1.2" in s_client(server, "-tls1_2")
    assert "Verify return code: 0 (ok)" in s_client(server)
    for arguments in (["-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0"],
                      ["-tls1_2", "-cipher", "AES128-SHA"], ["-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-SHA"]):
        assert "Cipher is (NONE)" in s_client(server, *arguments), arguments


# EDNS

def option_lengths(answer: dns.message.Message) -> dict[int, int]:
    return {int(option.otype): len(option.to_wire()) for option in answer.options}


@pytest.mark.parametrize("name", [LISTED, "padded.example", "_dns.resolver.arpa", "x" * 60 + ".example"])
def test_padded_queries_get_padded_answers(server, name):
    options = [dns.edns.GenericOption(PADDING, b"\0" * 20), dns.edns.GenericOption(NSID, b"")]
    message = query(name, options=options)
    message.id = 0
    with HTTP2(server.doh) as client:
        over_https = client.wait(client.query(message.to_wire())).body
    for answer in (ask_dot(server.dot, message), over_https):
        assert len(answer) % BLOCK == 0
        assert {PADDING, NSID} <= option_lengths(dns.message.from_wire(answer)).keys()
    assert PADDING not in option_lengths(server.ponor.client.tcp(message)), "only where it is encrypted"
    assert len(ask_dot(server.dot, query(name))) % BLOCK, "only who asks"


def test_the_idle_time_out_is_told(server):
    """RFC 7828: in units of 100 ms, over TCP and TLS, never over UDP."""
    message = query(LISTED, options=[dns.edns.GenericOption(KEEPALIVE, b"")])
    told = {int(option.otype): option.to_wire()
            for option in dns.message.from_wire(ask_dot(server.dot, message)).options}
    assert told[KEEPALIVE] == (300).to_bytes(2, "big")
    assert KEEPALIVE in option_lengths(server.ponor.client.tcp(message))
    assert KEEPALIVE not in option_lengths(server.ponor.client.udp(message))


# HTTP

REFUSALS = [
    (400, "GET", "/dns-query", None, {}), (400, "GET", "/dns-query?dns=AAAB", None, {}),
    (400, "GET", "/dns-query?dns=***", None, {}), (400, "POST", "/dns-query", b"short", {"content-type": MEDIA_TYPE}),
    (404, "GET", "/", None, {}), (404, "GET", "/dns-query/", None, {}), (405, "PUT", "/dns-query", b"x", {}),
    (405, "DELETE", "/dns-query", None, {}), (415, "POST", "/dns-query", wire(), {}),
    (415, "POST", "/dns-query", wire(), {"content-type": "text/plain"}),
    (413, "POST", "/dns-query", b"\0" * 70_000, {"content-type": MEDIA_TYPE}),
]


@pytest.mark.parametrize("status, method, path, body, headers", REFUSALS, ids=range(len(REFUSALS)))
def test_requests_without_a_query_are_refused(server, status, method, path, body, headers):
    with HTTP2(server.doh) as client:
        answer = client.fetch(method, path, headers, body)
        assert answer.status == status and MEDIA_TYPE not in answer.headers["content-type"]
        assert ("allow" in answer.headers) == (status == 405)
        check(client.wait(client.query(wire())).body)  # the connection goes on
    assert http1(server.doh, method, path, body, headers)[0] == status


def test_head_gets_the_header_alone(server):
    whole = http1(server.doh, "GET", target(wire()))
    status, headers, body = http1(server.doh, "HEAD", target(wire()))
    assert (status, body) == (200, b"") and headers["content-length"] == str(len(whole[2]))
    with HTTP2(server.doh) as client:
        answer = client.fetch("HEAD", target(wire("head.example")))
        assert answer.status == 200 and answer.body == b""


def test_many_streams_are_answered_out_of_order(server):
    with HTTP2(server.doh) as client:
        streams = {client.query(wire(f"n{number}.example"), post=number % 2 == 0): number for number in range(80)}
        for stream in reversed(list(streams)):
            check(client.wait(stream).body, ELSEWHERE)


def test_the_longest_query_fits_a_body(server):
    message = query(LISTED, options=[dns.edns.GenericOption(PADDING, b"\0" * 60_000)])
    message.id = 0
    packet = message.to_wire(max_size=65_535)
    with HTTP2(server.doh) as client:
        for _ in range(4):
            check(client.wait(client.query(packet, post=True)).body)
    status, _, body = http1(server.doh, "POST", "/dns-query", packet, {"content-type": MEDIA_TYPE})
    assert status == 200
    check(body)


def test_plain_http_for_a_proxy(server):
    """HTTP/1.1, and HTTP/2 with prior knowledge."""
    check(http1(server.plain, "GET", target(wire()), tls=False)[2])
    with HTTP2(server.plain, tls=False) as client:
        check(client.wait(client.query(wire(), post=True)).body)


def test_failures_are_not_cached_and_negative_answers_as_the_soa_says(server):
    with HTTP2(server.doh) as client:
        refused = client.wait(client.query(wire("x.example", "AXFR")))
        assert refused.status == 200 and refused.headers["cache-control"] == "max-age=0"
        nodata = client.wait(client.query(wire(LISTED, "MX")))
        soa = dns.message.from_wire(nodata.body).authority[0]
        assert nodata.headers["cache-control"] == f"max-age={min(soa.ttl, soa[0].minimum)}"


# Discovery and evidence

def test_clients_are_told_where_encryption_is(server):
    output = run_checked(["kdig", f"@127.0.0.1", "-p", str(server.ponor.port), "_dns.resolver.arpa", "SVCB"])
    assert f"1 {NAME}. alpn=dot port={server.dot} ipv4hint=127.0.0.1" in output
    assert re.search(rf'2 {NAME}. alpn=h2 port={server.doh} ipv4hint=127.0.0.1 (key7|dohpath)="?/dns-query{{\?dns}}"?$',
                     output, re.M)
    assert re.search(rf"^{NAME}\.\s+\d+\s+IN\s+A\s+127.0.0.1", output, re.M)
    for name, qtype in (("_dns.resolver.arpa", "A"), ("resolver.arpa", "SVCB"), ("x.resolver.arpa", "SVCB")):
        answer = server.ponor.client.ask(name, qtype)
        assert answer.rcode() == 0 and not answer.answer


def test_discovery_of_a_server_that_resolves_nothing(start, tmp_path):
    """`mode: none`: who gets sinkhole answers may know where they are encrypted; nobody else."""
    server = Server(start, tmp_path, {"mode": "none"},
                    access={"recursion": ["127.0.0.0/8"], "sinkhole": ["127.0.0.1/32"]})
    answer = server.ponor.client.ask("_dns.resolver.arpa", "SVCB")
    assert len(answer.answer[0]) == 2 and f"alpn=\"dot\" port=\"{server.dot}\"" in str(answer).replace("'", '"')
    stranger = Client(server.ponor.port, source="127.0.0.9")
    assert stranger.ask("_dns.resolver.arpa", "SVCB").rcode() == dns.rcode.REFUSED


@pytest.mark.parametrize("transport, source", [("dot", "127.0.0.21"), ("doh", "127.0.0.22")])
def test_hits_carry_their_transport(server, transport, source):
    name = f"{transport}.{LISTED}"
    if transport == "dot":
        ask_dot(server.dot, query(name), source)
    else:
        with HTTP2(server.doh, source=source) as client:
            client.wait(client.query(wire(name)))
    hits = server.ponor.wait_for(
        lambda: [hit for hit in server.ponor.hits() if hit["qname"].startswith(name)], 10, "hits")
    assert [(hit["transport"], hit["client"]) for hit in hits] == [(transport, source)]
    report = server.ponor.run("export", "shadowserver").stdout
    rows = [row for row in csv.DictReader(report.splitlines()) if row["src_ip"] == source]
    assert [(row["protocol"], row["dst_port"]) for row in rows] == [("tcp", str(getattr(server, transport)))]


def test_status_counts_transports(server):
    status = server.ponor.status()
    assert status["queries"]["dot"] > 0 and status["queries"]["doh"] > 0 and status["tcp"]["handshakes"] > 0


# Certificates

def served(port: int) -> bytes:
    with encrypted.connect(port, "dot") as sock:
        return sock.getpeercert(True)


def test_a_new_certificate_is_taken_up_under_load(start, tmp_path, upstream):
    server = Server(start, tmp_path, upstream.resolution)
    former = server.pair.der
    standing = encrypted.connect(server.dot, "dot")
    questions = tmp_path / "questions"
    questions.write_text(f"{LISTED} A\n" * 100)
    loads = [subprocess.Popen(
        ["dnsperf", "-m", mode, "-s", "127.0.0.1", "-p", str(port), "-d", str(questions), "-l", "2", "-c", "4",
         "-Q", "4000", *more], stdout=subprocess.PIPE, text=True)
        for mode, port, more in (("dot", server.dot, ["-O", "num-queries-per-conn=50"]),
                                 ("doh", server.doh, ["-O", f"doh-uri=https://{NAME}/dns-query"]))]
    try:
        for number in range(3):
            server.pair.install(encrypted.make_pair(tmp_path / f"next{number}"))
            server.ponor.reload()
            assert served(server.dot) == server.pair.der != former
        for load in loads:
            output = load.communicate(timeout=30)[0]
            assert re.search(r"Queries lost:\s+0 ", output) and "NOERROR" in output, output
    finally:
        for load in loads:
            load.kill()
            load.wait()
    packet = wire()
    standing.sendall(len(packet).to_bytes(2, "big") + packet)
    check(standing.recv(4096)[2:])
    standing.close()


def test_a_changed_file_is_noticed_and_a_bad_pair_refused(start, tmp_path, upstream):
    server = Server(start, tmp_path, upstream.resolution, index={"check_interval": "1s"})
    server.pair.install(encrypted.make_pair(tmp_path / "next"))
    server.ponor.wait_for(lambda: served(server.dot) == server.pair.der, 10, "new certificate")
    good = server.pair.der
    other = encrypted.make_pair(tmp_path / "other")
    server.pair.certificate.write_text(other.pem)  # and the key stays: they do not fit
    done = server.ponor.run("reload")
    assert done.returncode != 0 and "is not the key of" in done.stdout + done.stderr
    assert served(server.dot) == good
    assert any("is not the key of" in warning for warning in server.ponor.status()["warnings"])
    server.pair.install(encrypted.make_pair(tmp_path / "short", days=3))
    server.ponor.reload()
    assert served(server.dot) == server.pair.der
    assert any("ends at" in warning for warning in server.ponor.status()["warnings"])


@pytest.mark.parametrize("tls, message", [
    ({}, "'server.tls_listen' needs a certificate"),
    ({"certificate": "cert.pem"}, "'server.tls.key' is missing"),
    ({"certificate": "cert.pem", "key": "absent.pem"}, "server.tls.key: cannot read"),
    ({"certificate": "key.pem", "key": "key.pem"}, "server.tls.certificate"),
    ({"certificate": "cert.pem", "key": "cert.pem"}, "server.tls.key"),
    ({"certificate": "cert.pem", "key": "other/key.pem"}, "is not the key of"),
])
def test_without_a_usable_certificate_it_does_not_start(tmp_path, tls, message):
    encrypted.make_pair(tmp_path)
    encrypted.make_pair(tmp_path / "other")
    ponor = Ponor(tmp_path / "ponor", {"server": {
        "tls_listen": [f"127.0.0.1:{environment.free_port()}"],
        "tls": {key: str(tmp_path / path) for key, path in tls.items()}}})
    done = ponor.run("serve")
    assert done.returncode != 0 and message in done.stderr, done.stderr
