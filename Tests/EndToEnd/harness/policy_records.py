"""Names of the lab's Internet that response policy zones have rules for."""

LAB_RECORDS = """
nxdomain A 203.0.113.1
nodata A 203.0.113.2
pass A 203.0.113.3
pass TXT "real"
oldpass A 203.0.113.4
drop A 203.0.113.5
tcp A 203.0.113.6
data A 203.0.113.7
data TXT "real"
alias A 203.0.113.8
second A 203.0.113.9
third A 203.0.113.10
unrelated A 203.0.113.11
plain A 203.0.113.12
plain AAAA 2001:db8:1::12
*.wild A 203.0.113.13
*.garden A 203.0.113.14
ip24 A 198.51.100.20
ip24 TXT "real"
ip32pass A 198.51.100.21
ip32 A 198.51.100.22
iptwo A 203.0.113.20
iptwo A 198.51.100.22
ipsix AAAA 2001:db8:22::1
ipsixexact AAAA 2001:db8:22::23
toip CNAME ip24
chain CNAME chaintarget
chaintarget A 203.0.113.15
chain2 CNAME chain
chainp CNAME chainpass
chainpass A 198.51.100.25
chaind CNAME chaindata
chaindata A 203.0.113.16
passchain CNAME chaintarget
hints HTTPS 1 . alpn=h2 ipv4hint=198.51.100.22
"""
