"""The families of issue 2, point 3: their variants, their validity, their open test lists.

The validity rules are stated here a second time on purpose: they come from
`reference/dga-families.md` ("period"), not from the code under test.
"""

import calendar
import csv
import gzip
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

from .environment import VECTORS

# Each period as a function of the day that is constant within the period; months never share one.
PERIODS: dict[str, Callable[[date], int] | None] = {
    "banjori": None, "dircrypt": None, "ramnit/classic": None, "simda": None, "tinba": None,
    "conficker/a": lambda day: day.day, "conficker/b": lambda day: day.day,
    "cryptolocker": lambda day: day.day, "newgoz": lambda day: day.day,
    "murofet/v2": lambda day: day.day,
    "ranbyus/may": lambda day: day.day, "ranbyus/september": lambda day: day.day,
    "locky/v2": lambda day: day.day // 2, "locky/v3": lambda day: day.day // 2,
    "murofet/v1": lambda day: day.day // 7, "murofet/v3": lambda day: day.day // 7,
    "necurs": lambda day: day.day >> 2,
    "qakbot": lambda day: min((day.day - 1) // 10, 2),
    "flubot/v1": lambda day: 0,
    "suppobox": None,  # every 512 s a window of 85 names moves on by one: see `overlapping`
}

VARIANTS = sorted(PERIODS)
STATIC = {"banjori", "dircrypt", "ramnit/classic", "simda", "tinba"}
OVERLAPPING = {"suppobox"}
DAILY = {"conficker/a", "conficker/b", "cryptolocker", "newgoz", "murofet/v2",
         "ranbyus/may", "ranbyus/september"}
LOCAL = {"flubot/v1"}  # malware that reads local time: UTC+14 is first, UTC-12 last
DATED = sorted(set(VARIANTS) - STATIC)


def today() -> date:
    """Today in UTC."""
    return datetime.now(timezone.utc).date()


def validity(variant: str, day: date) -> tuple[datetime, datetime] | None:
    """The interval [from, to) in which some host asks for the names generated for `day`; None where the
    table has none."""
    period = PERIODS[variant]
    if period is None:
        return None
    days = [day.replace(day=number)
            for number in range(1, calendar.monthrange(day.year, day.month)[1] + 1)
            if period(day.replace(day=number)) == period(day)]
    first, end = midnight(days[0]), midnight(days[-1] + timedelta(days=1))
    if variant in LOCAL:
        return first - timedelta(hours=14), end + timedelta(hours=12)
    return first, end


def midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=timezone.utc)


def instant(text: str) -> datetime:
    """An RFC 3339 instant, or a day."""
    moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)


def split(variant: str) -> tuple[str, str]:
    """"murofet/v1" → ("murofet", "v1"); "simda" → ("simda", "")."""
    family, _, name = variant.partition("/")
    return family, name


@dataclass(frozen=True)
class Vector:
    """One list of vectors/open."""

    family: str
    variant: str
    seed: str
    date: str
    file: Path

    @property
    def model(self) -> str:
        return f"{self.family}/{self.variant}" if self.variant else self.family

    @property
    def label(self) -> str:
        """The seed without the time of day."""
        return self.seed.partition("@")[0]

    @property
    def arguments(self) -> list[str]:
        """The options of `ponor models generate` that ask for this list."""
        clock = self.seed.partition("@")[2]
        if self.date in ("static", "first-half", "second-half"):
            return ["--seed", self.label]
        moment = f"{self.date}T{clock[:2]}:{clock[2:4]}:00Z" if clock else self.date
        return ["--seed", self.label, "--date", moment]

    def names(self) -> list[str]:
        return gzip.decompress(self.file.read_bytes()).decode().splitlines()


def open_vectors() -> list[Vector]:
    """The open lists of the variants of this issue; empty without the shared folder."""
    index = VECTORS / "index.tsv"
    if not index.exists():
        return []
    vectors = []
    with index.open(newline="") as rows:
        for row in csv.DictReader(rows, delimiter="\t"):
            model = f"{row['family']}/{row['variant']}" if row["variant"] else row["family"]
            if row["set"] == "open" and model in PERIODS:
                folder = VECTORS / "open" / model.replace("/", "-")
                file = folder / f"{row['seed']}_{row['date']}.txt.gz"
                vectors.append(Vector(row["family"], row["variant"], row["seed"], row["date"], file))
    return vectors
