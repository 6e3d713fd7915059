"""What the checks of MISP's formats share: events as PyMISP reads them."""

import copy

from pymisp import MISPEvent, MISPObject


def load(document):
    """An event, with the types, categories and templates PyMISP knows enforced."""
    event = MISPEvent(strict_validation=True)
    event.load(copy.deepcopy(document))  # PyMISP empties what it is given
    return event


def complaints(event):
    """What is wrong with an event although PyMISP could read it."""
    for item in event.objects:
        template = MISPObject(item.name, strict=True)
        if (template.template_uuid, int(template.template_version)) != (item.template_uuid, int(item.template_version)):
            yield f"{item.name} is of another template"
        for attribute in item.attributes:
            try:
                template.add_attribute(attribute.object_relation, attribute.value)
            except Exception as error:  # PyMISP has several
                yield f"{attribute.object_relation}: {error}"
        missing = [name for name in template._definition.get("required", []) if not item.get_attributes_by_relation(name)]
        if missing:
            yield f"{item.name} lacks {missing}"
    everything = [*event.attributes, *(attribute for item in event.objects for attribute in item.attributes)]
    if any(attribute.to_ids for attribute in everything):
        yield "something of a victim is marked as something to block (to_ids)"
    if len({attribute.uuid for attribute in everything}) != len(everything):
        yield "two attributes have one identifier"
    plain = [(attribute.type, attribute.category, attribute.value) for attribute in event.attributes]
    if len(set(plain)) != len(plain):
        yield "MISP refuses an attribute that is there already"
    if not any(tag.name.startswith("tlp:") for tag in event.tags):
        yield "no traffic light"


def lookups(event):
    """Sum of the counts of its connections."""
    return sum(int(item.get_attributes_by_relation("count")[0].value) for item in event.objects)


def false_positives(event):
    """Sightings of type 1."""
    return sum(int(sighting.type) == 1 for item in event.objects for attribute in item.attributes
               for sighting in attribute.sightings)
