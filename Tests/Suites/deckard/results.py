"""Turns pytest's summary into lines of scenario, QNAME minimisation, and result."""

import re
import sys

LINE = re.compile(r"^(PASSED|FAILED|ERROR|XFAIL|SKIPPED) .*test_passes_qmin_(on|off)\[.*?path='[^']*/([^/']+)\.rpl'")

results: dict[tuple[str, str], str] = {}
with open(sys.argv[1], encoding="utf-8", errors="replace") as log:
    for line in log:
        found = LINE.match(line)
        if found:
            results[found[3], found[2]] = "pass" if found[1] == "PASSED" else "fail"
for (scenario, minimisation), result in sorted(results.items()):
    print(f"{scenario}\t{minimisation}\t{result}")
