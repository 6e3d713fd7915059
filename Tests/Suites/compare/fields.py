"""What is compared of two answers, in the manner of respdiff: one value per field."""

import dns.flags
import dns.rcode
import dns.rdatatype

FIELDS = ["timeout", "rcode", "ad", "answer types", "answer", "rrsigs", "negative"]


def of(answer, question) -> dict[str, object]:
    """The fields of an answer; None stands for a time-out."""
    if answer is None:
        return {"timeout": True}
    data = [rrset for rrset in answer.answer if rrset.rdtype != dns.rdatatype.RRSIG]
    signatures = [rrset for rrset in answer.answer if rrset.rdtype == dns.rdatatype.RRSIG]
    return {
        "timeout": False,
        "rcode": dns.rcode.to_text(answer.rcode()),
        # AD is only promised to those who ask for it (RFC 6840 §5.8).
        "ad": bool(answer.flags & dns.flags.AD) if question.ad or question.do else None,
        "answer types": sorted({dns.rdatatype.to_text(rrset.rdtype) for rrset in data}),
        "answer": sorted(f"{rrset.name.canonicalize()} {dns.rdatatype.to_text(rrset.rdtype)} {rdata.to_text()}".lower()
                         for rrset in data for rdata in rrset),
        "rrsigs": sorted({dns.rdatatype.to_text(rrset.covers) for rrset in signatures}) if question.do else None,
        "negative": _negative(answer) if not data else None,
    }


def _negative(answer) -> list[str]:
    """The zone whose SOA proves a negative answer."""
    return sorted(str(rrset.name).lower() for rrset in answer.authority if rrset.rdtype == dns.rdatatype.SOA)


def difference(one: dict, other: dict) -> str | None:
    """The first field in which two answers differ."""
    return next((field for field in FIELDS if one.get(field) != other.get(field)), None)
