"""A pytest plugin that lets Deckard run where its assumptions do not hold.

* A kernel without `dummy` interfaces gets one end of a veth pair instead.
* A veth pair, other than a dummy interface, looks for duplicates of IPv6 addresses, which are
  unusable meanwhile: that is switched off.
* `time.sleep` of Python 3.11 fails under libfaketime 0.9.10; `select` waits as well.
* `lief` only serves to look for jemalloc in the binary under test, which `--force-run` switches off.
"""

import importlib.util
import select
import sys
import time
import types
from pathlib import Path

from pyroute2 import IPRoute
from pyroute2.netlink.exceptions import NetlinkError

if importlib.util.find_spec("lief") is None:
    sys.modules["lief"] = types.ModuleType("lief")

time.sleep = lambda seconds: select.select([], [], [], max(0, seconds)) and None

_link = IPRoute.link


def link(self, command, **arguments):
    """`ip link`, with a veth pair for a dummy interface the kernel does not know."""
    try:
        return _link(self, command, **arguments)
    except NetlinkError:
        if arguments.get("kind") != "dummy":
            raise
    peer = f"{arguments['ifname']}-peer"
    done = _link(self, "add", **{**arguments, "kind": "veth", "peer": peer})
    for name in (arguments["ifname"], peer):
        for knob in ("accept_dad", "dad_transmits"):
            Path(f"/proc/sys/net/ipv6/conf/{name}/{knob}").write_text("0")
    _link(self, "set", index=self.link_lookup(ifname=peer)[0], state="up")
    return done


IPRoute.link = link
