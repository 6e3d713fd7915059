"""A scriptable authoritative server for one zone, with a log of every question.

It shows what NSD cannot: which questions reached an authority at all, late answers and
silence. The first label of a name says what happens to it:

    slow-…   answered after DELAY seconds      drop-…   never answered
    others   A 198.51.100.77 for every name below the zone

With the zone "." it plays a forwarder's upstream that resolves every name.
Run as a program: authority.py ADDRESS PORT ZONE LOGFILE
"""

import socket
import sys
import threading

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset

ADDRESS = "198.51.100.77"
DELAY = 1.0
TTL = 300


class Authority:
    """Answers for one zone over UDP."""

    def __init__(self, address: str, port: str, zone: str, log: str):
        self.zone = dns.name.from_text(zone)
        self.server = dns.name.from_text("ns", self.zone)
        self.address = address
        self.log = open(log, "a", buffering=1)  # noqa: SIM115 - lives as long as the process
        self.sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        self.sock.bind((address, int(port)))

    def serve(self) -> None:
        while True:
            packet, peer = self.sock.recvfrom(4096)
            message = dns.message.from_wire(packet)
            question = message.question[0]
            self.log.write(f"{question.name} {dns.rdatatype.to_text(question.rdtype)}\n")
            action = question.name.to_text().partition("-")[0].lower()
            if action == "slow":
                threading.Timer(DELAY, self.reply, (message, peer)).start()
            elif action != "drop":
                self.reply(message, peer)

    def reply(self, message: dns.message.Message, peer) -> None:
        question = message.question[0]
        answer = dns.message.make_response(message)
        answer.flags |= dns.flags.RA if self.zone == dns.name.root else dns.flags.AA
        soa = dns.rrset.from_text(self.zone, TTL, "IN", "SOA",
                                  f"{self.server} {self.server} 1 3600 600 86400 60")
        if not question.name.is_subdomain(self.zone):
            answer.set_rcode(dns.rcode.REFUSED)
        elif question.rdtype == dns.rdatatype.A:
            address = self.address if question.name == self.server else ADDRESS
            answer.answer.append(dns.rrset.from_text(question.name, TTL, "IN", "A", address))
        elif question.rdtype == dns.rdatatype.NS and question.name == self.zone:
            answer.answer.append(dns.rrset.from_text(self.zone, TTL, "IN", "NS", str(self.server)))
        elif question.rdtype == dns.rdatatype.SOA and question.name == self.zone:
            answer.answer.append(soa)
        else:
            answer.authority.append(soa)
        self.sock.sendto(answer.to_wire(), peer)


if __name__ == "__main__":
    Authority(*sys.argv[1:5]).serve()
