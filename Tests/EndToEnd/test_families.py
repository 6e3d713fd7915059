"""Issue 2, "What must be shown": every family of point 3, sampled through the running server.

Today's name is swallowed with the right family, seed, interval and ordinal; yesterday's and
tomorrow's within the window too; a name outside of the window is not.
"""

import random
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

import pytest

from harness import environment, families
from harness.ponor import SINKHOLE_IPV4, Ponor, cli, parse_json

SAMPLES_PER_LIST = 2
DAYS = (0, -1, 1)
BEFORE, AFTER = 7, 2


@dataclass(frozen=True)
class Sample:
    """One name a bot of this variant and seed asks for on this day, and its place in the list."""

    variant: str
    seed: str
    day: date
    position: int
    name: str


@dataclass
class Evidence:
    """What was asked, how it was answered, and which hits the server recorded."""

    server: Ponor
    samples: dict[str, list[Sample]]
    udp: dict[str, str]
    tcp: dict[str, str]
    hits: dict[str, list[dict]]


def model_options() -> list[str]:
    return ["--wordlists", str(environment.WORDLISTS)]


def generate(variant: str, seed: str, day: date, *more: str) -> list[str]:
    """`ponor models generate`, in the malware's own order."""
    moment = datetime.now(timezone.utc)
    when = day.isoformat()
    if variant in families.OVERLAPPING:  # the list of this very minute
        when = f"{day.isoformat()}T{moment:%H:%M:%S}Z"
    done = cli("models", "generate", variant, "--seed", seed, "--date", when, *model_options(), *more)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def seeds(variant: str) -> list[str]:
    """The seed labels of one variant as `ponor models list --json` gives them."""
    done = cli("models", "list", "--json", *model_options())
    assert done.returncode == 0, done.stderr
    wanted = families.split(variant)
    for entry in parse_json(done.stdout):
        if (entry["family"], entry.get("variant") or "") == wanted:
            return [seed if isinstance(seed, str) else seed.get("label") or seed["seed"]
                    for seed in entry["seeds"]]
    raise AssertionError(f"{variant} is not in `ponor models list`")


def sample(variant: str, chance: random.Random) -> list[Sample]:
    """Names of yesterday, today and tomorrow of up to three seeds; only those unique in their list."""
    labels = seeds(variant)
    samples = []
    for label in chance.sample(labels, min(3, len(labels))):
        for offset in (0,) if variant in families.STATIC else DAYS:
            day = families.today() + timedelta(days=offset)
            names = generate(variant, label, day)
            times = Counter(names)
            once = [index for index, name in enumerate(names) if times[name] == 1]
            samples += [Sample(variant, label, day, index, names[index])
                        for index in chance.sample(once, min(SAMPLES_PER_LIST, len(once)))]
    return samples


def dig_answers(output: str) -> dict[str, str]:
    """name → address out of `+noall +answer` output."""
    table = [line.split() for line in output.splitlines()]
    return {row[0].rstrip("."): row[4] for row in table if row[3:4] == ["A"]}


@pytest.fixture(scope="module")
def evidence(start_shared) -> Iterator[Evidence]:
    """Ask for all samples with dig over UDP and kdig over TCP, then read the hits once."""
    chance = random.Random(environment.SEED)
    samples = {variant: sample(variant, chance) for variant in families.VARIANTS}
    names = [one.name for listed in samples.values() for one in listed]
    server = start_shared({"models": {"families": "all", "days_before": BEFORE, "days_after": AFTER,
                                      "wordlists": str(environment.WORDLISTS)}})
    server.wait_sinkholed(samples["newgoz"][0].name)
    batch = server.folder / "names.txt"
    batch.write_text("\n".join(names) + "\n")
    udp = dig_answers(server.client.dig("+noall", "+answer", "-f", str(batch)))
    tcp = {}
    for begin in range(0, len(names), 50):
        tcp |= dig_answers(server.client.kdig("+tcp", "+noall", "+answer", *names[begin:begin + 50]))
    yield Evidence(server, samples, udp, tcp, read_hits(server, names))


def read_hits(server: Ponor, names: list[str]) -> dict[str, list[dict]]:
    """All hits by lower-case query name, as soon as each sampled name has its two lookups."""
    deadline = time.monotonic() + 20
    while True:
        found: dict[str, list[dict]] = {}
        for hit in server.hits():
            found.setdefault(hit["qname"].rstrip(".").lower(), []).append(hit)
        complete = all(sum(hit["count"] for hit in found.get(name.lower(), [])) >= 2 for name in names)
        if complete or time.monotonic() > deadline:
            return found
        time.sleep(0.2)


def rows(hit: dict) -> list[dict]:
    """The provenances of a hit: its first, and further generators of the same name."""
    return [hit, *hit.get("also", [])]


def fits(row: dict, one: Sample) -> bool:
    """Whether a hit or lookup row names this family, variant and seed."""
    return (row["family"], row.get("variant") or "", row["seed"]) == (*families.split(one.variant), one.seed)


@pytest.mark.parametrize("variant", families.VARIANTS)
def test_todays_names_are_swallowed_over_udp_and_tcp(evidence, variant):
    for one in evidence.samples[variant]:
        assert evidence.udp.get(one.name) == SINKHOLE_IPV4, one
        assert evidence.tcp.get(one.name) == SINKHOLE_IPV4, one


@pytest.mark.parametrize("variant", families.VARIANTS)
def test_hits_name_family_seed_and_matched_name(evidence, variant):
    for one in evidence.samples[variant]:
        hits = evidence.hits.get(one.name.lower(), [])
        assert {hit["transport"].lower() for hit in hits} >= {"udp", "tcp"}
        for hit in hits:
            assert hit["matched"].rstrip(".").lower() == one.name.lower()
            assert hit["client"] == "127.0.0.1" and hit["client_port"] > 0
            assert (hit["qtype"], hit["action"]) == ("A", "sinkhole")
            assert any(fits(row, one) for row in rows(hit)), (one, hit)
        assert any(fits(row, one) for row in evidence.server.lookup(one.name)), one


@pytest.mark.parametrize("variant", sorted(set(families.VARIANTS) - families.OVERLAPPING))
def test_hits_carry_the_ordinal_in_the_malwares_list(evidence, variant):
    """Ordinals count from 0: `models generate` line N+1 is ordinal N."""
    for one in evidence.samples[variant]:
        for hit in evidence.hits[one.name.lower()]:
            assert one.position in [row["ordinal"] for row in rows(hit) if fits(row, one)], (one, hit)


@pytest.mark.parametrize("variant", sorted(set(families.DATED) - families.OVERLAPPING))
def test_hits_carry_the_validity_interval_of_the_name(evidence, variant):
    for one in evidence.samples[variant]:
        for hit in evidence.hits[one.name.lower()]:
            intervals = [(families.instant(row["valid_from"]), families.instant(row["valid_to"]))
                         for row in rows(hit) if fits(row, one)]
            assert families.validity(variant, one.day) in intervals, (one, hit)


@pytest.mark.parametrize("variant", sorted(families.OVERLAPPING | families.STATIC))
def test_an_open_ended_or_sliding_interval_contains_the_day(evidence, variant):
    for one in evidence.samples[variant]:
        for hit in evidence.hits[one.name.lower()]:
            begin, end = hit.get("valid_from"), hit.get("valid_to")
            next_day = families.midnight(one.day + timedelta(days=1))
            assert begin is None or families.instant(begin) < next_day, (one, hit)
            assert end is None or families.instant(end) > families.midnight(one.day), (one, hit)


@pytest.mark.parametrize("variant", sorted(set(families.DATED)))
def test_a_name_outside_of_the_window_is_not_swallowed(evidence, variant):
    """A list of 100 days ago, less the names that the window has by chance or by overlap."""
    label = seeds(variant)[0]
    old = families.today() - timedelta(days=30 if variant in families.DAILY else 100)
    names = generate(variant, label, old, "--count", "40")
    if variant == "ranbyus/may":
        names = generate(variant, label, families.today() - timedelta(days=45), "--count", "40")
    # Words meet again in other periods, and some generators repeat whole lists on other dates
    # (ranbyus may: 2026-10-25 equals 2026-11-25); those names do belong to the window.
    names = [name for name in names if not evidence.server.lookup(name)]
    assert names, "every old name is in the window"
    for name in names[:5]:
        answer = evidence.server.client.ask(name)
        assert SINKHOLE_IPV4 not in str(answer), f"{name} of {old} was swallowed"


def test_index_lookup_tells_the_same_as_the_hit(evidence):
    """`ponor index lookup --json` explains a name without asking it."""
    one = evidence.samples["newgoz"][0]
    (row,) = evidence.server.lookup(one.name)
    assert fits(row, one) and row["ordinal"] == one.position
    missing = evidence.server.run("index", "lookup", "certainly-not-listed.example", "--json")
    assert missing.returncode == 1
