"""The researchers' workbench: `ponor models seeds|coverage|collide|speed|document`.

Exit status 0 = done, 1 = found nothing or check failed, 2 = usage; an error is one line on stderr.
"""

import gzip
import shutil

import pytest

from harness import environment, families
from harness.ponor import cli, parse_json
from test_models_cli import WORDLISTS, assert_one_line

SEED_FILE = """\
family: locky
variant: v3
seeds:
  - label: "4242"
    parameters: { seed: 4242, tlds: [ru, pw] }
    first_seen: 2026-11-20
    last_seen: 2026-11-23T13:37:00Z
    sample_sha256: 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
    reference: https://example.net/report
    tlp: amber
    active: false
"""


# Seeds

def test_seeds_of_a_file_have_all_their_fields(tmp_path):
    file = tmp_path / "locky.yaml"
    file.write_text(SEED_FILE)
    done = cli("models", "seeds", "locky/v3", "--json", "--seeds", tmp_path)
    assert done.returncode == 0 and done.stderr == ""
    rows = {row["seed"]: row for row in parse_json(done.stdout)}
    assert rows["4242"] == {
        "family": "locky", "variant": "v3", "seed": "4242", "parameters": {"seed": 4242, "tlds": ["ru", "pw"]},
        "origin": f"{file}:4", "reference": "https://example.net/report", "first_seen": "2026-11-20T00:00:00Z",
        "last_seen": "2026-11-23T13:37:00Z", "sample_sha256": "0123456789abcdef" * 4, "tlp": "amber",
        "active": False}
    built_in = [row for row in rows.values() if row["origin"] == "built in"]
    assert built_in and all(row["reference"] and row["active"] and row["tlp"] == "clear" for row in built_in)


def test_seeds_for_people(tmp_path):
    (tmp_path / "locky.yaml").write_text(SEED_FILE)
    done = cli("models", "seeds", "locky", "--seeds", tmp_path)
    assert done.returncode == 0 and done.stderr == ""
    for text in ("locky/v2", "locky/v3 4242", "built in", f"{tmp_path}/locky.yaml:4", "seed 4242 (0x1092)",
                 "tlds [ru, pw]", "https://example.net/report", "2026-11-23T13:37:00Z", "amber"):
        assert text in done.stdout, text


def test_seeds_are_those_of_models_list():
    listed = {(row["family"], row["variant"], seed) for row in parse_json(cli("models", "list", "--json").stdout)
              for seed in row["seeds"]}
    for family in ("murofet", "simda", "suppobox"):
        rows = parse_json(cli("models", "seeds", family, "--json").stdout)
        assert {(row["family"], row["variant"], row["seed"]) for row in rows} \
            == {entry for entry in listed if entry[0] == family}


def test_a_bad_seed_is_told_with_its_line_and_the_others_load(tmp_path):
    (tmp_path / "a.yaml").write_text(SEED_FILE.replace("amber", "mauve") + "  - { label: \"7\", parameters: { seed: 7 } }\n")
    (tmp_path / "b.yaml").write_text("family: locky\nvariant: v3\nseeds:\n  - label: \"8\"\n    parameters: {}\n")
    done = cli("models", "seeds", "locky/v3", "--json", "--seeds", tmp_path)
    assert done.returncode == 0
    labels = {row["seed"] for row in parse_json(done.stdout)}
    assert "7" in labels and not labels & {"4242", "8"}
    assert f"{tmp_path}/a.yaml:10" in done.stderr and f"{tmp_path}/b.yaml:4" in done.stderr


@pytest.mark.parametrize("model, word", [("banjory", "banjori"), ("locky/v9", "v9"), ("", "")])
def test_seeds_of_an_unknown_family(model, word):
    assert_one_line(cli("models", "seeds", model), 1, word)


def test_a_directory_of_seeds_that_is_not_there(tmp_path):
    assert_one_line(cli("models", "seeds", "locky", "--seeds", tmp_path / "nowhere"), 1, "nowhere")


# Coverage

@pytest.fixture
def corpus(tmp_path):
    """A folder of lists as generated now for two families, one list packed, others by checksum only."""
    import hashlib
    rows = ["set\tfamily\tvariant\tseed\tdate\tcount\tsha256\tfirst\tlast\tprovenance"]
    for family, variant, seed, date in (("locky", "v3", "42069", "2026-11-23"), ("simda", "", None, "static"),
                                        ("newgoz", "", None, "2024-02-29")):
        seed = seed or parse_json(cli("models", "seeds", family, "--json").stdout)[0]["seed"]
        model = f"{family}/{variant}" if variant else family
        if family == "locky":
            seed = parse_json(cli("models", "seeds", model, "--json").stdout)[0]["seed"]
        day = [] if date == "static" else ["--date", date]
        text = cli("models", "generate", model, "--seed", seed, *day).stdout
        names = text.splitlines()
        rows.append("\t".join(["open", family, variant, seed, date, str(len(names)),
                               hashlib.sha256(text.encode()).hexdigest(), names[0], names[-1], "test"]))
        if family != "newgoz":
            file = tmp_path / "open" / model.replace("/", "-") / f"{seed}_{date}.txt.gz"
            file.parent.mkdir(parents=True)
            file.write_bytes(gzip.compress(text.encode()))
    (tmp_path / "index.tsv").write_text("\n".join(rows) + "\n")
    return tmp_path


def test_coverage_of_equal_lists(corpus):
    done = cli("models", "coverage", corpus)
    assert done.returncode == 0 and done.stderr == ""
    assert "3 of 3 lists match, 3 of 3 variants in full" in done.stdout
    rows = {row["family"]: row for row in parse_json(cli("models", "coverage", corpus, "--json").stdout)}
    assert rows["locky"] == {"family": "locky", "variant": "v3", "lists": 1, "matched": 1, "by_checksum": 0}
    assert rows["newgoz"]["by_checksum"] == 1


def test_coverage_tells_the_first_difference(corpus):
    (file,) = corpus.glob("open/simda/*.gz")
    names = gzip.decompress(file.read_bytes()).decode().splitlines()
    changed = "\n".join(names[:7] + ["other.example"] + names[8:]) + "\n"
    file.write_bytes(gzip.compress(changed.encode()))
    table = corpus / "index.tsv"
    text = table.read_text()
    import hashlib
    old = next(line.split("\t")[6] for line in text.splitlines() if "\tsimda\t" in line)
    table.write_text(text.replace(old, hashlib.sha256(changed.encode()).hexdigest()))
    done = cli("models", "coverage", corpus, "--json")
    assert done.returncode == 1 and len(done.stderr.splitlines()) == 1
    (row,) = [row for row in parse_json(done.stdout) if row["family"] == "simda"]
    difference = row["first_difference"]
    assert (difference["ordinal"], difference["expected"], difference["got"]) == (7, "other.example", names[7])
    assert cli("models", "coverage", corpus, "--family", "locky").returncode == 0
    people = cli("models", "coverage", corpus)
    assert people.returncode == 1 and "ordinal 7: expected other.example" in people.stdout


def test_coverage_without_lists(corpus, tmp_path):
    assert_one_line(cli("models", "coverage", corpus / "nowhere"), 1, "index.tsv")
    assert_one_line(cli("models", "coverage", corpus, "--family", "nosuch"), 1, "nosuch")


@pytest.mark.skipif(not environment.VECTORS.exists(), reason="no shared vectors")
@pytest.mark.parametrize("family", ["banjori", "ranbyus", "suppobox"])
def test_coverage_of_the_shared_corpus(family, tmp_path):
    done = cli("models", "coverage", environment.VECTORS, "--family", family, "--json", *WORDLISTS)
    assert done.returncode == 0, done.stdout
    # Without the lists themselves the same is found by checksums.
    shutil.copy(environment.VECTORS / "index.tsv", tmp_path)
    bare = cli("models", "coverage", tmp_path, "--family", family, "--json", *WORDLISTS)
    assert bare.returncode == 0, bare.stdout
    for row, other in zip(parse_json(done.stdout), parse_json(bare.stdout), strict=True):
        assert row["lists"] == row["matched"] == other["matched"] == other["by_checksum"]


# The page of families

def test_the_page_of_families_is_the_printed_one():
    page = environment.REPOSITORY / "docs/families.md"
    done = cli("models", "document")
    assert done.returncode == 0 and done.stderr == ""
    assert done.stdout in page.read_text(), "run `PONOR_UPDATE=1 swift test --filter FamiliesPageTests`"
    for variant in families.VARIANTS:
        assert f"| [{variant}](#{families.split(variant)[0]}) |" in done.stdout


# Local time

def test_lookup_tells_local_time_and_the_malwares_own_interval(tmp_path):
    config = tmp_path / "ponor.yaml"
    config.write_text("models: { families: [flubot/v1, newgoz], grace: 1h }\n")
    names = {}
    for family in ("flubot/v1", "newgoz"):
        names[family] = cli("models", "generate", family, "--date", "2026-11-23", "--count", "1").stdout.strip()
    rows = {}
    for family, name in names.items():
        arguments = ["index", "lookup", name, "--date", "2026-11-23", "--config", config]
        (rows[family],) = parse_json(cli(*arguments, "--json").stdout)
        assert ("local time" in cli(*arguments).stdout) == (family == "flubot/v1")
    local, unstated = rows["flubot/v1"], rows["newgoz"]
    assert (local["clock"], local["valid_from"], local["valid_to"], local["clock_from"], local["clock_to"]) \
        == ("local", "2026-10-31T09:00:00Z", "2026-12-01T13:00:00Z", "2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z")
    assert (unstated["clock"], unstated["valid_from"], unstated["valid_to"], unstated["clock_from"]) \
        == ("unstated", "2026-11-22T23:00:00Z", "2026-11-24T01:00:00Z", "2026-11-23T00:00:00Z")


# Collisions

def test_collide_finds_shared_popular_and_protected_names(tmp_path):
    config = tmp_path / "ponor.yaml"
    config.write_text("models: { families: [banjori, dircrypt, simda] }\npolicy: { allowlist: [gatyfus.com] }\n")
    names = cli("models", "generate", "simda", "--count", "2000").stdout.splitlines()
    top = tmp_path / "top.csv"
    top.write_text(f"1,example.org\n2,{names[3]}\n3,www.{names[4]}\n900,{names[5]}\n")
    done = cli("models", "collide", "--from", "2026-11-23", "--until", "2026-11-25", "--popular", top, "--top", "500",
               "--json", "--config", config)
    assert done.returncode == 0 and done.stderr == ""
    rows = parse_json(done.stdout)
    popular = [(row["name"], row["relation"], row["popular"], row["rank"]) for row in rows if row["kind"] == "popular"]
    assert popular == [(names[3], "equal", names[3], 2), (names[4], "above", f"www.{names[4]}", 3)]
    (protected,) = [row for row in rows if row["kind"] == "protected"]
    assert protected["name"] == "gatyfus.com" and "gatyfus.com" in protected["reason"]
    assert protected["generators"] == [{"family": "simda", "variant": "", "seed": protected["generators"][0]["seed"]}]
    people = cli("models", "collide", "--from", "2026-11-23", "--until", "2026-11-25", "--config", config)
    assert people.returncode == 0 and "1 never swallowed" in people.stdout


@pytest.mark.skipif(not environment.WORDLISTS.exists(), reason="no shared word lists")
def test_collide_finds_what_two_variants_share(tmp_path):
    """suppobox/ru_net is the plain variant with .ru names in between."""
    config = tmp_path / "ponor.yaml"
    config.write_text("models: { families: [suppobox] }\n")
    command = ["models", "collide", "--from", "2026-11-23", "--json", "--config", config, *WORDLISTS]
    rows = parse_json(cli(*command).stdout)
    assert rows and all(row["kind"] == "shared" for row in rows)
    assert all([one["variant"] for one in row["generators"]] == ["", "ru_net"] for row in rows)
    assert [row["name"] for row in rows] == sorted(row["name"] for row in rows)
    assert parse_json(cli(*command).stdout) == rows, "the same again"


def test_collide_with_nothing_found_or_wrong_arguments(tmp_path):
    config = tmp_path / "ponor.yaml"
    config.write_text("models: { families: [newgoz] }\n")
    done = cli("models", "collide", "--config", config, "--from", "2026-11-23")
    assert done.returncode == 1 and "0 shared, 0 popular, 0 never swallowed" in done.stdout
    assert_one_line(cli("models", "collide", "--config", config, "--popular", tmp_path / "nowhere"), 1, "nowhere")
    for wrong in (["--top", "5"], ["--from", "2026-11-23", "--until", "2026-11-23"], ["--from", "soon"]):
        assert cli("models", "collide", *wrong).returncode == 2


# Speed

def test_speed_measures_each_variant_and_the_means():
    done = cli("models", "speed", "simda", "conficker", "newgoz", "--seconds", "0.01", "--json")
    assert done.returncode == 0 and done.stderr == ""
    *rows, last = parse_json(done.stdout)
    assert [(row["family"], row["variant"]) for row in rows] \
        == [("simda", ""), ("conficker", "a"), ("conficker", "b"), ("newgoz", "")]
    assert all(row["names_per_second"] > 0 and row["names"] > 0 for row in rows)
    assert set(last["geometric_mean"]) == {"all", "arithmetic"}
    people = cli("models", "speed", "conficker/a", "--seconds", "0.01").stdout
    assert "conficker/a arithmetic" in people and "geometric mean, all" in people
    assert_one_line(cli("models", "speed", "banjory"), 1, "banjori")
    assert cli("models", "speed", "--seconds", "0").returncode == 2
