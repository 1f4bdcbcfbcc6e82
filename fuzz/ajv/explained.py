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


def is_contains_of_nothing(schema, documents, ours, theirs):
    """Among other items Ajv passes an empty array, which lacks what `contains` wants."""
    return (ours, theirs) == ("i", "v") and [] in list(arrays(documents[0])) and has(schema, "contains")


def is_dynamic(schema, documents, ours, theirs):
    """When the schema that a dynamic reference leads to holds, Ajv forgets what failed beside
    it."""
    return (ours, theirs) == ("i", "v") and (
        has(schema, "$dynamicRef") or has(schema, "$recursiveRef"))


def is_evaluated(schema, documents, ours, theirs):
    """What Ajv takes for evaluated it decides while it compiles: also what a branch, an `if` or
    `dependentSchemas` looked at that did not hold or was not asked, and all items beside
    `contains`; but not what `items: {}` or `contains: {}` looked at. A dynamic reference it
    takes for one that evaluates everything."""
    return (has(schema, "unevaluatedItems") or has(schema, "unevaluatedProperties")) and any(
        has(schema, name) for name in
        ("if", "anyOf", "oneOf", "dependentSchemas", "contains", "$dynamicRef", "$recursiveRef"))


ROWS = [
    ("contains, an empty array", is_contains_of_nothing),
    ("unevaluated* beside what Ajv takes for evaluated", is_evaluated),
    ("a dynamic reference beside what fails", is_dynamic),
]
