"""Issue 4 point 7: response policy zones that come by transfer, from NSD, Knot DNS and BIND."""

import base64
import signal
import time
from pathlib import Path

import dns.message
import dns.opcode
import dns.query
import dns.rcode
import dns.tsigkeyring
import pytest

from harness import environment, transfer_peers
from harness.client import Client, addresses, query
from harness.ponor import Ponor, cli
from harness.processes import Daemon
from harness.transfer_peers import Key, Peer

ZONE = "feed.rpz"
KEY = Key("feed.key", base64.b64encode(b"a key of policy zones, 32 octets").decode())
OTHER = Key("feed.key", base64.b64encode(b"not the key of the policy zones!").decode())
LOOPBACK = environment.LOOPBACK
ELSEWHERE = "198.51.100.77"


def rules(serial: int, *names: str, refresh: int = 3600, retry: int = 600, expire: int = 86400) -> str:
    """A policy zone that takes `names`, beside rules of other kinds."""
    return "\n".join([
        "$TTL 60", f"@ SOA ns.invalid. h.invalid. {serial} {refresh} {retry} {expire} 60", "@ NS ns.invalid.",
        "data.net A 192.0.2.16", "data.net TXT \"why\"", "*.wild.net CNAME *.", "let.wild.net CNAME rpz-passthru.",
        "24.0.2.0.192.rpz-ip CNAME .", *[f"{name} CNAME ." for name in names], ""])


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


def wait(condition, what, seconds: float = 20):
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < deadline, f"no {what() if callable(what) else what} in {seconds} s"
        time.sleep(0.05)
    return value


def configuration(upstream, primary: int, key: Key = KEY, **more) -> dict:
    return {"resolution": upstream.resolution,
            "tsig_keys": [{"name": key.name, "algorithm": key.algorithm, "secret": key.secret}],
            "rpz": [{"name": ZONE, "primaries": [f"{LOOPBACK}:{primary}"], "tsig": key.name, **more}]}


def serial(port: int, name: str = ZONE) -> int | None:
    answer = Client(port).udp(query(name, "SOA"), 0.5)
    return answer.answer[0][0].serial if answer and answer.answer else None


def is_taken(ponor: Ponor, name: str) -> bool:
    return ponor.client.ask(name).rcode() == dns.rcode.NXDOMAIN


@pytest.mark.parametrize("name", transfer_peers.ALL)
def test_transfer_notify_and_restart(name, started, upstream, tmp_path):
    """The first copy swallows a name, NOTIFY brings the next version, a restart needs no primary."""
    peer = Peer(tmp_path / name, ZONE, environment.free_port(), environment.free_port(), KEY)
    peer.file.write_text(rules(1, "first.net"))
    daemon = started(transfer_peers.ALL[name](peer, primary=True))
    wait(lambda: serial(peer.port) == 1, lambda: f"start: {daemon.tail()}")
    ponor = started(Ponor(tmp_path / "ponor", configuration(upstream, peer.port), port=peer.other))
    ponor.wait_for(lambda: is_taken(ponor, "first.net"), 20, "rule of the first transfer")
    assert addresses(ponor.client.ask("data.net")) == ["192.0.2.16"]
    answer = ponor.client.ask("a.wild.net")
    assert answer.rcode() == dns.rcode.NOERROR and not answer.answer
    assert addresses(ponor.client.ask("let.wild.net")) == [ELSEWHERE]
    assert addresses(ponor.client.ask("second.net")) == [ELSEWHERE]
    (zone,) = ponor.status()["rpz"]
    assert (zone["serial"], zone["transfer"]["state"], zone["source"]) == (1, "current", f"{LOOPBACK}:{peer.port}")
    assert ponor.status()["zones"] == [], "a policy zone is not served as a zone"

    replace(peer.file, rules(2, "second.net"))
    daemon.signal(signal.SIGHUP)
    ponor.wait_for(lambda: is_taken(ponor, "second.net"), 20, "rule of the version NOTIFY told of")
    assert addresses(ponor.client.ask("first.net")) == [ELSEWHERE], "the rule is gone with its record"
    assert ponor.status()["rpz"][0]["serial"] == 2

    daemon.stop()
    ponor.stop()
    ponor.start()
    assert is_taken(ponor, "second.net"), "the copy is in force before the first answer"


def replace(file: Path, text: str) -> None:
    fresh = file.with_suffix(".fresh")
    fresh.write_text(text)
    fresh.rename(file)


@pytest.fixture
def primary(started, tmp_path):
    """Another Ponor with the zone, which the key may transfer."""
    file = tmp_path / "feed.zone"
    file.write_text(rules(1, "first.net"))
    server = started(Ponor(tmp_path / "primary", {
        "tsig_keys": [{"name": KEY.name, "algorithm": KEY.algorithm, "secret": KEY.secret}],
        "zones": [{"name": ZONE, "file": str(file), "transfer": {"keys": [KEY.name]}}]}))
    server.zone_file = file
    return server


def test_a_wrong_key_is_refused_and_said(started, upstream, primary, tmp_path):
    ponor = started(Ponor(tmp_path / "ponor", configuration(upstream, primary.port, OTHER)))
    ponor.wait_for(lambda: any("BADSIG" in warning for warning in ponor.status()["warnings"]), 20, "warning")
    assert addresses(ponor.client.ask("first.net")) == [ELSEWHERE]
    assert "BADSIG" in ponor.status()["rpz"][0]["error"]
    ponor.configure(configuration(upstream, primary.port))
    ponor.reload()
    ponor.wait_for(lambda: is_taken(ponor, "first.net"), 20, "transfer with the right key")
    ponor.wait_for(lambda: not ponor.status()["warnings"], 20, "end of the warnings")


def test_notifications_must_be_signed(started, upstream, primary, tmp_path):
    ponor = started(Ponor(tmp_path / "ponor", configuration(upstream, primary.port)))
    ponor.wait_for(lambda: is_taken(ponor, "first.net"), 20, "first transfer")
    replace(primary.zone_file, rules(2, "second.net"))
    primary.reload()

    def notify(key: Key | None) -> dns.rcode.Rcode:
        message = dns.message.make_query(ZONE, "SOA")
        message.set_opcode(dns.opcode.NOTIFY)
        if key:
            message.use_tsig(dns.tsigkeyring.from_text({key.name: (key.algorithm, key.secret)}), key.name,
                             algorithm=key.algorithm)
        return dns.query.udp(message, LOOPBACK, port=ponor.port, timeout=3).rcode()

    assert notify(None) == dns.rcode.REFUSED
    assert not is_taken(ponor, "second.net")
    assert notify(KEY) == dns.rcode.NOERROR
    ponor.wait_for(lambda: is_taken(ponor, "second.net"), 20, "transfer after NOTIFY")
    assert "form=differences" in ponor.log


def test_an_expired_copy_is_out_of_force_until_its_primary_is_back(started, upstream, primary, tmp_path):
    replace(primary.zone_file, rules(2, "first.net", refresh=1, retry=1, expire=4))
    primary.reload()
    ponor = started(Ponor(tmp_path / "ponor", configuration(upstream, primary.port)))
    ponor.wait_for(lambda: is_taken(ponor, "first.net"), 20, "first transfer")
    loaded = ponor.log.count("rpz zone loaded")
    primary.daemon.kill()
    ponor.wait_for(lambda: not is_taken(ponor, "first.net"), 20, "expiry")
    assert ponor.status()["rpz"][0]["transfer"]["state"] == "expired"
    primary.start()
    ponor.wait_for(lambda: is_taken(ponor, "first.net"), 20, "recovery")
    assert ponor.log.count("rpz zone loaded") == loaded, "checks that find nothing new load nothing"


def test_a_damaged_copy_is_said_and_fetched_again(started, upstream, primary, tmp_path):
    ponor = started(Ponor(tmp_path / "ponor", configuration(upstream, primary.port)))
    ponor.wait_for(lambda: is_taken(ponor, "first.net"), 20, "first transfer")
    ponor.stop()
    (copy,) = (ponor.data_dir / "rpz").glob("*.records")
    octets = bytearray(copy.read_bytes())
    octets[-1] ^= 1
    copy.write_bytes(octets)
    ponor.start()
    ponor.wait_for(lambda: is_taken(ponor, "first.net"), 20, "second transfer")


def test_one_source_for_each_zone(tmp_path):
    ponor = Ponor(tmp_path / "ponor", {"rpz": [{"name": ZONE}, {
        "name": "two.rpz", "file": "two.zone", "primaries": ["192.0.2.1"]}], "zones": []})
    done = cli("config", "check", ponor.config_file)
    assert done.returncode == 1 and (done.stdout + done.stderr).count("needs one of") == 2
    ponor.configure({"rpz": [{"name": ZONE, "primaries": ["192.0.2.1"], "tsig": "no.key"}],
                     "zones": [{"name": ZONE, "file": "feed.zone"}]})
    done = cli("config", "check", ponor.config_file)
    assert "no key 'no.key'" in done.stdout + done.stderr and "also in 'zones'" in done.stdout + done.stderr
