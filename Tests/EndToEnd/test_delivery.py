"""Issue 5, exports 8 and 9: deliveries to real receivers, and what becomes of them when something breaks.

The records are the scenario all exports are checked with (`Tests/Consumers/scenario.jsonl`), fed by
`ponor deliver run --feed`.
"""

import email
import email.policy
import json
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from harness import environment, receivers
from harness.ponor import cli
from harness.processes import Daemon

SCENARIO = environment.REPOSITORY / "Tests/Consumers/scenario.jsonl"
EVERYTHING = {"name": "all", "min_gate": "recorded", "tlp": "red"}
FAST = {"retry_first": "200ms", "retry_longest": "1s", "timeout": "1s"}


def records() -> list[dict]:
    return [json.loads(line) for line in SCENARIO.read_text().splitlines()]


def sendable(told: set | None = None) -> list[dict]:
    """The records a sink that is told everything gets: ends only of what it was told before."""
    told, result = set(told or ()), []
    for record in records():
        if record["change"] in ("withdrawn", "closed") and record["id"] not in told:
            continue
        told.add(record["id"])
        result.append(record)
    return result


def message_id(record: dict) -> str:
    return f"{record['id']}_{record['revision']}"


class Desk:
    """A data directory, a configuration and `ponor deliver` on it."""

    def __init__(self, folder: Path):
        self.folder, self.config_file, self.feed = folder, folder / "ponor.yaml", folder / "feed.jsonl"
        self.daemons: list[Daemon] = []
        shutil.copy(SCENARIO, self.feed)
        (folder / "key").write_text(receivers.SECRET)

    def configure(self, *sinks: dict, recipients: list | None = None, **delivery) -> "Desk":
        config = {"data_dir": str(self.folder / "var"), "recipients": recipients or [EVERYTHING],
                  "exports": [{"recipient": "all", **sink} for sink in sinks],
                  "delivery": {**FAST, **delivery}, "log": {"format": "json"}}
        self.config_file.write_text(json.dumps(config))
        return self

    def run(self, *arguments, seconds: float = 60):
        return cli("deliver", *arguments, "--config", self.config_file, seconds=seconds)

    def once(self, *arguments, seconds: float = 60):
        return self.run("run", "--once", "--feed", self.feed, *arguments, seconds=seconds)

    def start(self) -> Daemon:
        """A process that goes on."""
        daemon = Daemon("deliver", [environment.PONOR, "deliver", "run", "--feed", self.feed, "--config",
                                    self.config_file], self.folder / "deliver.log")
        self.daemons.append(daemon.start())
        return daemon

    def state(self, sink: str) -> dict:
        done = self.run("status", "--json", "--feed", self.feed)
        return next((entry for line in done.stdout.splitlines() if (entry := json.loads(line))["name"] == sink), {})

    def wait(self, condition, what: str, seconds: float = 30):
        end = time.monotonic() + seconds
        while not (value := condition()):
            log = self.folder / "deliver.log"
            assert time.monotonic() < end, f"no {what}\n{log.read_text()[-2000:] if log.exists() else ''}"
            time.sleep(0.05)
        return value


@pytest.fixture
def desk(tmp_path):
    desk = Desk(tmp_path)
    yield desk
    for daemon in desk.daemons:
        if daemon.running:
            daemon.kill()


@pytest.fixture
def running(tmp_path):
    """Starts receivers and stops them."""
    started = []

    def start(receiver):
        started.append(receiver.start())
        return receiver
    yield start
    for receiver in started:
        receiver.stop()


def hook(desk: Desk, receiver, **more) -> dict:
    return {"name": "hook", "kind": "webhook", "url": f"http://{environment.LOOPBACK}:{receiver.port}/in",
            "secret": f"file:{desk.folder / 'key'}", **more}


# What arrives


def test_webhooks_are_signed_and_arrive_once_in_order(desk, running):
    receiver = running(receivers.Webhook(desk.folder / "hook"))
    desk.configure(hook(desk, receiver, format="cloudevents"))
    assert desk.once().returncode == 0
    assert [entry["id"] for entry in receiver.taken] == [message_id(record) for record in sendable()]
    assert all(entry["signed"] for entry in receiver.seen)
    event = json.loads(receiver.taken[0]["body"])
    assert event["specversion"] == "1.0" and event["data"]
    assert desk.once().returncode == 0
    assert len(receiver.seen) == len(sendable()), "nothing is sent twice"
    state = desk.state("hook")
    assert state["delivered"] == len(sendable()) and state["lag"] == 0
    assert state["delivered"] + sum(state["skipped"].values()) == len(records()), "nothing is left out silently"


def test_both_keys_work_while_they_are_changed(desk, running):
    receiver = running(receivers.Webhook(desk.folder / "hook", secret=receivers.OLD_SECRET))
    (desk.folder / "key").write_text(f"{receivers.SECRET}\n{receivers.OLD_SECRET}\n")
    desk.configure(hook(desk, receiver))
    assert desk.once().returncode == 0
    assert len(receiver.taken) == len(sendable())


def test_syslog_over_tcp_and_udp_is_read_by_rsyslogd(desk, running):
    receiver = running(receivers.Rsyslog(desk.folder / "rsyslog"))
    for carrier, format in [("tcp", "syslog"), ("udp", "syslog"), ("tcp", "cef"), ("tcp", "json")]:
        receiver.output.unlink(missing_ok=True)
        receiver.daemon.signal(signal.SIGHUP)  # open the output anew
        desk.configure({"name": f"{carrier}-{format}", "kind": "syslog", "format": format,
                        "url": f"{carrier}://{environment.LOOPBACK}:{receiver.port}"}, host="ns1")
        done = desk.once()
        state = desk.state(f"{carrier}-{format}")
        if carrier == "udp":  # what does not fit a datagram is refused, and said
            while desk.once().returncode:
                time.sleep(0.3)
            state = desk.state(f"{carrier}-{format}")
        else:
            assert done.returncode == 0, done.stderr
        messages = desk.wait(lambda: len(receiver.messages) >= state["delivered"] and receiver.messages, "messages")
        assert len(messages) == state["delivered"]
        assert state["delivered"] + state["dead_letters"] + sum(state["skipped"].values()) == len(records())
        assert {message["pri"] for message in messages} <= {str(number) for number in range(192)}
        if format == "json":
            first = json.loads(messages[0]["msg"].strip())
            assert first["id"] == records()[0]["id"]
            assert messages[0]["time"] == "2026-11-22T03:00:00.250009Z"


def test_syslog_over_tls(desk, tmp_path):
    certificate, key = receivers.certificate(tmp_path)
    server = receivers.TLSFrames(certificate, key)
    sink = {"name": "tls", "kind": "syslog", "format": "cef", "url": f"tls://{environment.LOOPBACK}:{server.port}"}
    desk.configure(sink)
    assert desk.once().returncode == 1, "an unknown certificate is not trusted"
    assert not server.frames
    desk.configure({**sink, "ca_file": str(certificate)})
    time.sleep(1.1)
    done = desk.once()
    assert done.returncode == 0, done.stderr
    desk.wait(lambda: len(server.frames) == desk.state("tls")["delivered"], "frames")
    assert all(frame.startswith(b"<") and b"CEF:" in frame for frame in server.frames)
    server.stop()


def test_redis_list_is_intelmqs_queue(desk, running):
    receiver = running(receivers.Redis(desk.folder / "redis", password="pass word"))
    (desk.folder / "password").write_text("pass word\n")
    desk.configure({"name": "queue", "kind": "redis", "format": "intelmq", "queue": "deduplicator-queue",
                    "url": f"redis://{environment.LOOPBACK}:{receiver.port}/3",
                    "secret": f"file:{desk.folder / 'password'}"})
    done = desk.once()
    if "no format" in done.stderr:
        pytest.skip("there is no format intelmq in this build")
    assert done.returncode == 0, done.stderr
    events = receiver.command("-n", "3", "LRANGE", "deduplicator-queue", "0", "-1").splitlines()
    assert len(events) == desk.state("queue")["delivered"] > 0
    assert all(json.loads(event)["__type"] == "Event" for event in events)
    assert "pass word" not in desk.run("status", "--json").stdout + cli("config", "check", desk.config_file).stdout


def test_jetstream_drops_repeats_by_their_id(desk, running):
    receiver = running(receivers.NATS(desk.folder / "nats"))
    desk.configure({"name": "stream", "kind": "nats", "queue": "ponor.infections",
                    "url": f"nats://{environment.LOOPBACK}:{receiver.port}"})
    assert desk.once().returncode == 1, "there is no stream yet"
    receiver.make_stream("ponor.infections")
    time.sleep(1.1)
    assert desk.once().returncode == 0
    (desk.folder / "var/delivery.sqlite").unlink()  # the cursor is lost: all is sent again
    assert desk.once().returncode == 0
    messages = receiver.messages("ponor.infections")
    assert [message["id"] for message in messages] == [message_id(record) for record in sendable()]


def test_a_mail_per_day_with_the_report_attached(desk, running):
    receiver = running(receivers.Mail(desk.folder / "mail"))
    desk.configure({"name": "digest", "kind": "mail", "format": "event4_sinkhole",
                    "url": f"smtp://{environment.LOOPBACK}:{receiver.port}", "mail_from": "abuse@example.net",
                    "mail_to": ["desk@example.org", "second@example.org"]}, organisation="Zürich Net")
    done = desk.once()
    assert done.returncode == 0, done.stderr
    days = {record["day"] for record in sendable()}
    assert 1 <= len(receiver.mails) <= len(days)
    rows = 0
    for file in receiver.mails:
        mail = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
        assert not mail.defects and "Zürich Net" in mail["subject"]
        (attachment,) = mail.iter_attachments()
        assert attachment.get_filename().endswith("-event4_sinkhole-all-all.csv")
        text = attachment.get_content()
        text = text.decode() if isinstance(text, bytes) else text
        assert text.count('"timestamp"') == 1
        rows += len(text.strip().splitlines()) - 1
        assert file.with_suffix(".to").read_text().split() == ["abuse@example.net", "desk@example.org",
                                                              "second@example.org"]
    assert rows == desk.state("digest")["delivered"] > 0
    assert desk.once().returncode == 0 and len(receiver.mails) <= len(days), "no mail twice"


def test_files_per_day_and_recipient(desk):
    recipients = [{"name": "isp", "prefixes": ["198.51.100.0/24"], "min_gate": "recorded", "tlp": "red"},
                  {"name": "v6", "prefixes": ["2001:db8::/32"], "min_gate": "recorded", "tlp": "red", "test": True},
                  {"name": "sure", "min_gate": "confirmed", "tlp": "red", "families": ["conficker"]},
                  {"name": "green", "min_gate": "recorded", "tlp": "green"}]
    names = [recipient["name"] for recipient in recipients]
    desk.configure(*({"name": name, "kind": "files", "recipient": name, "folder": str(desk.folder / "out" / name)}
                     for name in names), recipients=recipients)
    (desk.folder / "out").mkdir()
    done = desk.once("--close-days")
    assert done.returncode == 0, done.stderr
    got = {name: [json.loads(line) for file in sorted((desk.folder / "out" / name).glob("*.jsonl"))
                  for line in file.read_text().splitlines()] for name in names}
    assert got["isp"] and all(record["client"]["address"].startswith("198.51.100.") for record in got["isp"])
    assert got["v6"] and all(record["test"] for record in got["v6"])
    assert all(record["gate"] == "confirmed" and record["family"] == "conficker" for record in got["sure"])
    assert all(record["tlp"] in ("clear", "green") for record in got["green"])
    assert all("subscriber" not in record for found in got.values() for record in found)
    assert not list(desk.folder.glob("out/*/.*")), "no half files"
    for name in names:
        state = desk.state(name)
        assert len(got[name]) == state["delivered"] and state["skipped"], name


def test_systems_and_places_come_from_a_database(desk, tmp_path):
    receivers.program("mmdb", tmp_path / "asn.mmdb")
    recipients = [{"name": "as", "asns": [64497], "min_gate": "recorded", "tlp": "red"}, EVERYTHING]
    desk.configure({"name": "as", "kind": "files", "recipient": "as", "folder": str(desk.folder / "as")},
                   {"name": "all", "kind": "files", "folder": str(desk.folder / "all")},
                   recipients=recipients, asn_database=str(tmp_path / "asn.mmdb"))
    done = desk.once("--close-days")
    assert done.returncode == 0, done.stderr

    def clients(name):
        return [json.loads(line)["client"] for file in (desk.folder / name).glob("*.jsonl")
                for line in file.read_text().splitlines()]
    assert clients("as") and all(client["asn"] == 64497 and client["country"] == "NL" for client in clients("as"))
    placed = {record["client"]["address"] for record in records() if "asn" in record["client"]}
    known = [client for client in clients("all")
             if client["address"].startswith("198.51.100.") and client["address"] not in placed]
    assert known and all(client["city"] == "Köln" and client["as_name"] == "Net 64496" for client in known)
    desk.configure(asn_database=str(SCENARIO))
    failed = desk.once()
    assert failed.returncode == 1 and "address database" in failed.stderr


def test_a_rehearsal_goes_to_one_sink_and_says_so(desk, running):
    receiver = running(receivers.Webhook(desk.folder / "hook"))
    desk.configure(hook(desk, receiver))
    assert desk.run("test", "hook").stdout == "hook: taken\n"
    assert json.loads(receiver.taken[0]["body"])["test"] is True
    receiver.behave("503")
    failed = desk.run("test", "hook")
    assert failed.returncode == 1 and "503" in failed.stderr
    assert desk.run("test", "hok").returncode == 2


def test_secrets_are_never_shown(desk, running):
    receiver = running(receivers.Webhook(desk.folder / "hook"))
    receiver.behave("401")
    desk.configure(hook(desk, receiver))
    shown = ""
    for arguments in (["deliver", "run", "--once", "--feed", desk.feed], ["deliver", "status", "--json"],
                      ["deliver", "test", "hook"]):
        done = cli(*arguments, "--config", desk.config_file)
        shown += done.stdout + done.stderr
    done = cli("config", "reference", desk.config_file)
    shown += done.stdout + done.stderr
    assert receivers.SECRET not in shown and receivers.SECRET[6:] not in shown
    octets = (desk.folder / "var/delivery.sqlite").read_bytes()
    assert receivers.SECRET[6:].encode() not in octets


# Over TLS


@pytest.fixture
def certificates(tmp_path):
    """One for the receivers' address, one for another name, and one that nobody uses."""
    return {"right": receivers.certificate(tmp_path, file="right"),
            "misnamed": receivers.certificate(tmp_path, "DNS:receiver.example.org,IP:192.0.2.1", "misnamed"),
            "other": receivers.certificate(tmp_path, file="other")}


# What the server shows, and what is trusted: a certificate nobody vouches for, one of somebody else, one for another
# name, and the system's certificates, none of which is the server's.
DISTRUSTED = [("right", "other"), ("misnamed", "misnamed"), ("misnamed", "right"), ("right", None)]


def mail(desk: Desk, receiver, scheme: str = "smtp", **more) -> dict:
    return {"name": "digest", "kind": "mail", "format": "json", "mail_from": "abuse@example.net",
            "mail_to": ["desk@example.org"], "url": f"{scheme}://{environment.LOOPBACK}:{receiver.port}",
            **{key: str(value) for key, value in more.items()}}


def password(desk: Desk) -> dict:
    (desk.folder / "password").write_text("pass word\n")
    return {"user": "ponor", "secret": f"file:{desk.folder / 'password'}"}


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_mail_goes_over_tls_to_the_server_that_is_trusted(desk, running, certificates, scheme):
    receiver = running(receivers.Mail(desk.folder / "mail", certificates["right"], implicit=scheme == "smtps"))
    desk.configure(mail(desk, receiver, scheme, ca_file=certificates["right"][0], **password(desk)))
    done = desk.once()
    assert done.returncode == 0, done.stderr
    assert len(receiver.mails) > 0 == desk.state("digest")["lag"]
    said = receiver.commands
    assert {one["command"] for one in said} == {"AUTH", "MAIL", "DATA"} and all(one["encrypted"] for one in said)
    assert {one["text"] for one in said if one["command"] == "AUTH"} == {"ponor pass word"}
    assert desk.once().returncode == 0 and receiver.commands == said, "no mail twice"


@pytest.mark.parametrize("shown, trusted", DISTRUSTED)
@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_mail_is_not_sent_to_a_server_that_is_not_trusted(desk, running, certificates, scheme, shown, trusted):
    receiver = running(receivers.Mail(desk.folder / "mail", certificates[shown], implicit=scheme == "smtps"))
    trust = {"ca_file": certificates[trusted][0]} if trusted else {}
    for login in ({}, password(desk)):
        desk.configure(mail(desk, receiver, scheme, **trust, **login))
        done = desk.once()
        assert done.returncode == 1 and "certificate" in done.stderr, done.stderr
    assert receiver.commands == [] == receiver.mails, "neither a password nor a mail"
    state = desk.state("digest")
    assert state["delivered"] == state["dead_letters"] == 0 and "certificate" in state["problem"]
    desk.configure(mail(desk, receiver, scheme, ca_file=certificates[shown][0]))
    if shown == "right":  # it is tried again, and nothing was lost
        desk.start()
        desk.wait(lambda: receiver.mails and not desk.state("digest").get("problem"), "mails")


def test_mail_that_must_be_encrypted_is_not_sent_in_the_clear(desk, running, certificates):
    """A server, or somebody in between, that does not offer STARTTLS gets neither a password nor a mail."""
    receiver = running(receivers.Mail(desk.folder / "mail"))
    for more in (password(desk), {"ca_file": certificates["right"][0]}):
        desk.configure(mail(desk, receiver, **more))
        done = desk.once()
        assert done.returncode == 1, done.stdout
        assert receiver.commands == [] == receiver.mails
        assert desk.state("digest")["delivered"] == 0
        time.sleep(1.1)
    desk.configure(mail(desk, receiver))
    assert desk.once().returncode == 0 and receiver.mails, "a server of this host needs no certificate"


def jetstream(receiver, **more) -> dict:
    return {"name": "stream", "kind": "nats", "queue": "ponor.infections",
            "url": f"tls://{environment.LOOPBACK}:{receiver.port}", **{key: str(value) for key, value in more.items()}}


def test_jetstream_over_tls(desk, running, certificates):
    receiver = running(receivers.NATS(desk.folder / "nats", certificates["right"]))
    receiver.make_stream("ponor.infections")
    desk.configure(jetstream(receiver, ca_file=certificates["right"][0]))
    done = desk.once()
    assert done.returncode == 0, done.stderr
    messages = receiver.messages("ponor.infections")
    assert [message["id"] for message in messages] == [message_id(record) for record in sendable()]


@pytest.mark.parametrize("shown, trusted", DISTRUSTED)
def test_jetstream_gets_nothing_with_a_certificate_that_is_not_trusted(desk, running, certificates, shown, trusted):
    receiver = running(receivers.NATS(desk.folder / "nats", certificates[shown]))
    if shown == "right":  # the client of the harness checks names too
        receiver.make_stream("ponor.infections")
    desk.configure(jetstream(receiver, **({"ca_file": certificates[trusted][0]} if trusted else {})))
    done = desk.once()
    assert done.returncode == 1 and desk.state("stream")["delivered"] == 0, done.stdout
    assert "handshake" in done.stderr
    assert "TLS handshake error" in receiver.daemon.tail(), "refused before anything was said"
    if shown == "right":
        assert receiver.messages("ponor.infections") == []
        desk.configure(jetstream(receiver, ca_file=certificates["right"][0]))
        desk.start()
        desk.wait(lambda: desk.state("stream")["lag"] == 0, "delivery")
        assert len(receiver.messages("ponor.infections")) == len(sendable())


def test_certificates_that_cannot_be_read_are_not_replaced_by_the_systems(desk, running, certificates):
    broken = desk.folder / "broken.pem"
    broken.write_text("no certificate\n")
    stream = running(receivers.NATS(desk.folder / "nats", certificates["right"]))
    letters = running(receivers.Mail(desk.folder / "mail", certificates["right"]))
    desk.configure(jetstream(stream, ca_file=broken), mail(desk, letters, ca_file=broken))
    done = desk.once()
    assert done.returncode == 1 and str(broken) in desk.state("stream")["problem"]
    assert "certificate" in desk.state("digest")["problem"] and letters.commands == []


def test_jetstream_over_tls_gets_nothing_from_a_server_without(desk, running, certificates):
    receiver = running(receivers.NATS(desk.folder / "nats"))
    receiver.make_stream("ponor.infections")
    desk.configure(jetstream(receiver, ca_file=certificates["right"][0]))
    assert desk.once().returncode == 1
    assert receiver.messages("ponor.infections") == []


# What breaks


@pytest.mark.parametrize("how", ["503", "500", "401", "garbage", "hang", "close", "302"])
def test_a_failing_receiver_loses_nothing(desk, running, how):
    receiver = running(receivers.Webhook(desk.folder / "hook"))
    desk.configure(hook(desk, receiver))
    receiver.behave(how)
    desk.start()
    desk.wait(lambda: len(receiver.seen) >= 2, "tries")
    assert desk.state("hook")["problem"]
    receiver.behave("ok")
    desk.wait(lambda: len(receiver.taken) >= len(sendable()), "delivery")
    assert [entry["id"] for entry in receiver.taken] == [message_id(record) for record in sendable()]
    first = receiver.taken[0]["id"]
    assert [entry["id"] for entry in receiver.seen[:2]] == [first, first], "the same id at each try"
    assert desk.wait(lambda: not desk.state("hook").get("problem"), "good state")


def test_a_receiver_that_is_down_and_comes_back(desk, running):
    receiver = receivers.Webhook(desk.folder / "hook")
    desk.configure(hook(desk, receiver))
    desk.start()
    desk.wait(lambda: desk.state("hook").get("failures", 0) >= 2, "tries")
    running(receiver)
    desk.wait(lambda: len(receiver.taken) == len(sendable()), "delivery")


def test_retry_after_is_obeyed(desk, running):
    receiver = running(receivers.Webhook(desk.folder / "hook"))
    desk.configure(hook(desk, receiver))
    receiver.behave("429:3")
    desk.start()
    desk.wait(lambda: receiver.seen, "a try")
    receiver.behave("ok")
    desk.wait(lambda: receiver.taken, "delivery")
    assert receiver.taken[0]["at"] - receiver.seen[0]["at"] >= 3


def test_410_switches_off_until_somebody_asks(desk, running):
    receiver = running(receivers.Webhook(desk.folder / "hook"))
    desk.configure(hook(desk, receiver))
    receiver.behave("410")
    assert desk.once().returncode == 1
    receiver.behave("ok")
    assert desk.once().returncode == 1 and len(receiver.seen) == 1
    assert desk.state("hook")["is_disabled"]
    assert desk.run("retry", "hook").returncode == 0
    assert desk.once().returncode == 0
    assert len(receiver.taken) == len(sendable())


def test_what_is_refused_becomes_a_dead_letter_and_can_be_sent_again(desk, running):
    receiver = running(receivers.Webhook(desk.folder / "hook"))
    desk.configure(hook(desk, receiver))
    receiver.behave("422")
    desk.start()
    desk.wait(lambda: desk.state("hook").get("dead_letters", 0) >= 1, "dead letter")
    receiver.behave("ok")
    desk.wait(lambda: desk.state("hook")["lag"] == 0, "delivery")
    dead = [json.loads(line) for line in desk.run("dead", "hook").stdout.splitlines()]
    assert dead and all(letter["tries"] == 3 and "422" in letter["reason"] for letter in dead)
    assert len(receiver.taken) + len(dead) == len(sendable())
    assert desk.run("retry", "hook").returncode == 0
    desk.wait(lambda: len(receiver.taken) == len(sendable()), "the dead letters")
    assert {entry["id"] for entry in receiver.taken} == {message_id(record) for record in sendable()}


def test_kill_in_the_middle_repeats_ids_and_loses_nothing(desk, running):
    receiver = running(receivers.Webhook(desk.folder / "hook"))
    desk.configure(hook(desk, receiver))
    receiver.behave("slow:0.05")
    for number in range(1, 6):
        daemon = desk.start()
        before = len(receiver.taken)
        desk.wait(lambda: len(receiver.taken) >= min(len(sendable()), before + 2), "some deliveries")
        daemon.kill()
    receiver.behave("ok")
    desk.start()
    desk.wait(lambda: {entry["id"] for entry in receiver.taken} == {message_id(r) for r in sendable()}, "the rest")
    assert all(entry["id"] and entry["signed"] for entry in receiver.seen)


def test_kill_while_a_file_is_written_leaves_none_or_a_whole_one(desk):
    lines = [json.dumps({**record, "id": f"{number:08x}-0000-5000-8000-000000000000"})
             for record in sendable()[:1] for number in range(20_000)]
    desk.feed.write_text("".join(line + "\n" for line in lines))
    out = desk.folder / "out"
    desk.configure({"name": "files", "kind": "files", "folder": str(out)})
    for delay in (0.5, 1, 1.5, 2, 2.5):
        daemon = desk.start()
        time.sleep(delay)
        daemon.kill()
        for file in out.glob("[!.]*") if out.exists() else []:
            assert len(file.read_text().splitlines()) == len(lines)
    assert desk.once(seconds=120).returncode == 0
    (file,) = out.glob("[!.]*")
    assert len(file.read_text().splitlines()) == len(lines)
    assert not list(out.glob(".*"))


@pytest.mark.skipif(not environment.is_root(), reason="needs root (mount)")
def test_a_full_disk_stops_nothing_but_the_file(desk, running, tmp_path):
    small = tmp_path / "small"
    small.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", small], check=True)
    try:
        receiver = running(receivers.Webhook(desk.folder / "hook"))
        (small / "ballast").write_bytes(b"x" * (60 << 10))
        desk.configure({"name": "files", "kind": "files", "folder": str(small / "out")}, hook(desk, receiver))
        desk.start()
        desk.wait(lambda: len(receiver.taken) == len(sendable()), "the other sink")
        assert "No space left" in desk.wait(lambda: desk.state("files").get("problem"), "problem")
        (small / "ballast").unlink()
        desk.wait(lambda: desk.state("files")["delivered"] > 0, "files")
        # Now the disk under the cursors.
        subprocess.run(["umount", small], check=True)
    finally:
        subprocess.run(["umount", small], stderr=subprocess.DEVNULL)


@pytest.mark.skipif(not environment.is_root(), reason="needs root (mount)")
def test_a_full_disk_under_the_cursor_only_repeats(desk, running, tmp_path):
    data = desk.folder / "var"
    data.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", data], check=True)
    try:
        receiver = running(receivers.Webhook(desk.folder / "hook"))
        desk.configure(hook(desk, receiver))
        assert desk.once().returncode == 0
        ballast = data / "ballast"
        with ballast.open("wb", buffering=0) as file:
            try:
                while True:
                    file.write(b"x" * 4096)
            except OSError:
                pass
        more = [{**record, "id": f"{number:08x}-0000-5000-8000-000000000000"}
                for record in sendable()[:1] for number in range(50)]
        with desk.feed.open("a") as file:
            file.write("".join(json.dumps(record) + "\n" for record in more))
        desk.start()
        time.sleep(3)
        ballast.unlink()
        wanted = {message_id(record) for record in sendable() + more}
        desk.wait(lambda: {entry["id"] for entry in receiver.taken} == wanted, "everything", 40)
        desk.wait(lambda: desk.state("hook")["lag"] == 0, "the cursor")
    finally:
        for daemon in desk.daemons:
            daemon.kill()
        subprocess.run(["umount", data], stderr=subprocess.DEVNULL)


def test_a_damaged_cursor_file_is_set_aside(desk, running):
    receiver = running(receivers.Webhook(desk.folder / "hook"))
    desk.configure(hook(desk, receiver))
    assert desk.once().returncode == 0
    for file in (desk.folder / "var").glob("delivery.sqlite*"):
        file.write_bytes(os.urandom(8192))
    assert desk.once().returncode == 0
    assert (desk.folder / "var/delivery.sqlite.damaged").exists()
    assert {entry["id"] for entry in receiver.taken} == {message_id(record) for record in sendable()}


def test_one_process_at_a_time(desk, running):
    receiver = running(receivers.Webhook(desk.folder / "hook"))
    desk.configure(hook(desk, receiver))
    desk.start()
    desk.wait(lambda: receiver.taken, "delivery")
    second = desk.once()
    assert second.returncode == 1 and "another process delivers" in second.stderr
