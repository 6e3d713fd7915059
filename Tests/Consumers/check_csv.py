#!/usr/bin/env python3
"""The plain table as Python's csv module reads it; no cell may be a formula."""

import csv
import io
import re

import consumer

FORMULA = tuple("=+-@\t\r\uff1d\uff0b\uff0d\uff20")


def unescape(text):
    """What a cell says: the apostrophe is a spreadsheet's own mark, `\\u{…}` stands for what must not be printed."""
    text = text[1:] if text.startswith("'") and text[1:2] in FORMULA else text
    return re.sub(r"\\u\{([0-9a-f]+)\}", lambda match: chr(int(match.group(1), 16)), text)


def read(text):
    rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    head, rows = rows[0], rows[1:]
    assert all(len(row) == len(head) for row in rows), "a row has another number of cells"
    assert not any(cell.startswith(FORMULA) for row in rows for cell in row), "a cell is a formula"
    return [dict(zip(head, row)) for row in rows]


def main():
    judge = consumer.Judge("csv")
    exported = consumer.export("csv", "--with-subscriber")
    text = exported.octets.decode()
    judge.check(not re.search(r"[^\r]\n|\r[^\n]", text), "a line end is not CR LF")
    judge.check(not re.search("[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text),
                "a control character or mark of writing direction")
    rows = read(text)
    for row, record in zip(rows, consumer.records()):
        client, lookup = record["client"], record["lookups"][0]
        expected = {
            "id": record["id"], "case": record["case"], "first_time": record["first_time"], "last_time": record["last_time"],
            "count": str(record["count"]), "client": client["address"], "client_port": str(client["port"] or ""),
            "family": record["family"], "variant": record["variant"], "seed": record["seed"], "qname": lookup["qname"],
            "as_name": client.get("as_name", ""), "city": client.get("city", ""), "reasons": "; ".join(record["reasons"]),
            "subscriber_key": record.get("subscriber", {}).get("key", ""), "test": str(record["test"]).lower(),
        }
        for column, value in expected.items():
            judge.equal(unescape(row[column]), value, f"{record['case']}: {column}")
    outside = consumer.export("csv").text
    judge.check("line-0815" not in outside and "subscriber" not in outside, "the subscriber is told unasked")
    judge.refuses("a formula", lambda: read(text.replace('"\'=cmd"', '"=cmd"')) and False)
    judge.refuses("a quote that is not doubled", lambda: read(text.replace('""x""', '"x"')) and False)
    judge.refuses("a missing cell", lambda: read(text.replace('"opened",', "", 1)) and False)
    judge.finish(exported, len(rows), sum(int(row["count"]) for row in rows), [row["id"] for row in rows])


main()
