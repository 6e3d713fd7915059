"""Issue 4 points 1 and 2: DNS over HTTPS behind web proxies that name their client in a header field."""

import socket

import dns.message
import dns.rcode
import pytest

from harness import encrypted, environment, feeds
from harness.client import addresses, query
from harness.encrypted import HTTP2, MEDIA_TYPE, http1, target
from harness.ponor import SINKHOLE_IPV4
from harness.processes import Daemon

LISTED = ["qzkvowpxnefy.com", "wzkvowpxnefy.com"]
PROXY, STRANGER = "127.0.0.2", "127.0.0.9"


def configuration(folder, field: str | None = None) -> dict:
    pair = encrypted.make_pair(folder / "tls")
    doh, web = environment.free_port(), environment.free_port()
    access = {"recursion": ["127.0.0.0/8"], "sinkhole": ["127.0.0.0/8", "203.0.113.0/24", "2001:db8::/32"],
              "web_proxies": [PROXY]}
    if field:
        access["web_proxy_field"] = field
    return {"feeds": [{"path": str(feeds.write_names(folder / "feed.csv", LISTED))}], "access": access,
            "server": {"https_listen": [f"127.0.0.1:{doh}"], "https": {"plain_listen": [f"127.0.0.1:{web}"]},
                       "tls": {"certificate": str(pair.certificate), "key": str(pair.key)}}}


def serve(start, config):
    ponor = start(config)
    ponor.wait_sinkholed(LISTED[0])
    ponor.doh = int(config["server"]["https_listen"][0].split(":")[1])
    ponor.web = int(config["server"]["https"]["plain_listen"][0].split(":")[1])
    return ponor


@pytest.fixture(scope="module")
def server(start_shared, tmp_path_factory):
    return serve(start_shared, configuration(tmp_path_factory.mktemp("proxies")))


def hits_of(server, client: str) -> list[dict]:
    return server.wait_for(lambda: server.hits("--client", client), what=f"hit of {client}")


def test_one_connection_of_a_proxy_carries_many_clients(server):
    """Each request has its own client, also those whose body comes later."""
    message = query(LISTED[0]).to_wire()
    with HTTP2(server.doh, source=PROXY) as http2:
        streams = [http2.request("GET", target(message), {"x-forwarded-for": f"203.0.113.{n}"}) for n in range(1, 4)]
        streams += [http2.request("POST", "/dns-query", {"content-type": MEDIA_TYPE, "x-forwarded-for": client}, message)
                    for client in ("203.0.113.4:4711", "2001:db8::5")]
        for stream in streams:
            answer = http2.wait(stream)
            assert answer.status == 200 and addresses(dns.message.from_wire(answer.body)) == [SINKHOLE_IPV4]
    for client, port in [("203.0.113.1", 0), ("203.0.113.2", 0), ("203.0.113.3", 0), ("203.0.113.4", 4711),
                         ("2001:db8::5", 0)]:
        (hit,) = hits_of(server, client)
        assert (hit["client_port"], hit["via"], hit["transport"], hit["verified"]) == (port, PROXY, "doh", True)
        assert hit["via_port"] > 1023


def test_only_the_last_entry_is_the_proxys_word(server):
    """What a client writes into the field itself stands further left."""
    with HTTP2(server.doh, source=PROXY) as http2:
        http2.fetch("GET", target(query(LISTED[1]).to_wire()), {
            "x-forwarded-for": "203.0.113.66, 203.0.113.20", "forwarded": "for=203.0.113.66"})
    assert len(hits_of(server, "203.0.113.20")) == 1 and server.hits("--client", "203.0.113.66") == []


@pytest.mark.parametrize("headers", [{}, {"forwarded": "for=203.0.113.66"}, {"x-forwarded-for": "unknown"},
                                     {"x-forwarded-for": "203.0.113.66, "}])
def test_a_proxy_that_names_nobody_is_refused(server, headers):
    before = len(server.hits())
    with HTTP2(server.doh, source=PROXY) as http2:
        assert http2.fetch("GET", target(query(LISTED[0]).to_wire()), headers).status == 400
        assert http2.fetch("POST", "/dns-query", {"content-type": MEDIA_TYPE, **headers},
                           query(LISTED[0]).to_wire()).status == 400
    assert len(server.hits()) == before


def test_a_stranger_names_nobody(server):
    with HTTP2(server.doh, source=STRANGER) as http2:
        http2.fetch("GET", target(query(LISTED[1]).to_wire()), {"x-forwarded-for": "203.0.113.67"})
    assert hits_of(server, STRANGER)[0]["transport"] == "doh" and server.hits("--client", "203.0.113.67") == []


def test_access_lists_are_about_the_client_behind_the_proxy(server):
    with HTTP2(server.doh, source=PROXY) as http2:
        answer = http2.fetch("GET", target(query(LISTED[0]).to_wire()), {"x-forwarded-for": "198.18.0.1"})
    assert dns.message.from_wire(answer.body).rcode() == dns.rcode.REFUSED


def test_forwarded_as_rfc_7239_has_it(start, tmp_path):
    server = serve(start, configuration(tmp_path, "forwarded"))
    with HTTP2(server.doh, source=PROXY) as http2:
        http2.fetch("GET", target(query(LISTED[0]).to_wire()), {
            "forwarded": 'for=203.0.113.66, by=10.0.0.1;for="[2001:db8::7]:99"', "x-forwarded-for": "203.0.113.66"})
    assert hits_of(server, "2001:db8::7")[0]["client_port"] == 99


def test_haproxy_that_ends_tls_and_adds_the_field(server, tmp_path):
    """`option forwardfor` in HTTP mode, over HTTP/1.1 to the address without TLS."""
    port = environment.free_port()
    pem = tmp_path / "pair.pem"
    pair = encrypted.make_pair(tmp_path / "own")
    pem.write_text(pair.pem + pair.key.read_text())
    config = tmp_path / "haproxy.cfg"
    config.write_text(
        "defaults\n mode http\n option forwardfor\n timeout connect 5s\n timeout client 10s\n timeout server 10s\n"
        f"listen doh\n bind 127.0.0.1:{port} ssl crt {pem} alpn h2,http/1.1\n"
        f" server ponor 127.0.0.1:{server.web} source {PROXY}\n")
    daemon = Daemon("haproxy", ["haproxy", "-db", "-f", config], tmp_path / "haproxy.log").start()
    try:
        daemon.wait_until(lambda: socket.socket().connect_ex(("127.0.0.1", port)) == 0, 10, "connection")
        with HTTP2(port, source="127.0.0.70") as http2:
            answer = http2.fetch("GET", target(query(LISTED[0]).to_wire()), {"x-forwarded-for": "203.0.113.66"})
        assert addresses(dns.message.from_wire(answer.body)) == [SINKHOLE_IPV4]
        (hit,) = hits_of(server, "127.0.0.70")
        assert hit["via"] == PROXY and hit["verified"]
        assert server.hits("--client", "203.0.113.66") == []
    finally:
        daemon.stop()


def test_http_1_1_of_a_proxy(start, tmp_path):
    config = configuration(tmp_path)
    config["access"]["web_proxies"] = ["127.0.0.1"]
    server = serve(start, config)
    message = query(LISTED[0]).to_wire()
    for method, url, body in (("GET", target(message), None), ("POST", "/dns-query", message)):
        headers = {"x-forwarded-for": f"203.0.113.{30 + len(method)}", "content-type": MEDIA_TYPE}
        assert http1(server.doh, method, url, body, headers)[0] == 200
        assert http1(server.web, method, url, body, headers, tls=False)[0] == 200
        assert http1(server.web, method, url, body, {"content-type": MEDIA_TYPE}, tls=False)[0] == 400
        assert hits_of(server, headers["x-forwarded-for"])[0]["via"] == "127.0.0.1"
