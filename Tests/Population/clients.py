"""The clients of the synthetic population: what each of them is, and what it asks for."""

import random
from dataclasses import dataclass, field

# The families bots of the population run: in order, at random, by words, few names a day.
FAMILIES = ("murofet", "newgoz", "necurs", "tinba", "qakbot", "ramnit", "conficker", "suppobox", "pitou",
            "locky", "dyre", "symmi", "pykspa", "qadars", "nymaim", "simda")


@dataclass(slots=True)
class Question:
    name: str
    qtype: str = "A"


@dataclass
class Person:
    """One client. `truth` is the family that really runs behind it, or None."""
    kind: str
    address: str
    truth: str | None = None
    # Over UDP only: sources that are forged, or behind a router that cannot do TCP.
    has_tcp: bool = True
    # Whether an answer with an address ends the walk: the bot believes the sinkhole.
    believes: bool = False
    plan: dict[int, list[Question]] = field(default_factory=dict)

    def questions(self, session: int) -> list[Question]:
        return self.plan.get(session, [])


class Population:
    """Draws clients; the same `seed` gives the same clients."""

    def __init__(self, names, sessions: int, scale: float, seed: int):
        self.names, self.sessions, self.random = names, sessions, random.Random(seed)
        self.people: list[Person] = []
        self._next = 0
        for kind, count in (("clean", 1500), ("colliding", 60), ("popular", 40), ("infected", 300),
                            ("analyst", 20), ("scanner", 20), ("relay", 20), ("spoofed", 50)):
            for _ in range(max(1, round(count * scale))):
                self.people.append(getattr(self, f"_{kind}")(self._address()))
        self.shared = [f"127.99.0.{number}" for number in range(1, 6)]
        for number, address in enumerate(self.shared):
            self.people += self._shared(address, infected=number < 2)

    def _address(self) -> str:
        self._next += 1
        return f"127.{10 + self._next // 62500}.{self._next // 250 % 250}.{self._next % 250 + 1}"

    # Not infected

    def _clean(self, address):
        person = Person("clean", address)
        for session in range(self.sessions):
            person.plan[session] = [Question(f"www{self.random.randrange(5000)}.example.org") for _ in range(3)]
        return person

    def _colliding(self, address):
        """Asks once for one short or wordy name that happens to be listed, as owners and visitors do."""
        person = Person("colliding", address)
        family = self.random.choice(("suppobox", "qakbot", "pykspa"))
        session = self.random.randrange(self.sessions)
        person.plan[session] = [Question(self.random.choice(self.names.of(family, session)))]
        return person

    def _popular(self, address):
        """One of many who ask for the same listed name on the same day."""
        person = Person("popular", address)
        person.plan[1] = [Question(self.names.of("suppobox", 1)[7])]
        return person

    def _analyst(self, address):
        """Works on several families, part of each list, once or twice."""
        person = Person("analyst", address)
        for session in self.random.sample(range(self.sessions), 2):
            asked = []
            for family in self.random.sample(FAMILIES, 6):
                known = self.names.of(family, session)
                asked += [Question(name) for name in known[:self.random.randrange(3, 40)]]
            person.plan[session] = asked
        return person

    def _scanner(self, address):
        """Looks up whole lists, of the days to come too, with types that bots do not ask for."""
        person = Person("scanner", address)
        for family in self.random.sample(FAMILIES, 3):
            for session, qtype in ((0, "NS"), (2, "A")):
                known = self.names.of(family, min(session + 2, self.sessions - 1))[:80]
                person.plan.setdefault(session, []).extend(Question(name, qtype) for name in known)
        return person

    def _relay(self, address):
        """A mail server: MX and TXT of what stands in mails."""
        person = Person("relay", address)
        for session in range(self.sessions):
            family = self.random.choice(FAMILIES)
            asked = self.random.sample(self.names.of(family, session), 2)
            person.plan[session] = [Question(name, qtype) for name in asked for qtype in ("MX", "TXT")]
        return person

    def _spoofed(self, address):
        """Somebody else writes this address into datagrams: a list in order, and never a TCP handshake."""
        person = Person("spoofed", address, has_tcp=False)
        family = self.random.choice(FAMILIES)
        for session in self.random.sample(range(self.sessions), 3):
            person.plan[session] = [Question(name) for name in self.names.of(family, session)[:100]]
        return person

    # Infected

    def _infected(self, address, family: str | None = None):
        family = family or self.random.choice(FAMILIES)
        person = Person("infected", address, truth=family, believes=self.random.random() < 0.15,
                        has_tcp=self.random.random() >= 0.02)
        skew = 2 if self.random.random() < 0.05 else 0  # days a clock is slow, within what is listed
        for session in range(self.sessions):
            if self.random.random() < 0.8:  # else the computer is off
                person.plan[session] = self._run(family, session, skew)
        if not person.plan:
            person.plan[0] = self._run(family, 0, skew)
        return person

    def _run(self, family: str, session: int, skew: int) -> list[Question]:
        known = self.names.of(family, session, days_back=skew)
        tries = self.random.randrange(4, 40)
        picked = (self.random.sample(known, min(tries, len(known)))
                  if self.names.is_random(family) else known[:tries])
        return [Question(name) for name in picked]

    def _shared(self, address: str, infected: bool) -> list[Person]:
        """The lines behind a carrier-grade NAT; one more for what runs behind it."""
        lines = []
        for _ in range(8):
            line = self._colliding(address)
            line.kind = "shared"
            lines.append(line)
        if infected:
            bot = self._infected(address, "murofet")
            bot.kind, bot.has_tcp, bot.believes = "shared", True, False
            lines.append(bot)
        return lines
