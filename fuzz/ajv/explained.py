"""explained: where Ajv and the specification part, or where fnward refuses on purpose.

Each is a row of the table in fuzz/README.md. A difference counts as explained only when its
smallest form is of the kind that the row tells.
"""


def reason(schema, documents, ours, theirs):
    for name, applies in ROWS:
        if applies(schema, documents, ours, theirs):
            return name
    return None


def subschemas(value):
    """Every object in a schema, itself too."""
    if isinstance(value, dict):
        yield value
    if isinstance(value, (dict, list)):
        for part in value.values() if isinstance(value, dict) else value:
            yield from subschemas(part)


def arrays(value):
    if isinstance(value, list):
        yield value
    if isinstance(value, (dict, list)):
        for part in value.values() if isinstance(value, dict) else value:
            yield from arrays(part)


def has(schema, *names):
    return all(any(name in one for one in subschemas(schema)) for name in names)


def is_contains_of_everything(schema, documents, ours, theirs):
    """Next to a list of items Ajv forgets that `contains` wants one item at least."""
    return (ours, theirs) == ("i", "v") and [] in list(arrays(documents[0])) and any(
        "contains" in one and ("prefixItems" in one or isinstance(one.get("items"), list))
        for one in subschemas(schema))


def is_evaluated(schema, documents, ours, theirs):
    """What Ajv takes for evaluated it decides while it compiles: also what a branch, an `if` or
    `dependentSchemas` looked at that did not hold or was not asked, and all items beside
    `contains`; but not what `items: {}` or `contains: {}` looked at."""
    return (has(schema, "unevaluatedItems") or has(schema, "unevaluatedProperties")) and any(
        has(schema, name) for name in ("if", "anyOf", "oneOf", "dependentSchemas", "contains"))


ROWS = [
    ("contains beside a list of items, an empty array", is_contains_of_everything),
    ("unevaluated* beside what Ajv takes for evaluated", is_evaluated),
]
