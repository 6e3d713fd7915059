"""Issue: `ponor models identify`: known lists, possible algorithms, unknown seeds.

Exit status 0 = a known list or a seed was found, 1 = neither, 2 = usage.
"""

import json
import subprocess

import pytest

from harness import environment
from harness.ponor import cli

DAY = ["--date", "2026-11-23"]
WORDLISTS = ["--wordlists", str(environment.WORDLISTS)]


def generate(*arguments: str) -> list[str]:
    done = cli("models", "generate", *arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.fixture
def identify(tmp_path):
    """Run the command on names; gives its exit status, JSON and standard error."""
    def run(names: list[str], *arguments: str, seconds: int = 60) -> tuple[int, dict, str]:
        file = tmp_path / "names"
        file.write_text("".join(f"{name}\n" for name in names))
        done = cli("models", "identify", str(file), "--json", *arguments, seconds=seconds)
        return done.returncode, json.loads(done.stdout) if done.stdout else {}, done.stderr
    return run


@pytest.fixture
def hidden(tmp_path):
    """Names of a seed that only a seed file has, which `identify` is not shown."""
    def make(family: str, variant: str, parameters: str, count: int) -> list[str]:
        folder = tmp_path / "hidden"
        folder.mkdir(exist_ok=True)
        (folder / "hidden.yaml").write_text(
            f"family: {family}\n" + (f"variant: {variant}\n" if variant else "")
            + f"seeds:\n  - label: hidden\n    parameters: {{ {parameters} }}\n")
        model = f"{family}/{variant}" if variant else family
        return generate(model, "--seeds", str(folder), "--seed", "hidden", *DAY, "--count", str(count))
    return make


def test_known_lists_with_counts_percentages_and_ordinals(identify):
    names = (generate("ranbyus/may", "--seed", "C5F128F3", "--date", "2026-11-20")[5:15]
             + generate("dircrypt", "--seed", "F6A84A56", "--count", "9") + ["google.com"])
    status, report, _ = identify(names, *DAY, "--days", "5")
    assert status == 0
    found = {(row["family"], row["variant"], row["seed"]): row for row in report["known"]}
    assert set(found) == {("ranbyus", "may", "C5F128F3"), ("dircrypt", "", "F6A84A56")}
    ranbyus = found["ranbyus", "may", "C5F128F3"]
    assert (ranbyus["names"], ranbyus["percent"]) == (10, 50.0)
    assert ranbyus["lists"] == [{"names": 10, "from": "2026-11-20T00:00:00Z", "until": "2026-11-21T00:00:00Z",
                                 "ordinals": list(range(5, 15))}]
    assert "from" not in found["dircrypt", "", "F6A84A56"]["lists"][0]
    assert report["unknown"] == {"count": 1, "percent": 5.0, "names": ["google.com"]}


def test_a_list_outside_the_days_is_not_found(identify):
    names = generate("ranbyus/may", "--seed", "C5F128F3", "--date", "2026-11-20")
    assert identify(names, "--from", "2026-11-10", "--until", "2026-11-20")[0] == 1
    assert identify(names, "--from", "2026-11-10", "--until", "2026-11-21")[0] == 0
    assert identify(names, *DAY)[0] == 1


def test_without_dates_the_days_around_today_count(identify):
    assert identify(generate("newgoz", "--count", "5"))[0] == 0


@pytest.mark.skipif(not environment.WORDLISTS.exists(), reason="no shared word lists")
def test_names_of_word_lists_of_one_moment(identify):
    names = generate("suppobox", "--seed", "words1", "--date", "2026-11-23T13:37:00Z", *WORDLISTS)
    status, report, _ = identify(names[:20], *DAY, *WORDLISTS)
    assert status == 0 and report["known"][0]["seed"] == "words1" and report["known"][0]["names"] == 20


@pytest.mark.parametrize("family, variant, parameters", [
    ("dircrypt", "", "seed: 0x7A31C0DE, count: 50"), ("newgoz", "", "key: 7"),
    ("simda", "", "base: 99999, key: abcdef, tld: com"),
])
def test_the_algorithm_ranks_first_and_others_say_why_not(identify, hidden, family, variant, parameters):
    status, report, stderr = identify(hidden(family, variant, parameters, 25), *DAY)
    assert status == 1 and not report["known"]
    first = report["algorithms"][0]
    assert (first["family"], first["names"], first["percent"]) == (family, 25, 100.0)
    assert all(row["reason"] for row in report["excluded"])
    assert "--search" in stderr and family in stderr


SEEDS = [("dircrypt", "", "seed: {}, count: 50", "seed", 0x7A31C0DE),
         ("ranbyus", "may", "seed: {}", "seed", 0x9D0C4321),
         ("ranbyus", "september", "seed: {}", "seed", 0x5EED1234),
         ("ramnit", "classic", "seed: {}, tlds: [com], count: 300", "seed", 0x316B00B5),
         ("necurs", "", "magic: {}", "magic", 40961),
         ("murofet", "v2", "key: {}", "key", 0xC0FFEE11)]


@pytest.mark.parametrize("family, variant, parameters, name, value", SEEDS)
def test_a_hidden_seed_is_found(identify, hidden, family, variant, parameters, name, value):
    """Over a part of the range: the whole takes minutes."""
    names = hidden(family, variant, parameters.format(value), 12)
    model = f"{family}/{variant}" if variant else family
    status, report, _ = identify(names, *DAY, "--search", "--family", model,
                                 "--seed-range", f"{value - 20000}..{hex(value + 20000)}")
    assert status == 0
    seed = report["seeds"][0]
    assert (seed["family"], seed["variant"], seed["value"]) == (family, variant, value)
    assert seed["parameters"][name] == value and seed["names"] == 12 and seed["expected_by_chance"] < 1e-6
    assert seed["ordinals"] == list(range(12))


def test_a_found_seed_makes_the_names(identify, hidden, tmp_path):
    """The parameters printed, put into a seed file, give the list."""
    names = hidden("tinba", "", "key: Xk29sQw81mNaP0zL, first: hardcodedfirst.com, tlds: [com]", 40)[1:]
    status, report, _ = identify(names, "--search", "--family", "tinba")
    assert status == 0
    parameters = json.dumps(report["seeds"][0]["parameters"])
    folder = tmp_path / "found"
    folder.mkdir()
    (folder / "found.yaml").write_text(
        f"family: tinba\nseeds:\n  - label: found\n    parameters: {parameters}\n")
    assert generate("tinba", "--seeds", str(folder), "--seed", "found", "--count", "39") == names
    assert identify(names, "--seeds", str(folder))[0] == 0


def test_the_depth_decides_how_far_into_the_list(identify, hidden):
    names = hidden("ranbyus", "may", "seed: 0x9D0C4321", 40)[20:30]
    search = ["--search", "--family", "ranbyus/may", "--seed-range", "0x9D0C0000..0x9D0CFFFF", *DAY]
    assert identify(names, *search, "--depth", "5")[0] == 1
    assert identify(names, *search, "--depth", "21")[0] == 0


def test_each_period_of_the_days_is_a_search(identify, hidden):
    names = hidden("ranbyus", "may", "seed: 0x9D0C4321", 10)
    status, report, stderr = identify(
        names, "--from", "2026-11-20", "--until", "2026-11-25", "--search", "--exhaustive", "--depth", "1",
        "--family", "ranbyus/may", "--seed-range", "0x9D0C4000..0x9D0C4FFF")
    assert status == 0 and len(report["searches"]) == 5 and "5 searches" in stderr
    assert report["seeds"][0]["from"] == "2026-11-23T00:00:00Z"


def test_one_short_name_is_chance(identify):
    """A five-letter name comes up by accident: the expected number is told, and it counts for nothing."""
    status, report, _ = identify(["qwxyt.ru"], *DAY, "--search", "--family", "locky/v2", "--depth", "8",
                                 "--seed-range", "0..0xFFFFFF")
    assert status == 1
    assert sum(search["expected_by_chance"] for search in report["searches"]) > 0.05
    assert all(seed["may_be_chance"] for seed in report["seeds"])


def test_progress_goes_to_standard_error_only(identify, hidden):
    names = hidden("dircrypt", "", "seed: 0x7A31C0DE, count: 50", 10)
    _, report, stderr = identify(names, "--search", "--family", "dircrypt", "--seed-range", "0..1000000")
    assert report["searches"][0]["tried"] == 1_000_001
    assert "\r" not in stderr and "seeds to try" in stderr


def test_text_has_a_line_for_each_finding(tmp_path):
    file = tmp_path / "names"
    file.write_text("\n".join(["# seen", *generate("dircrypt", "--seed", "F2113C2A"), "", "no name"]))
    done = cli("models", "identify", str(file), *DAY)
    assert done.returncode == 0 and "line 33" in done.stderr
    lines = [line.split() for line in done.stdout.splitlines()]
    assert lines[0][:3] == ["names", "30", "30"]
    assert ["known", "30", "100.0%", "dircrypt", "F2113C2A"] in lines
    assert ["list", "30", "dircrypt", "F2113C2A", "always", "always", "0-29"] in lines
    assert ["unknown", "0", "0.0%"] in lines


@pytest.mark.parametrize("arguments", [
    ["--depth", "0"], ["--threads", "0"], ["--seed-range", "5"], ["--seed-range", "9..5"],
    ["--seed-range", "0..0x100000000"], ["--days", "-1"], ["--from", "2026-11-23", "--until", "2026-11-23"],
    ["--from", "2026-11-23", "--date", "2026-11-23"], ["--from", "yesterday"]])
def test_wrong_usage(tmp_path, arguments):
    (tmp_path / "names").write_text("example.com\n")
    done = cli("models", "identify", str(tmp_path / "names"), *arguments)
    assert done.returncode == 2 and done.stdout == "" and len(done.stderr.splitlines()) == 1, done.stderr


@pytest.mark.parametrize("content, status", [("", 2), ("# nothing\n\n", 2), ("no name\n", 2)])
def test_files_without_names(tmp_path, content, status):
    (tmp_path / "names").write_text(content)
    done = cli("models", "identify", str(tmp_path / "names"))
    assert done.returncode == status and done.stdout == ""


def test_a_missing_file_and_an_unknown_family(tmp_path):
    assert cli("models", "identify", str(tmp_path / "nothing")).returncode == 1
    (tmp_path / "names").write_text("example.com\n")
    done = cli("models", "identify", str(tmp_path / "names"), "--family", "ranbius")
    assert done.returncode == 1 and "ranbyus" in done.stderr


def test_standard_input():
    names = "\n".join(generate("newgoz", "--count", "5", *DAY))
    done = subprocess.run([environment.PONOR, "models", "identify", "-", *DAY], input=names, text=True,
                          capture_output=True, timeout=60)
    assert done.returncode == 0 and "known 5 100.0% newgoz default" in done.stdout
