#!/usr/bin/env python3
"""Syslog messages: rsyslogd reads them over TCP with octet counting, and a parser of RFC 5424 from PyPI reads them alone."""
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

import consumer

RSYSLOGD = shutil.which("rsyslogd") or "/usr/sbin/rsyslogd"
consumer.enter_venv("syslog", "syslog-rfc5424-parser==0.3.2")

from syslog_rfc5424_parser import SyslogMessage  # noqa: E402

DATA = "ponor@32473"
SECONDS = 20
CONFIGURATION = """
global(workDirectory="{folder}" maxMessageSize="64k")
module(load="imtcp")
input(type="imtcp" port="{port}" address="127.0.0.1" ruleset="all")
template(name="parts" type="list") {{
  constant(value="{{") property(name="timereported" dateFormat="rfc3339" format="jsonf" outname="time")
  constant(value=",") property(name="hostname" format="jsonf")
  constant(value=",") property(name="app-name" format="jsonf" outname="app")
  constant(value=",") property(name="msgid" format="jsonf")
  constant(value=",") property(name="pri" format="jsonf")
  constant(value=",") property(name="structured-data" format="jsonf" outname="data")
  constant(value=",") property(name="msg" format="jsonf") constant(value="}}\\n")
}}
ruleset(name="all") {{ action(type="omfile" file="{output}" template="parts") }}
"""


def framed(line):
    """Octet counting (RFC 6587): what a stream sink puts before each message."""
    octets = line.encode()
    return f"{len(octets)} ".encode() + octets


def through_rsyslog(lines):
    """What rsyslogd made of the messages, a dictionary each."""
    if not os.path.exists(RSYSLOGD):
        consumer.not_here("no rsyslogd (Debian: rsyslog)")
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        output = folder / "out"
        (folder / "conf").write_text(CONFIGURATION.format(folder=folder, port=port, output=output))
        process = subprocess.Popen([RSYSLOGD, "-n", "-f", folder / "conf", "-i", folder / "pid"],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            send(port, b"".join(map(framed, lines)))
            until = time.monotonic() + SECONDS
            while time.monotonic() < until and (not output.exists() or output.read_bytes().count(b"\n") < len(lines)):
                time.sleep(0.1)
            return [json.loads(line) for line in output.read_text().splitlines()] if output.exists() else []
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(SECONDS)


def send(port, octets):
    until = time.monotonic() + SECONDS
    while True:
        try:
            with socket.create_connection(("127.0.0.1", port), 2) as connection:
                connection.sendall(octets)
            return
        except ConnectionRefusedError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


def parameters(line):
    """Structured data as the parser reads it, which knows escapes."""
    return SyslogMessage.parse(line).sd[DATA]


def main():
    judge = consumer.Judge("syslog")
    exported = consumer.export("syslog")
    lines, records = exported.lines, consumer.records()
    data = []
    for number, (line, record) in enumerate(zip(lines, records), 1):
        message = SyslogMessage.parse(line)
        data.append(message.sd[DATA])
        judge.equal(message.timestamp, record["first_time"], f"line {number}: time")
        judge.equal((message.appname, message.msgid), ("ponor", "infection"), f"line {number}: names")
        judge.equal(message.sd[DATA]["qname"].replace("\\\\", "\\"), record["lookups"][0]["qname"],
                    f"line {number}: name asked for")
    judge.equal([item["id"] for item in data], [record["id"] for record in records], "records")
    judge.equal(sum(item["test"] == "true" for item in data), sum(record["test"] for record in records), "marked test")

    received = through_rsyslog(lines)
    judge.equal(len(received), len(lines), "messages that rsyslogd read")
    for number, (line, message) in enumerate(zip(lines, received), 1):
        judge.equal(message["time"].replace("+00:00", "Z"), line.split(" ")[1], f"rsyslogd, message {number}: time")
        judge.check(message["data"] in line, f"rsyslogd, message {number}: structured data {message['data'][:80]}")
        judge.equal((message["app"], message["msgid"], message["pri"]), ("ponor", "infection", line[1:line.index(">")]),
                    f"rsyslogd, message {number}: names")

    judge.refuses("a message without version", lambda: parameters(lines[0].replace(">1 ", ">", 1)) and None)
    judge.refuses("a quote that is not escaped", lambda: parameters(lines[0].replace('family="', 'family=""', 1)) and None)
    judge.refuses("a message in another frame", lambda: [] if through_rsyslog(
        [lines[0].replace(" ponor - ", " other - ", 1)])[0]["app"] == "ponor" else ["another program"])
    judge.finish(exported, len(data), sum(int(item["count"]) for item in data))


if __name__ == "__main__":
    sys.exit(main())
