"""Balancers and forwarders in front of Ponor: dnsdist and dnsmasq from Debian's packages."""

import socket
import struct
from collections.abc import Sequence
from pathlib import Path

from .environment import LOOPBACK
from .processes import Daemon

SIGNATURE = b"\r\n\r\n\0\r\nQUIT\n"
LOCAL, PROXY = 0x20, 0x21
TCP4, UDP4, TCP6, UDP6 = 0x11, 0x12, 0x21, 0x22


def proxy_header(source: str = "", port: int = 0, *, destination: str = "192.0.2.200", command: int = PROXY,
                 family: int | None = None, stream: bool = False, tail: bytes = b"") -> bytes:
    """A PROXY protocol version 2 header; `tail` is for extensions."""
    payload = b""
    if source:
        six = ":" in source
        code = socket.AF_INET6 if six else socket.AF_INET
        family = family or (TCP6 if six else TCP4) + (0 if stream else 1)
        payload = socket.inet_pton(code, source) + socket.inet_pton(code, destination) \
            + struct.pack("!HH", port, 53)
    payload += tail
    return SIGNATURE + struct.pack("!BBH", command, family or 0, len(payload)) + payload


def dnsdist(folder: Path, port: int, server_port: int, source: str) -> Daemon:
    """dnsdist with one server behind it, to which it speaks version 2 from the address `source`."""
    folder.mkdir(parents=True, exist_ok=True)
    config = folder / "dnsdist.conf"
    config.write_text(
        f'setLocal("{LOOPBACK}:{port}")\nsetACL({{"127.0.0.0/8"}})\nsetSecurityPollSuffix("")\n'
        f'newServer({{address="{LOOPBACK}:{server_port}", source="{source}", useProxyProtocol=true,'
        ' checkInterval=1})\n')
    return Daemon("dnsdist", ["dnsdist", "--supervised", "--disable-syslog", "-C", config],
                  folder / "dnsdist.log")


def haproxy(folder: Path, ports: dict[int, int], source: str) -> Daemon:
    """HAProxy that passes connections on as they are, TLS and all, behind a version 2 header.

    `ports` says which port of Ponor stands behind each of its own; it speaks from the address `source`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    config = folder / "haproxy.cfg"
    config.write_text("defaults\n mode tcp\n timeout connect 5s\n timeout client 10s\n timeout server 10s\n" + "".join(
        f"listen to{behind}\n bind {LOOPBACK}:{port}\n"
        f" server ponor {LOOPBACK}:{behind} send-proxy-v2 source {source}\n" for port, behind in ports.items()))
    return Daemon("haproxy", ["haproxy", "-db", "-f", config], folder / "haproxy.log")


def dnsmasq(folder: Path, port: int, server: str, source: str, *options: str, address: str = LOOPBACK,
            prefix: Sequence[str] = ()) -> Daemon:
    """dnsmasq without a cache that asks `server` (address#port) from the address `source`."""
    folder.mkdir(parents=True, exist_ok=True)
    return Daemon("dnsmasq", [
        *prefix, "dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", f"--pid-file={folder}/pid",
        f"--port={port}", f"--listen-address={address}", "--bind-interfaces", "--no-resolv", "--no-hosts",
        "--user=root", "--log-facility=-", "--cache-size=0", f"--server={server}@{source}", *options],
        folder / "dnsmasq.log")
