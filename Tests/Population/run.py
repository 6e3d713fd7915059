#!/usr/bin/env python3
"""A labelled synthetic population asks the real server; what it concludes is compared with the truth.

usage: run.py [--scale S] [--seed N] [--workers N] [--json FILE] [--table FILE]

Some 2,000 clients (127.x.y.z), of whom some are infected, analysts, scanners, mail relays, forged, or
behind a shared address, ask over UDP and TCP in five sessions on three days. The server runs under
libfaketime (Debian: faketime), is restarted between sessions, and keeps its data. At the end the
infections it lists are judged: precision and recall of each gate, Brier score, reliability. The table is
printed as it stands in docs/evidence.md.
"""
import argparse
import contextlib
import json
import os
import signal
import socket
import struct
import sys
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "Tests/EndToEnd"), str(ROOT / "Tests/Population")]

from clients import FAMILIES, Population  # noqa: E402
from harness import environment  # noqa: E402
from harness.ponor import Ponor, cli  # noqa: E402

# Day and time (UTC) of each session.
SESSIONS = ["2026-11-23 09:00:00", "2026-11-23 14:00:00", "2026-11-24 10:00:00", "2026-11-24 20:00:00",
            "2026-11-25 09:00:00"]
GATES = ["recorded", "suspected", "likely", "confirmed"]
TYPES = {"A": 1, "NS": 2, "MX": 15, "TXT": 16, "AAAA": 28}


class Names:
    """The lists of the families on the days of the sessions, from the models."""

    def __init__(self):
        self._lists: dict[tuple, list[str]] = {}
        listed = [json.loads(line) for line in cli("models", "list", "--json").stdout.splitlines()]
        self._variants = {}
        for entry in listed:
            self._variants.setdefault(entry["family"], entry)
        self._random = {"conficker", "necurs"}

    def is_random(self, family: str) -> bool:
        return family in self._random

    def of(self, family: str, session: int, days_back: int = 0) -> list[str]:
        instant = day_before(SESSIONS[session], days_back)
        entry = self._variants[family]
        model = family + ("/" + entry["variant"] if entry["variant"] else "")
        key = (model, instant)
        if key not in self._lists:
            done = cli("models", "generate", model, "--seed", entry["seeds"][0], "--date",
                       instant.replace(" ", "T") + "Z", "--count", "5000", "--wordlists",
                       environment.SHARED / "wordlists")
            assert done.returncode == 0, done.stderr
            self._lists[key] = list(dict.fromkeys(done.stdout.split()))
        return self._lists[key]


def day_before(instant: str, days: int) -> str:
    from datetime import datetime, timedelta
    return str(datetime.fromisoformat(instant) - timedelta(days=days))


# Asking

def message(identity: int, question) -> bytes:
    labels = b"".join(bytes([len(label)]) + label.encode() for label in question.name.split("."))
    return struct.pack(">HHHHHH", identity, 0x0100, 1, 0, 0, 0) + labels + b"\0" + struct.pack(
        ">HH", TYPES[question.qtype], 1)


def tcp(address: str, port: int, packet: bytes) -> bytes:
    with socket.create_connection((environment.LOOPBACK, port), 10, source_address=(address, 0)) as stream:
        stream.sendall(struct.pack(">H", len(packet)) + packet)
        head = stream.recv(2, socket.MSG_WAITALL)
        return stream.recv(struct.unpack(">H", head)[0], socket.MSG_WAITALL)


def converse(person, session: int, port: int) -> int:
    """Asks what a client asks in one session; the number of unanswered queries."""
    questions, lost = person.questions(session), 0
    if not questions:
        return 0
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams:
        datagrams.settimeout(5)
        datagrams.bind((person.address, 0))
        datagrams.connect((environment.LOOPBACK, port))
        for identity, question in enumerate(questions):
            packet = message(identity, question)
            datagrams.send(packet)
            try:
                reply = datagrams.recv(4096)
                if reply[2] & 2 and person.has_tcp:
                    reply = tcp(person.address, port, packet)
            except (TimeoutError, ConnectionError):
                lost += 1
                continue
            answers = struct.unpack(">H", reply[6:8])[0]
            if person.believes and answers:
                break  # the bot has found what it takes for its server
    return lost


# Judging

def judge(population: Population, infections: list[dict]) -> dict:
    truth = {(person.address, person.truth) for person in population.people if person.truth}
    kinds = {person.address: person.kind for person in population.people}
    best: dict[tuple, dict] = {}
    for infection in infections:
        key = (infection["client"], infection["family"])
        if key not in best or GATES.index(infection["gate"]) > GATES.index(best[key]["gate"]):
            best[key] = infection
    result = {"infected": len(truth), "gates": [], "wrong": Counter(), "missed": Counter()}
    for gate in GATES:
        at = {key for key, found in best.items() if GATES.index(found["gate"]) >= GATES.index(gate)}
        right = at & truth
        result["gates"].append({"gate": gate, "listed": len(at), "right": len(right),
                                "precision": len(right) / len(at) if at else None,
                                "recall": len(right) / len(truth)})
    for key, found in best.items():
        if key not in truth and found["gate"] in ("likely", "confirmed"):
            result["wrong"][f"{kinds[key[0]]} {found['gate']}"] += 1
    for address, family in truth:
        found = best.get((address, family))
        if found is None or found["gate"] in ("recorded", "suspected"):
            result["missed"][f"{family} {found['gate'] if found else 'unseen'}"] += 1
    scored = [(found["confidence"], key in truth) for key, found in best.items()]
    result["brier"] = sum((confidence - right) ** 2 for confidence, right in scored) / len(scored)
    result["reliability"] = []
    edges = [0, 0.01, 0.1, 0.5, 0.9, 0.99, 0.999, 1.0000001]
    for low, high in zip(edges, edges[1:]):
        inside = [right for confidence, right in scored if low <= confidence < high]
        if inside:
            mean = sum(confidence for confidence, _ in scored if low <= confidence < high) / len(inside)
            result["reliability"].append([low, min(high, 1), len(inside), mean, sum(inside) / len(inside)])
    return result


def table(result: dict) -> str:
    lines = ["| gate (at least) | listed | of these infected | precision | recall |", "|---|---|---|---|---|"]
    for row in result["gates"]:
        precision = "–" if row["precision"] is None else f"{row['precision']:.4f}"
        lines.append(f"| {row['gate']} | {row['listed']} | {row['right']} | {precision} | {row['recall']:.4f} |")
    lines += ["", f"Brier score {result['brier']:.4f} over {sum(row[2] for row in result['reliability'])} pairs.", "",
              "| P from | to | pairs | mean P | infected |", "|---|---|---|---|---|"]
    lines += [f"| {low:g} | {high:g} | {count} | {mean:.3f} | {share:.3f} |"
              for low, high, count, mean, share in result["reliability"]]
    return "\n".join(lines)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--scale", type=float, default=1)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--workers", type=int, default=4)
    options.add_argument("--keep", help="folder for the server's data, to look into afterwards")
    options.add_argument("--json")
    options.add_argument("--table")
    arguments = options.parse_args()
    names = Names()
    population = Population(names, len(SESSIONS), arguments.scale, arguments.seed)
    shared = [{"prefix": address, "devices": 2000} for address in population.shared]
    with contextlib.nullcontext(arguments.keep) if arguments.keep else tempfile.TemporaryDirectory() as folder:
        # libfaketime needs a semaphore, which the sandbox does not give.
        config = {"sandbox": "off", "models": {"families": "all", "days_before": 7, "days_after": 2,
                             "wordlists": str(environment.SHARED / "wordlists")},
                  "policy": {"default_action": "observe-then-sinkhole"},
                  "views": [{"name": "lines", "clients": ["127.0.0.0/8"], "challenge": True,
                             "sinkhole": True}],
                  "evidence": {"shared": shared, "clients": 20000, "sources": "listed"}}
        ponor, lost, asked = Ponor(Path(folder), config), 0, 0
        for session, instant in enumerate(SESSIONS):
            ponor.prefix = fake(instant)
            ponor.start(300)
            walked = names.of("murofet", session)[0]
            ponor.wait_for(lambda: ponor.lookup(walked), 300, "index")
            with ThreadPoolExecutor(arguments.workers) as pool:
                lost += sum(pool.map(lambda person: converse(person, session, ponor.port), population.people))
            asked += sum(len(person.questions(session)) for person in population.people)
            infections = ponor.json_lines("infections", "list")
            stop(ponor)
        ponor.prefix = fake(SESSIONS[-1])
        result = judge(population, infections)
    result |= {"clients": len({person.address for person in population.people}), "queries": asked, "lost": lost}
    print(f"{result['clients']} clients, {asked} questions at most, {lost} unanswered, "
          f"{result['infected']} infected (client, family)")
    print(table(result))
    print("wrongly likely or confirmed:", dict(result["wrong"]))
    print("infected but below likely:", dict(result["missed"]))
    if arguments.json:
        Path(arguments.json).write_text(json.dumps(result, indent=1))
    if arguments.table:
        Path(arguments.table).write_text(table(result) + "\n")
    return 0


def fake(instant: str) -> list[str]:
    """The command that lets a program's clock start at an instant; waiting stays real."""
    return ["env", "FAKETIME_DONT_FAKE_MONOTONIC=1", "TZ=UTC", "faketime", "-f", f"@{instant}"]


def stop(ponor: Ponor) -> None:
    """Ends the server, not the command faketime that waits for it."""
    (server,) = Path(f"/proc/{ponor.daemon.pid}/task/{ponor.daemon.pid}/children").read_text().split()
    os.kill(int(server), signal.SIGTERM)
    status = ponor.daemon.process.wait(60)
    assert status == 0, f"ponor ended with {status}\n{ponor.log[-2000:]}"


if __name__ == "__main__":
    sys.exit(main())
