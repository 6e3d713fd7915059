#!/usr/bin/env python3
"""IODEF in XML against the XSD of RFC 7970 (lxml), in JSON against the schema of RFC 8727 (jsonschema)."""

import copy
import json

import consumer

consumer.enter_venv("schemas", "jsonschema==4.25.1", "rfc3339-validator==0.1.4", "lxml==6.0.2")

NAMESPACE = {"i": "urn:ietf:params:xml:ns:iodef-2.0"}
STATUS = {"opened": "new", "updated": "in-progress", "closed": "resolved", "withdrawn": "ext-value"}


def judge_incident(judge, record, purpose, status, restriction, source, port, count):
    where, client = record["case"], record["client"]
    told = "relay" in client and "prefix_length" in client
    judge.equal(purpose, "ext-value" if record["test"] else "reporting", f"{where}: purpose")
    judge.equal(status, STATUS[record["change"]], f"{where}: status")
    judge.equal(restriction, record["tlp"] if record["tlp"] in ("green", "amber", "red") else "ext-value", f"{where}: restriction")
    judge.equal(source, client["relay"] if told else client["address"], f"{where}: source")
    judge.equal(port, (client["relay_port"] if told else client["port"]) or None, f"{where}: port")
    judge.equal(count, record["count"], f"{where}: count")


def judge_xml():
    from lxml import etree
    judge = consumer.Judge("iodef")
    schema = etree.XMLSchema(etree.parse(str(consumer.schema("iodef-xsd/iodef-2.0.xsd"))))
    exported = consumer.export("iodef", "--organisation", 'Bücher & <Netz> "GmbH"')
    document = etree.fromstring(exported.octets)
    schema.validate(document)
    judge.accepts("the document", (error.message for error in schema.error_log))
    incidents = document.findall("i:Incident", NAMESPACE)
    for record, incident in zip(consumer.records(), incidents):
        def text(path):
            return incident.findtext(path, namespaces=NAMESPACE)
        system = incident.xpath("i:EventData/i:Flow/i:System[@category='source']", namespaces=NAMESPACE)[0]
        port = system.findtext("i:Service/i:Port", namespaces=NAMESPACE)
        judge_incident(judge, record, incident.get("purpose"), incident.get("status"), incident.get("restriction"),
                       system.findtext("i:Node/i:Address", namespaces=NAMESPACE), port and int(port),
                       int(system.findtext("i:Counter", namespaces=NAMESPACE)))
        judge.equal(text("i:IncidentID"), record["id"], f"{record['case']}: IncidentID")
        judge.equal(text("i:StartTime"), record["first_time"], f"{record['case']}: StartTime")
        judge.equal(text("i:Contact/i:ContactName"), 'Bücher & <Netz> "GmbH"', "organisation")
        items = incident.findall("i:EventData/i:Record/i:RecordData/i:RecordItem", NAMESPACE)
        judge.check([lookup["qname"] in item.text for lookup, item in zip(record["lookups"], items)].count(True)
                    == len(record["lookups"]), f"{record['case']}: names of the examples")
    for old, new in {"purpose=\"reporting\"": "purpose=\"fun\"", "<IncidentID": "<Identity", "category=\"source\"": "category=\"client\"",
                     "rating=\"medium\"": "rating=\"certain\"", "dtype=\"string\"": "", "<GenerationTime>2026": "<GenerationTime>at 2026"}.items():
        twin = exported.text.replace(old, new)
        judge.check(twin != exported.text, f"{old} is not in the document")
        judge.refuses(new, lambda: not schema.validate(etree.fromstring(twin.encode())))
    counts = [int(float(counter.text)) for counter in document.iterfind(".//i:Counter", NAMESPACE)]
    judge.finish(exported, len(incidents), sum(counts),
                 [incident.findtext("i:IncidentID", namespaces=NAMESPACE) for incident in incidents], end=False)
    return judge.failed


def judge_json():
    import jsonschema
    judge = consumer.Judge("iodef-json")
    schema = json.loads(consumer.schema("iodef-json.schema.json").read_text())
    validator = jsonschema.Draft4Validator(schema, format_checker=jsonschema.FormatChecker())
    exported = consumer.export("iodef-json")
    document = json.loads(exported.text)
    judge.accepts("the document", (f"{list(error.path)}: {error.message}" for error in validator.iter_errors(document)))
    counts = []
    for record, incident in zip(consumer.records(), document["Incident"]):
        system = next(each for each in incident["EventData"][0]["System"] if each["category"] == "source")
        counts.append(system["Counter"][0]["value"])
        judge_incident(judge, record, incident["purpose"], incident["status"], incident["restriction"],
                       system["Node"]["Address"][0]["value"], system["Service"][0].get("Port"), counts[-1])
        judge.equal(incident["Assessment"][0]["Confidence"]["value"], round(record["confidence"] * 100, 2), "confidence")
    first = document["Incident"][0]
    for key, value in {"purpose": "fun", "GenerationTime": "yesterday", "Contact": [], "IncidentID": {"id": "1"}, "Flow": {},
                       "Assessment": [first["Assessment"][0] | {"Confidence": {"rating": "high"}}]}.items():
        twin = copy.deepcopy(document)
        twin["Incident"][0][key] = value
        judge.refuses(f"{key} = {value!r}", lambda: list(validator.iter_errors(twin)))
    judge.finish(exported, len(counts), sum(counts), [incident["IncidentID"]["id"] for incident in document["Incident"]], end=False)
    return judge.failed


raise SystemExit(1 if judge_xml() + judge_json() else 0)
