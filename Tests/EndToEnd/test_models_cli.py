"""DESIGN §4: `ponor models list|verify|generate|new`, and bad families, seeds, dates, word lists.

Exit status 0 = done, 1 = found nothing or check failed, 2 = usage; an error is one line on stderr.
"""

import subprocess

import pytest

from harness import environment, families
from harness.ponor import cli, parse_json

WORDLISTS = ["--wordlists", str(environment.WORDLISTS)]
VECTORS = families.open_vectors()


def assert_one_line(done: subprocess.CompletedProcess, status: int, *words: str) -> None:
    """An error: its status, nothing on stdout, one line on stderr that names the culprit."""
    assert done.returncode == status, (done.returncode, done.stderr)
    assert done.stdout == ""
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    for word in words:
        assert word.lower() in done.stderr.lower(), done.stderr


def test_list_has_every_variant_of_the_issue():
    done = cli("models", "list", "--json", *WORDLISTS)
    assert done.returncode == 0 and done.stderr == ""
    listed = {(entry["family"], entry.get("variant") or "") for entry in parse_json(done.stdout)}
    assert {families.split(variant) for variant in families.VARIANTS} <= listed


def test_list_for_people_has_them_too():
    done = cli("models", "list", *WORDLISTS)
    assert done.returncode == 0
    for variant in families.VARIANTS:
        assert families.split(variant)[0] in done.stdout


@pytest.mark.skipif(not VECTORS, reason="no shared vectors")
@pytest.mark.parametrize("variant", families.VARIANTS)
def test_generate_equals_every_open_list(variant):
    """Order, duplicates and letter case; nothing else on stdout."""
    vectors = [vector for vector in VECTORS if vector.model == variant]
    assert vectors
    for vector in vectors:
        names = vector.names()
        done = cli("models", "generate", variant, *vector.arguments, "--count", str(len(names)), *WORDLISTS)
        assert done.returncode == 0 and done.stderr == "", (vector, done.stderr)
        assert done.stdout.splitlines() == names, f"{vector.file.name} differs"


@pytest.mark.skipif(not VECTORS, reason="no shared vectors")
@pytest.mark.parametrize("variant", families.VARIANTS)
def test_generate_without_count_gives_the_whole_list(variant):
    """The number of names is part of the model where the malware has one."""
    vector = next(vector for vector in VECTORS if vector.model == variant)
    done = cli("models", "generate", variant, *vector.arguments, *WORDLISTS)
    assert done.returncode == 0 and done.stdout.splitlines() == vector.names()


def test_generate_takes_defaults():
    """Today and the first seed."""
    done = cli("models", "generate", "newgoz")
    assert done.returncode == 0 and len(done.stdout.splitlines()) == 1000


def test_count_limits_the_output():
    assert len(cli("models", "generate", "newgoz", "--count", "3").stdout.splitlines()) == 3


def test_an_instant_is_accepted_as_date():
    day = cli("models", "generate", "newgoz", "--date", "2026-11-23").stdout
    assert day and cli("models", "generate", "newgoz", "--date", "2026-11-23T13:37:00Z").stdout == day


def test_the_time_of_day_matters_where_the_malware_looks_at_it():
    morning, noon = (cli("models", "generate", "suppobox", "--seed", "words1", "--date",
                         f"2026-11-23T{hour}:00:00Z", *WORDLISTS).stdout for hour in ("00", "12"))
    assert morning and noon and morning != noon


def test_a_closed_pipe_ends_quietly():
    command = f"{environment.PONOR} models generate banjori | head -n 1"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=20)
    assert len(done.stdout.splitlines()) == 1 and done.stderr == ""


@pytest.mark.parametrize("arguments", [["models", "verify", *WORDLISTS], ["models", "verify", "necurs"]])
def test_verify_passes(arguments):
    done = cli(*arguments, seconds=120)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("family, nearest", [("banjory", "banjori"), ("locky/v9", "locky"), ("nosuchfamily", ""),
                                             ("murofet/", ""), ("", "")])
def test_an_unknown_family(family, nearest):
    for command in (["models", "generate", family], ["models", "verify", family]):
        assert_one_line(cli(*command), 1, nearest)


def test_an_unknown_seed_names_the_known_ones():
    assert_one_line(cli("models", "generate", "dircrypt", "--seed", "nosuchseed"), 1, "nosuchseed")


@pytest.mark.parametrize("date", ["2026-13-01", "2026-02-30", "yesterday", "2026-11-23T25:00:00Z", "20261123",
                                  "-1", "99999-01-01"])
def test_a_bad_date_is_a_usage_error(date):
    done = cli("models", "generate", "newgoz", f"--date={date}")
    assert done.returncode == 2 and done.stdout == "" and date in done.stderr


@pytest.mark.parametrize("count", ["-1", "many", "1.5"])
def test_a_bad_count_is_a_usage_error(count):
    done = cli("models", "generate", "newgoz", f"--count={count}")
    assert done.returncode == 2 and done.stdout == ""


def test_a_missing_word_list_says_so_and_the_rest_works(tmp_path):
    empty = ["--wordlists", str(tmp_path)]
    assert_one_line(cli("models", "generate", "suppobox", *empty), 1, "word", str(tmp_path))
    assert cli("models", "generate", "newgoz", *empty).returncode == 0
    assert cli("models", "list", *empty).returncode == 0


@pytest.mark.skipif(not environment.WORDLISTS.exists(), reason="no shared word lists")
def test_a_changed_word_list_is_refused(tmp_path):
    """Lists are pinned by SHA-256: a wrong list would frame customers."""
    for file in environment.WORDLISTS.glob("suppobox-*.txt"):
        (tmp_path / file.name).write_bytes(file.read_bytes().replace(b"a", b"e", 1))
    assert_one_line(cli("models", "generate", "suppobox", "--wordlists", tmp_path), 1, "sha-256")


def test_new_writes_a_template(tmp_path):
    done = cli("models", "new", "Frobnicator", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    text = done.stdout + "".join(file.read_text() for file in tmp_path.rglob("*.swift"))
    assert "Frobnicator" in text and "knownAnswers" in text


@pytest.mark.parametrize("name", ["", "not a name", "../escape", "Banjori"])
def test_new_refuses_bad_names(tmp_path, name):
    done = cli("models", "new", name, cwd=tmp_path)
    assert done.returncode in (1, 2) and done.stdout == "" and not list(tmp_path.rglob("*.swift"))
