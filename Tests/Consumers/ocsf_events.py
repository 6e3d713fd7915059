"""OCSF events against the compiled schemas: required attributes, types, enumerations, constraints, unknown names.

`ocsf-lib` reads the compiled schema; it has no validator of events, so the walk over it is ours.
"""

import ipaddress

CLASSES = {2004: "detection_finding", 4003: "dns_activity"}
RANGES = {"integer_t": 2**31, "long_t": 2**63, "timestamp_t": 2**63, "port_t": 65_536}


def complaints(schema, event, profiles):
    """What a compiled schema says against an event."""
    name = CLASSES.get(event.get("class_uid"))
    if name is None:
        yield f"class_uid {event.get('class_uid')} is not known"
        return
    yield from check(schema, schema.classes[name].attributes, schema.classes[name].constraints, event, name, profiles)
    if event.get("type_uid") != event["class_uid"] * 100 + event.get("activity_id", -1):
        yield "type_uid is not class_uid * 100 + activity_id"


def check(schema, attributes, constraints, value, path, profiles):
    for key in value:
        if key not in attributes:
            yield f"{path}.{key} is not known"
    for key, attribute in attributes.items():
        if attribute.profile and attribute.profile not in profiles:
            if key in value:
                yield f"{path}.{key} belongs to profile {attribute.profile}"
            continue
        if key in value:
            items = value[key] if attribute.is_array else [value[key]]
            if attribute.is_array and not isinstance(value[key], list):
                yield f"{path}.{key} must be an array"
                continue
            for item in items:
                yield from check_value(schema, attribute, item, f"{path}.{key}", profiles)
        elif attribute.requirement == "required":
            yield f"{path}.{key} is required"
    for kind, names in (constraints or {}).items():
        present = sum(name in value for name in names)
        if kind == "at_least_one" and not present or kind == "just_one" and present != 1:
            yield f"{path}: {kind} of {names}"


def check_value(schema, attribute, value, path, profiles):
    kind = attribute.type
    if attribute.object_type or kind in schema.objects:
        name = attribute.object_type or kind
        if not isinstance(value, dict):
            yield f"{path} must be an object"
        elif name != "object":
            found = schema.objects[name]
            yield from check(schema, found.attributes, found.constraints, value, path, profiles)
        return
    if kind in RANGES:
        if type(value) is not int or not 0 <= value < RANGES[kind]:
            yield f"{path}: {value!r} is no {kind}"
    elif kind == "float_t":
        if not isinstance(value, (int, float)):
            yield f"{path}: {value!r} is no {kind}"
    elif kind == "boolean_t":
        if not isinstance(value, bool):
            yield f"{path}: {value!r} is no {kind}"
    elif kind == "ip_t":
        try:
            ipaddress.ip_address(value)
        except ValueError as error:
            yield f"{path}: {error}"
    elif not isinstance(value, str) and kind != "json_t":
        yield f"{path}: {value!r} is no {kind}"
    if attribute.enum and str(value) not in attribute.enum:
        yield f"{path}: {value!r} is not in the enumeration"
