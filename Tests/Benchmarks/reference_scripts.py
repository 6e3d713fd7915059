"""Which script of the public collection makes the names of a variant, and how to ask it for one list.

The collection (github.com/baderj/domain_generation_algorithms) is no part of this project: the user
brings a checkout. `SCRIPTS` gives for each variant the script's path there and a function of the
loaded script and a date that makes one list: it returns names, or prints them if the script prints.
The seed is the one `ponor models speed` takes. Variants that are not named have no script there that
runs with CPython and without the network:

* charbot, orchard/blockchain: ask the network for their data;
* ranbyus/may: C only;
* ramnit/classic, suppobox/ru_net, …: no script.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any


@dataclass(frozen=True)
class Script:
    """A script of the collection, relative to its top, and what makes one list with it."""

    path: str
    names: Callable[[Any, datetime], Any]


def _corebot(script, date):
    letters, state = script.init_rand_and_chars(date.year, date.month, date.day, 1, 0x1DBA8930)
    for _ in range(40):
        state = script.generate_domain(letters, state)


def _chain(first: str, step: Callable[[str], str], count: int) -> list[str]:
    """`count` names, each made from the one before."""
    found = [first]
    while len(found) < count:
        found.append(step(found[-1]))
    return found


def _dnschanger(script, _):
    random = script.Rand()
    random.srand(87373)
    return [script.dga(random) for _ in range(5)]


def _gozi(script, date):
    if not hasattr(script.get_words, "cache_info"):
        script.get_words = cache(script.get_words)  # else reading the text would be most of the time
    return script.dga(date, "luther")


def _ngioweb(script, _):
    random = script.Rand(0x5397FB1)
    return [script.dga(random) for _ in range(1024)]


def _pitou(script, date):
    found = []
    for index in range(20):
        made = script.dga(date.year, script.date2seed(date), index, 0xDAFE02C)
        found += [made] if isinstance(made, str) else made
    return found


def _reconyc(script, _):
    random, letters = script.Mersenne(1), script.charset
    return ["".join(letters[script.randint(random, len(letters))] for _ in range(10)) + ".com" for _ in range(100)]


def _vawtrak1(script, _):
    random = script.Rand(0xDEADBEEF)
    for _ in range(96):
        script.dga(random)


_BAZAR = "bazarbackdoor/dga.py"
_PROSLIKEFAN_TLDS = ["eu", "biz", "se", "info", "com", "net", "org", "ru", "in", "name"]
_QAKBOT_TLDS = ["com", "net", "org", "info", "biz", "org"]

SCRIPTS = {
    "banjori": Script("banjori/dga.py", lambda s, _: _chain(s.seed, s.next_domain, 15_372)),
    "bazarbackdoor/v2": Script(_BAZAR, lambda s, d: s.dga(d, "v2")),
    "bazarbackdoor/v3": Script(_BAZAR, lambda s, d: s.dga(d, "v3")),
    "bazarbackdoor/v4": Script(_BAZAR, lambda s, d: s.dga(d, "v4")),
    "bazarbackdoor/v5": Script(_BAZAR, lambda s, d: s.dga(d, "v5")),
    "bazarbackdoor/v6": Script(_BAZAR, lambda s, d: s.dga(d, "v6")),
    "bazarbackdoor/v7": Script(_BAZAR, lambda s, d: s.dga(d, "v7")),
    "bazarbackdoor/beta": Script("bazarbackdoor/dga_beta.py", lambda s, d: s.dga(d)),
    "bazarbackdoor/buggy": Script("bazarbackdoor/dga_buggy.py", lambda s, d: s.dga(d)),
    "bazarbackdoor/buggy2": Script("bazarbackdoor/dga_buggy2.py", lambda s, d: s.dga(d)),
    "bumblebee/static": Script("bumblebee/dga.py", lambda s, _: s.dga(s.seed(int.from_bytes(b"TEST_SEE", "little")))),
    "bumblebee/time": Script("bumblebee/dga.py", lambda s, d: s.dga(s.seed(int.from_bytes(b"TEST_SEE", "little"), d))),
    "chinad": Script("chinad/dga.py", lambda s, d: s.dga(d)),
    "corebot": Script("corebot/dga.py", _corebot),
    "darkcracks": Script("darkcracks/dga.py", lambda s, d: [s.dga("Crackalackin'", d)]),
    "dircrypt": Script("dircrypt/dga.py", lambda s, _: s.get_domains(0xF2113C2A, 30)),
    "dmsniff": Script("dmsniff/dga.py", lambda s, _: s.dga("al")),
    "dnschanger": Script("dnschanger/dga.py", _dnschanger),
    "fobber": Script("fobber/dga.py", lambda s, _: s.dga(1)),
    "fosniw": Script("fosniw/dga.py", lambda s, _: s.dga("winsoft")),
    "gozi": Script("gozi/dga.py", _gozi),
    "kraken/v1": Script("kraken/v1/dga_v1.py", lambda s, _: s.get_domains(1000, "a")),
    "kraken/v2": Script("kraken/v2/dga_v2.py", lambda s, d: s.get_domains(1000, d, "a", 1)),
    "locky/v2": Script("locky/dgav2.py", lambda s, d: [s.dga(d, 1, index) for index in range(8)]),
    "locky/v3": Script("locky/dgav3.py", lambda s, d: [s.dga(d, 1, index) for index in range(12)]),
    "m0yv/static": Script("m0yv/dga.py", lambda s, _: s.dga(0x02484A18)),
    "m0yv/td": Script("m0yv/dga-td.py", lambda s, d: s.dga(0x02484A18, d)),
    "monerodownloader": Script("monerodownloader/dga.py", lambda s, d: s.dga(d)),
    "murofet/v1": Script("murofet/v1/dga.py", lambda s, d: s.dga(d)),
    "murofet/v2": Script("murofet/v2/dga.py", lambda s, d: s.dga(d, None)),
    "murofet/v3": Script("murofet/v3/dga.py", lambda s, d: s.dga(d)),
    "mydoom": Script("mydoom/dga.py", lambda s, d: s.dga(d, 0xFA8, 100)),
    "necurs": Script("necurs/dga.py", lambda s, d: [s.generate_necurs_domain(i, 9, d) for i in range(2048)]),
    "newgoz": Script("newgoz/dga.py", lambda s, d: [s.create_domain(index, d) for index in range(1000)]),
    "ngioweb": Script("ngioweb/dga.py", _ngioweb),
    "nymaim/v1": Script("nymaim/dga.py", lambda s, d: s.dga(d, 128)),
    "nymaim/v2": Script("nymaim2/dga.py", lambda s, d: s.dga(d)),
    "orchard/date": Script("orchard/dga.py", lambda s, d: s.dga(d)),
    "padcrypt": Script("padcrypt/dga.py", lambda s, d: s.dga(d, "2.2.86.1")),
    "pitou": Script("pitou/dga.py", _pitou),
    "proslikefan": Script("proslikefan/dga.py", lambda s, d: s.dga(d, "prospect", _PROSLIKEFAN_TLDS)),
    "pushdo": Script("pushdo/dga.py", lambda s, d: s.generate_domains(d, "kz_v1")),
    "pykspa/improved": Script("pykspa/improved/dga.py", lambda s, d: s.generate_domains(d, 1000, 1)),
    "pykspa/precursor": Script("pykspa/precursor/dga.py", lambda s, d: s.dga(int(d.timestamp()) // 172800)),
    "qadars": Script("qadars/dga.py", lambda s, d: s.dga(d, 0x89F5)),
    "qakbot": Script("qakbot/dga.py", lambda s, d: s.dga(d, _QAKBOT_TLDS, 5000)),
    "qsnatch/a": Script("qsnatch/dga_a.py", lambda s, d: s.dga(d)),
    "qsnatch/b": Script("qsnatch/dga_b.py", lambda s, d: s.dga(d)),
    "ramdo": Script("ramdo/dga.py", lambda s, _: [s.dga(0xD5FFF, index) for index in range(1000)]),
    "ramnit/head2022": Script("ramnit/dga.py", lambda s, _: s.get_domains("16647BB4", 1000, s.TLDS)),
    "ranbyus/september": Script("ranbyus/september/ranbyus_reloaded.py",
                                lambda s, d: s.dga(d.year, d.month, d.day, 0x0F0D5BFA)),
    "reconyc": Script("reconyc/dga.py", _reconyc),
    "sharkbot": Script("sharkbot/dga.py", lambda s, d: s.dga(d, "0.0")),
    "shiotob": Script("shiotob/dga.py", lambda s, _: _chain("wtipubctwiekhir.net", s.get_next_domain, 2001)),
    "simda": Script("simda/dga.py", lambda s, _: s.run()),  # has no function: the whole script is run
    "sisron": Script("sisron/dga.py", lambda s, d: [s.dga(d, index % 10, index // 10) for index in range(40)]),
    "suppobox": Script("suppobox/dga.py", lambda s, d: s.generate_domains(d.timestamp(), 1)),
    "symmi": Script("symmi/dga.py", lambda s, d: s.dga(s.create_seed(d), ".ddns.net", 64)),
    "tempedreve": Script("tempedreve/dga.py", lambda s, d: s.dga(d)),
    "tinba": Script("tinba/dga.py", lambda s, _: s.dga("oGkS3w3sGGOGG7oc", "ssrgwnrmgrxe.com", ["com"], 1000)),
    "tufik": Script("tufik/dga.py", lambda s, d: s.dga(d)),
    "unnamed_downloader": Script("unnamed_downloader/dga.py", lambda s, _: s.run()),
    "unnamed_javascript_dga": Script("unnamed_javascript_dga/dga.py", lambda s, d: s.dga("OK", d)),
    "vawtrak/v1": Script("vawtrak/dga.py", _vawtrak1),
    "vawtrak/v2": Script("vawtrak/dga2.py", lambda s, _: s.dga(0x5884C3C4, 150)),
    "vawtrak/v3": Script("vawtrak/dga3.py", lambda s, _: s.dga(0x874C49, 150)),
    "verblecon": Script("verblecon/dga.py", lambda s, d: s.dga(d, "verble")),
    "zloader": Script("zloader/dga.py", lambda s, d: s.dga(s.seeding(d, "q23Cud3xsNf3"), 32)),
}
