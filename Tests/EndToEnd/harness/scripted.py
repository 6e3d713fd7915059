"""Authoritative servers for hostile and changing zones, on many addresses in one process.

The script is a JSON file that is read again whenever it changes:

    {"10.53.1.1": {".": ["@ NS ns.root.", "com NS ns.com.", "ns.com. A 10.53.1.2"]}, …}

that is, address → origin → records as "owner [ttl] type rdata", owners relative to the origin.
A zone without a SOA record gets one with a negative TTL of 1. Names below a delegation are
referred, with what glue there is. An address that is not in the script does not answer. Each
question goes to the log as "address name. TYPE". Run as a program: scripted.py SCRIPT LOG
"""

import json
import os
import selectors
import socket
import sys
from pathlib import Path

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.rrset

TTL = 300
IN = dns.rdataclass.IN


class Zone:
    """The records of one zone, and what they say to a question."""

    def __init__(self, origin: str, records: list[str]):
        self.origin = dns.name.from_text(origin)
        self.sets: dict[tuple[dns.name.Name, int], dns.rrset.RRset] = {}
        self.signatures: dict[tuple[dns.name.Name, int], dns.rrset.RRset] = {}
        for line in records:
            self._add(line)
        if (self.origin, dns.rdatatype.SOA) not in self.sets:
            self._add("@ 1 SOA ns hostmaster 1 3600 600 86400 1")

    def _add(self, line: str) -> None:
        owner, rest = line.split(" ", 1)
        first, _, tail = rest.partition(" ")
        ttl, rest = (int(first), tail) if first.isdigit() else (TTL, rest)
        kind, _, data = rest.partition(" ")
        name = self.origin if owner == "@" else dns.name.from_text(owner, self.origin)
        rdtype = dns.rdatatype.from_text(kind)
        rdata = dns.rdata.from_text(IN, rdtype, data, origin=self.origin, relativize=False)
        sets, kind = (self.signatures, rdata.covers()) if rdtype == dns.rdatatype.RRSIG else (self.sets, rdtype)
        sets.setdefault((name, kind), dns.rrset.RRset(name, IN, rdtype, rdata.covers())).add(rdata, ttl)

    def reply(self, query: dns.message.Message) -> dns.message.Message:
        question = query.question[0]
        answer = dns.message.make_response(query)
        cut = self._cut(question)
        if cut:
            answer.authority.append(cut)
            answer.additional += [self.sets[target.target, kind] for target in cut
                                  for kind in (dns.rdatatype.A, dns.rdatatype.AAAA)
                                  if (target.target, kind) in self.sets]
            return answer
        answer.flags |= dns.flags.AA
        for kind in (question.rdtype, dns.rdatatype.CNAME):
            if (question.name, kind) in self.sets:
                answer.answer.append(self.sets[question.name, kind])
                if (question.name, kind) in self.signatures:
                    answer.answer.append(self.signatures[question.name, kind])
                return answer
        answer.authority.append(self.sets[self.origin, dns.rdatatype.SOA])
        if not any(name.is_subdomain(question.name) for name, _ in self.sets):
            answer.set_rcode(dns.rcode.NXDOMAIN)
        return answer

    def _cut(self, question) -> dns.rrset.RRset | None:
        name = question.name
        while name != self.origin:
            found = self.sets.get((name, dns.rdatatype.NS))
            if found and not (name == question.name and question.rdtype == dns.rdatatype.DS):
                return found
            name = name.parent()
        return None


class Servers:
    """The sockets of all addresses in the script."""

    def __init__(self, script: str, log: str):
        self.script, self.stamp = Path(script), None
        self.log = open(log, "a", buffering=1)  # noqa: SIM115 - lives as long as the process
        self.selector = selectors.DefaultSelector()
        self.sockets: dict[str, socket.socket] = {}
        self.zones: dict[str, list[Zone]] = {}
        self.read()

    def read(self) -> None:
        stamp = os.stat(self.script).st_mtime_ns
        if stamp == self.stamp:
            return
        self.stamp = stamp
        content = json.loads(self.script.read_text())
        self.zones = {address: sorted((Zone(*zone) for zone in zones.items()),
                                      key=lambda zone: -len(zone.origin.labels))
                      for address, zones in content.items()}
        for address in content.keys() - self.sockets.keys():
            sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            sock.bind((address, 53))
            self.sockets[address] = sock
            self.selector.register(sock, selectors.EVENT_READ, address)

    def serve(self) -> None:
        while True:
            for key, _ in self.selector.select():
                packet, peer = key.fileobj.recvfrom(4096)
                self.read()
                query = dns.message.from_wire(packet)
                name, kind = query.question[0].name, query.question[0].rdtype
                self.log.write(f"{key.data} {name.to_text().lower()} {dns.rdatatype.to_text(kind)}\n")
                zone = next((zone for zone in self.zones.get(key.data, [])
                             if name.is_subdomain(zone.origin)), None)
                if zone:
                    key.fileobj.sendto(zone.reply(query).to_wire(max_size=65535), peer)


if __name__ == "__main__":
    Servers(*sys.argv[1:3]).serve()
