"""Prometheus text format 0.0.4: a reader and a linter after Prometheus' "Metric and label naming"."""

import re
from dataclasses import dataclass, field

NAME = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*")
SERIES = re.compile(r"(?P<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(?P<labels>.*)\})? (?P<value>\S+)")
LABEL = re.compile(r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\[\\n"])*)"')
KINDS = {"counter", "gauge", "histogram"}
# Base units only; a unit stands at the end, before _total.
WRONG_UNITS = ("milliseconds", "microseconds", "minutes", "hours", "days", "ms", "kilobytes", "octets", "percent")


@dataclass
class Family:
    """All series of one name."""

    help: str = ""
    kind: str = ""
    series: dict[tuple[str, tuple[tuple[str, str], ...]], float] = field(default_factory=dict)

    def value(self, suffix: str = "", **labels: str) -> float:
        """The sum of all series with these labels."""
        return sum(value for (name, pairs), value in self.series.items()
                   if name.endswith(suffix) and labels.items() <= dict(pairs).items())


def lint(text: str) -> list[str]:
    """What is wrong with an exposition, one sentence each."""
    return read(text)[1]


def read(text: str) -> tuple[dict[str, Family], list[str]]:
    families: dict[str, Family] = {}
    problems: list[str] = []
    seen: list[str] = []
    if not text.endswith("\n"):
        problems.append("the last line does not end")
    for line in text.splitlines():
        if line.startswith("# "):
            word, name, rest = (line[2:].split(" ", 2) + ["", ""])[:3]
            family = families.setdefault(name, Family())
            if word == "HELP":
                problems += [f"{name}: HELP twice"] if family.help else []
                family.help = rest
            elif word == "TYPE":
                problems += [f"{name}: TYPE twice"] if family.kind else []
                problems += [f"{name}: unknown type {rest}"] if rest not in KINDS else []
                problems += [f"{name}: TYPE behind its series"] if family.series else []
                family.kind = rest
            continue
        found = SERIES.fullmatch(line)
        if not found:
            problems.append(f"not a series: {line!r}")
            continue
        name = found["name"]
        pairs = _labels(found["labels"], line, problems)
        base = re.sub(r"_(bucket|sum|count)$", "", name)
        owner = base if families.get(base, Family()).kind == "histogram" else name
        family = families.setdefault(owner, Family())
        if owner not in seen:
            seen.append(owner)
        elif seen[-1] != owner:
            problems.append(f"{owner}: its series do not stand together")
        key = (name, tuple(sorted(pairs)))
        problems += [f"{line}: the series comes twice"] if key in family.series else []
        try:
            family.series[key] = float(found["value"])
        except ValueError:
            problems.append(f"{line}: {found['value']} is no number")
    for name, family in families.items():
        problems += _names(name, family)
        if family.kind == "histogram":
            problems += _histogram(name, family)
    return families, problems


def _labels(text: str | None, line: str, problems: list[str]) -> list[tuple[str, str]]:
    if text is None:
        return []
    pairs = LABEL.findall(text)
    if ",".join(f'{name}="{value}"' for name, value in pairs) != text:
        problems.append(f"{line}: labels cannot be read")
    names = [name for name, _ in pairs]
    problems += [f"{line}: a label twice"] if len(set(names)) < len(names) else []
    problems += [f"{line}: a reserved label name" for name in names if name.startswith("__")]
    return pairs


def _names(name: str, family: Family) -> list[str]:
    problems = []
    if not family.help:
        problems.append(f"{name}: no HELP")
    if not family.kind:
        problems.append(f"{name}: no TYPE")
    if not re.fullmatch(r"(ponor|process)_[a-z0-9_]+", name):
        problems.append(f"{name}: not in snake case with the prefix of the program")
    if (family.kind == "counter") != name.endswith("_total"):
        problems.append(f"{name}: counters, and only they, end in _total")
    if family.kind != "histogram" and re.search(r"_(count|sum|bucket)$", name):
        problems.append(f"{name}: ends as series of a histogram do")
    bare = name.removesuffix("_total")
    if any(bare.endswith("_" + unit) for unit in WRONG_UNITS):
        problems.append(f"{name}: not in a base unit")
    for unit in ("seconds", "bytes", "ratio"):
        if f"_{unit}_" in name.replace("_total", "") + "" and not bare.endswith("_" + unit):
            problems.append(f"{name}: the unit belongs at the end")
    if family.kind == "counter" and any(value < 0 for value in family.series.values()):
        problems.append(f"{name}: a counter below 0")
    for series, pairs in family.series:
        if any(label in ("le", "quantile") for label, _ in pairs) and family.kind != "histogram":
            problems.append(f"{series}: the label le belongs to histograms")
    return problems


def _histogram(name: str, family: Family) -> list[str]:
    problems: list[str] = []
    groups: dict[tuple, list[tuple[float, float]]] = {}
    for (series, pairs), value in family.series.items():
        if series == f"{name}_bucket":
            labels = dict(pairs)
            bound = labels.pop("le", None)
            if bound is None:
                problems.append(f"{name}: a bucket without le")
                continue
            groups.setdefault(tuple(sorted(labels.items())), []).append((float(bound), value))
    if not groups:
        problems.append(f"{name}: no buckets")
    for labels, buckets in groups.items():
        bounds = [bound for bound, _ in buckets]
        counts = [count for _, count in buckets]
        if bounds != sorted(bounds):
            problems.append(f"{name}: buckets out of order")
        if bounds[-1] != float("inf"):
            problems.append(f"{name}: no bucket +Inf")
        if counts != sorted(counts):
            problems.append(f"{name}: buckets are not cumulative")
        count = family.series.get((f"{name}_count", labels))
        if count != counts[-1]:
            problems.append(f"{name}: _count is not the last bucket")
        if (f"{name}_sum", labels) not in family.series:
            problems.append(f"{name}: no _sum")
    return problems
