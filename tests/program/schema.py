# SPDX-License-Identifier: BSL-1.0
"""The part of JSON Schema (2020-12) that docs/schema uses. A keyword that is not known here is an error, not a pass."""

import re

ANNOTATIONS = {"$schema", "$defs", "title", "description"}
TYPES = {"object": dict, "array": list, "string": str, "boolean": bool}


def is_of_type(value, kind):
    if kind == "integer":
        return isinstance(value, int) and not isinstance(value, bool)
    if kind == "number":
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    return isinstance(value, TYPES[kind])


def violations(value, schema, root=None, where="$"):
    """What is wrong with the value, as a list of lines; empty if it is valid."""
    root = root or schema
    found = []
    for keyword, rule in schema.items():
        if keyword in ANNOTATIONS:
            continue
        check = globals().get("check_" + keyword.replace("$", ""))
        if check is None:
            raise ValueError(f"the validator does not know the keyword {keyword}")
        found += check(value, rule, schema, root, where)
    return found


def check_ref(value, rule, schema, root, where):
    target = root
    for part in rule.removeprefix("#/").split("/"):
        target = target[part]
    return violations(value, target, root, where)


def check_type(value, rule, schema, root, where):
    return [] if is_of_type(value, rule) else [f"{where}: {value!r} is no {rule}"]


def check_enum(value, rule, schema, root, where):
    return [] if value in rule else [f"{where}: {value!r} is none of {rule}"]


def check_pattern(value, rule, schema, root, where):
    return [] if not isinstance(value, str) or re.search(rule, value) else [f"{where}: {value!r} is not like {rule}"]


def check_minimum(value, rule, schema, root, where):
    return [f"{where}: {value} < {rule}"] if is_of_type(value, "number") and value < rule else []


def check_maximum(value, rule, schema, root, where):
    return [f"{where}: {value} > {rule}"] if is_of_type(value, "number") and value > rule else []


def check_minLength(value, rule, schema, root, where):
    return [f"{where}: shorter than {rule}"] if isinstance(value, str) and len(value) < rule else []


def check_minItems(value, rule, schema, root, where):
    return [f"{where}: fewer than {rule}"] if isinstance(value, list) and len(value) < rule else []


def check_required(value, rule, schema, root, where):
    return [f"{where}: no {key}" for key in rule if isinstance(value, dict) and key not in value]


def check_properties(value, rule, schema, root, where):
    if not isinstance(value, dict):
        return []
    return [line for key in rule if key in value for line in violations(value[key], rule[key], root, f"{where}.{key}")]


def check_additionalProperties(value, rule, schema, root, where):
    assert rule is False
    if not isinstance(value, dict):
        return []
    return [f"{where}: {key} is not in the schema" for key in value if key not in schema.get("properties", {})]


def check_items(value, rule, schema, root, where):
    if not isinstance(value, list):
        return []
    return [line for k, item in enumerate(value) for line in violations(item, rule, root, f"{where}[{k}]")]


def check_anyOf(value, rule, schema, root, where):
    if any(not violations(value, choice, root, where) for choice in rule):
        return []
    return [f"{where}: {value!r} fits none of the choices"]
