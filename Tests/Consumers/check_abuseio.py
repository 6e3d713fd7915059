#!/usr/bin/env python3
"""AbuseIO mails, read the way AbuseIO's Shadowserver parser does: mail, zip, and the CSV with PHP's own reader.

AbuseIO is a web application and is not run here. What its parser does with a mail (parser-shadowserver 93f7d14) is done
once more: attachment by name and type, zip, file name by its expression, CSV by PHP's SplFileObject (php-cli), the fields
it needs. `unzip -t` judges the archive as well.
"""

import csv
import email
import email.policy
import email.utils
import io
import json
import pathlib
import re
import shutil
import subprocess
import tempfile
import zipfile

import consumer

# Settings of its parser; its expression is greedy.
FILE_NAME = re.compile(r"(?:\d{4})-(?:\d{2})-(?:\d{2})-(.*)-[^\-]+-[^\-]+.csv", re.I)
FEEDS = {"event4_sinkhole": {"class": "BOTNET_INFECTION", "needs": ("src_ip", "timestamp", "src_port", "device_type", "dst_ip",
                                                                    "dst_port", "infection")}}
READER = """
$file = new SplFileObject($argv[1]);
$file->setFlags(SplFileObject::READ_CSV | SplFileObject::SKIP_EMPTY | SplFileObject::DROP_NEW_LINE);
$file->setCsvControl(',');
$rows = [];
foreach ($file as $row) { if (is_array($row) && !(count($row) === 1 && $row[0] === null)) { $rows[] = $row; } }
echo json_encode($rows, JSON_THROW_ON_ERROR);
"""


def php_rows(octets):
    """The rows as PHP reads them: it takes a backslash before a quote for an escape, unlike others."""
    if not shutil.which("php"):
        consumer.not_here("no php (Debian: php-cli)")
    with tempfile.NamedTemporaryFile(suffix=".csv") as file:
        file.write(octets)
        file.flush()
        done = subprocess.run(["php", "-d", "error_reporting=0", "-r", READER, "--", file.name], capture_output=True, check=True)
    return json.loads(done.stdout)


def incidents(octets):
    """The incidents of a mail; raises if AbuseIO would fail or warn."""
    mail = email.message_from_bytes(octets, policy=email.policy.default)
    assert not mail.defects and not any(part.defects for part in mail.walk()), "the mail is damaged"
    assert mail["From"] and mail["Message-ID"] and email.utils.parsedate_to_datetime(mail["Date"])
    found = []
    for attachment in mail.iter_attachments():
        assert ".zip" in attachment.get_filename() and attachment.get_content_type() in (
            "application/zip", "application/octet-stream"), "AbuseIO does not look at this attachment"
        archive = zipfile.ZipFile(io.BytesIO(attachment.get_content()))
        assert archive.testzip() is None
        for name in archive.namelist():
            feed = FEEDS[FILE_NAME.search(name).group(1)]
            head, *rows = php_rows(archive.read(name))
            assert all(len(row) == len(head) for row in rows), "a row has another number of cells"
            reports = [dict(zip(head, row)) for row in rows]
            assert all(key in report for report in reports for key in feed["needs"]), "a field is missing"
            # Another reader of CSV must see the same.
            assert reports == list(csv.DictReader(io.StringIO(archive.read(name).decode()), strict=True)), "readers disagree"
            found += [report | {"class": feed["class"]} for report in reports]
    assert found, "no incident"
    return found


def judge_archive(judge, octets):
    mail = email.message_from_bytes(octets, policy=email.policy.default)
    for attachment in mail.iter_attachments():
        with tempfile.NamedTemporaryFile(suffix=".zip") as file:
            file.write(attachment.get_content())
            file.flush()
            if shutil.which("unzip"):
                judge.equal(subprocess.run(["unzip", "-t", file.name], capture_output=True).returncode, 0, "unzip -t")


def main():
    judge = consumer.Judge("abuseio")
    exported = consumer.export("abuseio", "--with-query", "--name", "my-isp é", "--organisation", "ISP\r\nBcc: all@example.org",
                               folder=True)
    found = []
    for path in exported.files:
        octets = pathlib.Path(path).read_bytes()
        judge.check(b"\nBcc:" not in octets, "a setting adds a header")
        judge.check(max(map(len, octets.split(b"\r\n"))) <= 998 and b"\n" not in octets.replace(b"\r\n", b""), "line ends")
        judge_archive(judge, octets)
        found += incidents(octets)
        for what, twin in {
                "another kind of attachment": octets.replace(b"application/zip", b"application/x-zip"),
                "a name of three parts": octets.replace(b"-all.zip", b"-all.tar"),
                "a damaged archive": re.sub(rb"\r\n\r\nUEsDB\S{40}", b"\r\n\r\nUEsDB" + b"A" * 40, octets),
                "no end": octets[:len(octets) // 2]}.items():
            judge.check(twin != octets, f"{what}: the twin is the same")
            judge.refuses(what, lambda: incidents(twin) and None)
    known = {consumer.plain(record["id"]): record for record in consumer.records()}
    for report in found:
        record = known[report["event_id"]]
        told = "relay" in record["client"] and "prefix_length" in record["client"]
        judge.equal(report["src_ip"], record["client"]["relay" if told else "address"], f"{record['case']}: ip")
        judge.equal(report["timestamp"], record["first_time"][:19].replace("T", " "), f"{record['case']}: timestamp")
        query = report["query"][1:] if report["query"].startswith("'") else report["query"]
        judge.equal(query, record["lookups"][0]["qname"], f"{record['case']}: query")
    shutil.rmtree(exported.folder)
    judge.finish(exported, len(found), sum(int(report["count"]) for report in found), [report["event_id"] for report in found])


main()
