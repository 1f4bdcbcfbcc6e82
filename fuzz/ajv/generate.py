"""generate: random JSON Schemas and documents, of a vocabulary so small that they meet."""

import dataclasses
import random

URIS = {
    "2020-12": "https://json-schema.org/draft/2020-12/schema",
    "2019-09": "https://json-schema.org/draft/2019-09/schema",
    "7": "http://json-schema.org/draft-07/schema#",
    "6": "http://json-schema.org/draft-06/schema#",
    "4": "http://json-schema.org/draft-04/schema#",
}
ORDER = ["4", "6", "7", "2019-09", "2020-12"]
NAMES = ["a", "b", "c", "ab", "b-1", "é"]
TEXTS = ["", "a", "b", "ab", "ba", "aab", "A1", "é", "😀", "a b", "b-1", "\n", "010"]
NUMBERS = [-2, -1, 0, 1, 2, 3, 4, 5, 10, 100, 0.5, 1.5, 2.5, -0.5, 1e3]
KINDS = ["null", "boolean", "integer", "number", "string", "array", "object"]
DEPTH_MAX = 3


@dataclasses.dataclass
class Case:
    schema: dict
    documents: list


class Generator:
    def __init__(self, seed, draft=None):
        self.random = random.Random(seed)
        self.draft = draft or self.random.choice(ORDER)
        self.level = ORDER.index(self.draft)
        self.definitions = self.random.randrange(4)
        self.bundled = self.since("6") and self.chance(25)  # definitions have names of their own
        self.dynamic = self.since("2019-09") and self.chance(15)
        self.values = []  # that the schema mentions

    def since(self, draft):
        return self.level >= ORDER.index(draft)

    def chance(self, percent):
        return self.random.randrange(100) < percent

    def few(self, items, least=1, most=3):
        return self.random.sample(items, min(len(items), self.random.randint(least, most)))

    # ---- documents ----

    def value(self, depth=0):
        if self.values and self.chance(25):
            return self.random.choice(self.values)
        kind = self.random.randrange(9 if depth < DEPTH_MAX else 5)
        if kind < 5:
            return [None, self.chance(50), self.number(),
                    self.random.choice(TEXTS), self.text()][kind]
        if kind < 7:
            return [self.value(depth + 1) for _ in range(self.random.randrange(5))]
        return {name: self.value(depth + 1) for name in self.few(NAMES, 0, 4)}

    def number(self):
        """In draft 4 1.0 is no integer. JavaScript can't tell, so none is written there."""
        number = self.random.choice(NUMBERS)
        return int(number) if self.draft == "4" and number == int(number) else number

    def text(self):
        return "".join(self.random.choice("aabbAB01-é😀 \n") for _ in range(self.random.randrange(7)))

    # ---- schemas ----

    def case(self, documents=12):
        schema = {"$schema": URIS[self.draft], **self.named(self.schema(0, -1))}
        if self.bundled:
            schema["$id"] = "http://example.test/root"
        if self.dynamic:
            schema.update(self.dynamic_anchor())
        if self.definitions:
            schema[self.place()] = {f"d{i}": self.definition(i) for i in range(self.definitions)}
        return Case(schema, [self.value() for _ in range(documents)])

    def place(self):
        return "$defs" if self.since("2019-09") else "definitions"

    def definition(self, i):
        schema = self.schema(1, i)
        schema = self.named(schema if isinstance(schema, dict) else {"allOf": [schema]})
        if self.since("2019-09"):
            schema["$anchor"] = f"anchor{i}"
        if self.bundled:
            schema["$id"] = f"d{i}"
            if self.dynamic and self.chance(50):
                schema.update(self.dynamic_anchor())
        return schema

    def named(self, schema):
        """Up to draft 7 $ref would hide the name that is given beside it."""
        hides = "$ref" in schema and not self.since("2019-09")
        return {"allOf": [schema]} if hides and self.bundled else schema

    def dynamic_anchor(self):
        return {"$dynamicAnchor": "node"} if self.since("2020-12") else {"$recursiveAnchor": True}

    def schema(self, depth, inside):
        """`inside`: the definition that this judges the same value as, or -1 at the root, or
        None where it judges a part of the value, so that it may refer to anything."""
        if self.since("6") and self.chance(6):
            return self.chance(60) if depth else {}
        rows = [row for row in self.keywords(depth) if self.since(row[0])]
        schema = {}
        for _, make in self.few(rows, 1, 4 if depth < 2 else 2):
            schema.update(make(depth + 1, inside))
        if "$ref" in schema and not self.since("2019-09"):
            schema.pop("type", None)  # is hidden then, but Ajv heeds it
        return schema

    def keywords(self, depth):
        flat = [
            ("4", self.type), ("4", self.type), ("4", self.enum), ("6", self.constant),
            ("4", self.bounds), ("4", self.multiple), ("4", self.length), ("4", self.pattern),
            ("4", self.counts), ("4", self.unique), ("4", self.required), ("4", self.reference),
            ("2019-09", self.dependent_required),
        ]
        nested = [
            ("4", self.items), ("4", self.items), ("6", self.contains), ("4", self.properties),
            ("4", self.properties), ("4", self.combination), ("4", self.combination),
            ("4", self.negation), ("7", self.condition), ("6", self.names), ("4", self.dependency),
            ("2019-09", self.unevaluated), ("2019-09", self.unevaluated),
        ]
        return flat + nested if depth < DEPTH_MAX else flat

    def below(self, depth):
        return self.schema(depth, None)

    def type(self, *_):
        return {"type": self.random.choice(KINDS) if self.chance(60) else self.few(KINDS, 2, 4)}

    def remember(self, value):
        self.values.append(value)
        return value

    def enum(self, *_):
        distinct = []
        for value in [self.value(2) for _ in range(self.random.randint(1, 4))]:
            if not any(equal(value, other) for other in distinct):
                distinct.append(value)
        return {"enum": [self.remember(value) for value in distinct]}

    def constant(self, *_):
        return {"const": self.remember(self.value(1))}

    def bounds(self, *_):
        side = self.random.choice(["inimum", "aximum"])
        limit = self.random.choice(NUMBERS)
        if self.chance(60):
            return {f"m{side}": limit}
        if self.draft == "4":
            return {f"m{side}": limit, f"exclusiveM{side}": self.chance(70)}
        return {f"exclusiveM{side}": limit}

    def multiple(self, *_):
        return {"multipleOf": self.random.choice([1, 2, 3, 5, 10, 0.5, 1.5, 2.5])}

    def length(self, *_):
        return {self.random.choice(["minLength", "maxLength"]): self.random.randrange(5)}

    def counts(self, *_):
        return {self.random.choice(["minItems", "maxItems", "minProperties", "maxProperties"]):
                self.random.randrange(4)}

    def unique(self, *_):
        return {"uniqueItems": self.chance(90)}

    def required(self, *_):
        return {"required": self.few(NAMES)}

    def pattern(self, *_):
        return {"pattern": self.expression()}

    def reference(self, _, inside):
        if inside is not None:
            targets = self.targets(inside + 1)  # no definition leads back to itself at once
            return {"$ref": self.random.choice(targets)} if targets else {}
        if self.dynamic and self.chance(40):
            return {"$dynamicRef": "#node"} if self.since("2020-12") else {"$recursiveRef": "#"}
        return {"$ref": self.random.choice(["root#" if self.bundled else "#", *self.targets(0)])}

    def targets(self, least):
        return [self.target(i) for i in range(least, self.definitions)]

    def target(self, i):
        ways = [f"d{i}"] if self.bundled else [f"#/{self.place()}/d{i}"]
        if self.since("2019-09"):
            ways.append(f"{ways[0] if self.bundled else ''}#anchor{i}")
        return self.random.choice(ways)

    def items(self, depth, _):
        some = [self.below(depth) for _ in range(self.random.randint(1, 3))]
        if self.chance(50):
            return {"items": some[0]}
        if self.since("2020-12"):
            return {"prefixItems": some, **({"items": self.below(depth)} if self.chance(50) else {})}
        return {"items": some, **({"additionalItems": self.below(depth)} if self.chance(50) else {})}

    def contains(self, depth, _):
        rules = {"contains": self.below(depth)}
        if self.since("2019-09") and self.chance(50):
            rules[self.random.choice(["minContains", "maxContains"])] = self.random.randrange(4)
        return rules

    def properties(self, depth, _):
        rules = {}
        if self.chance(75):
            rules["properties"] = {name: self.below(depth) for name in self.few(NAMES)}
        if self.chance(30):
            rules["patternProperties"] = {self.expression(): self.below(depth)
                                          for _ in range(self.random.randint(1, 2))}
        if self.chance(40):
            rules["additionalProperties"] = self.below(depth)
        return rules

    def combination(self, depth, inside):
        some = [self.schema(depth, inside) for _ in range(self.random.randint(1, 3))]
        return {self.random.choice(["allOf", "anyOf", "oneOf"]): some}

    def negation(self, depth, inside):
        return {"not": self.schema(depth, inside)}

    def condition(self, depth, inside):
        parts = ["if"] * self.chance(95) + ["then"] * self.chance(70) + ["else"] * self.chance(60)
        return {part: self.schema(depth, inside) for part in parts}

    def names(self, depth, _):
        return {"propertyNames": self.below(depth)}

    def dependency(self, depth, inside):
        name = self.random.choice(NAMES)
        if self.since("2019-09"):
            return {"dependentSchemas": {name: self.schema(depth, inside)}}
        return {"dependencies": {name: self.few(NAMES) if self.chance(40)
                                 else self.schema(depth, inside)}}

    def dependent_required(self, *_):
        return {"dependentRequired": {self.random.choice(NAMES): self.few(NAMES)}}

    def unevaluated(self, depth, _):
        return {self.random.choice(["unevaluatedItems", "unevaluatedProperties"]):
                False if self.chance(50) else self.below(depth)}

    # ---- regular expressions, of ECMA-262 with the u flag ----

    def expression(self, depth=0):
        branches = [self.branch(depth) for _ in range(self.random.choice([1, 1, 1, 2]))]
        return "|".join(branches)

    def branch(self, depth):
        terms = [self.term(depth) for _ in range(self.random.randrange(1, 4))]
        return "^" * self.chance(30) + "".join(terms) + "$" * self.chance(30)

    def term(self, depth):
        if depth < 2 and self.chance(8):
            return f"({self.random.choice(['?=', '?!'])}{self.expression(depth + 1)})"
        if self.chance(4):
            return self.random.choice(["\\b", "\\B", "(?<=a)", "(?<!b)"])
        return self.atom(depth) + (self.random.choice(
            ["*", "+", "?", "{2}", "{1,2}", "{0,1}", "{2,}", "*?", "+?", "??"]) if self.chance(35) else "")

    def atom(self, depth):
        if depth < 2 and self.chance(25):
            return f"({self.random.choice(['', '?:'])}{self.expression(depth + 1)})"
        return self.random.choice([
            "a", "b", "ab", "A", "1", "-", "é", "😀", " ", ".", "\\d", "\\D", "\\w", "\\W", "\\s",
            "\\S", "[ab]", "[^a]", "[a-b0-9]", "[^\\d]", "[\\w-]", "\\p{L}", "\\P{L}", "\\p{Lu}",
            "\\u0061", "\\u{1f600}", "[é😀]", "\\n", "[^]", "\\."])


def equal(a, b):
    """As JSON Schema has it: true is not 1."""
    if isinstance(a, bool) or isinstance(b, bool):
        return a is b
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(equal, a, b))
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(equal(a[name], b[name]) for name in a)
    return type(a) in (int, float) and type(b) in (int, float) and a == b or \
        type(a) is type(b) and a == b
