"""What 'fnward check' calls certain, held against 'fnward bowtie' on random schemas: a schema that a
value satisfies is not impossible, an alternative that holds is not dead, a listed value that is
refused is refused, and a value that is said to satisfy two alternatives does."""

import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile

SOURCE = pathlib.Path(os.environ["FNWARD_SOURCE"])
PROGRAM = pathlib.Path(os.environ["FNWARD_BUILD"], "fnward")
sys.path.insert(0, str(SOURCE / "test" / "e2e"))

import tap  # noqa: E402

COUNT, SEED, AT_ONCE = 1000, int(os.environ.get("FNWARD_SEED", "1")), 200
DIALECT = "https://json-schema.org/draft/2020-12/schema"
TYPES = ["null", "boolean", "number", "integer", "string", "array", "object"]
NUMBERS = [-1, 0, 1, 2, 3, 0.5, 1.5, 2.5]
VALUES = [None, True, False, 0, 1, 2, 3, 5, -1, 0.5, 1.5, 2.5, 10, "", "a", "b", "ab", "abc", "abcd",
          [], [1], [1, 2], ["a"], [None], [1, 2, 3], [True, "a"], [[]], [{}], [{"a": 1}], {}, {"a": 1},
          {"b": 1}, {"c": 1}, {"a": "a"}, {"a": None}, {"a": {}}, {"a": []}, {"a": {"a": 1}},
          {"a": 1, "b": 2}, {"a": "abc", "b": "b"}, {"a": 1, "b": 2, "c": 3}]


class Maker:
    """Random schemas, small enough that VALUES often decide them."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def names(self):
        return self.random.sample(["a", "b", "c"], self.random.randint(1, 2))

    def several(self, depth):
        return [self.schema(depth) for _ in range(self.random.randint(1, 3))]

    def plain(self, schema):
        pick = self.random.choice
        match pick(["type", "type", "enum", "const", "bound", "multipleOf", "count", "pattern",
                    "uniqueItems", "required", "dependentRequired"]):
            case "type":
                schema["type"] = self.random.sample(TYPES, self.random.randint(1, 3))
            case "enum":
                schema["enum"] = self.random.sample(VALUES, self.random.randint(1, 3))
            case "const":
                schema["const"] = pick(VALUES)
            case "bound":
                schema[pick(["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"])] = pick(NUMBERS)
            case "multipleOf":
                schema["multipleOf"] = pick([1, 2, 3, 5, 0.5, 1.5])
            case "count":
                what = pick(["Length", "Items", "Properties"])
                schema[pick(["min", "max"]) + what] = self.random.randint(0, 3)
            case "pattern":
                schema["pattern"] = pick(["^a", "b$", "^.$", "^abc$"])
            case "uniqueItems":
                schema["uniqueItems"] = True
            case "required":
                schema["required"] = self.names()
            case "dependentRequired":
                schema["dependentRequired"] = {"a": ["b"]}

    def nested(self, schema, depth, refers):
        pick = self.random.choice
        keyword = pick(["items", "contains", "additionalProperties", "propertyNames", "not", "if",
                        "prefixItems", "properties", "patternProperties", "allOf", "anyOf", "oneOf"]
                       + ["$ref"] * refers)
        if keyword == "$ref":
            schema["$ref"] = pick(["#/$defs/x", "#/$defs/y"])
        elif keyword in ("prefixItems", "allOf", "anyOf", "oneOf"):
            schema[keyword] = self.several(depth)
        elif keyword == "properties":
            schema[keyword] = {name: self.schema(depth) for name in self.names()}
        elif keyword == "patternProperties":
            schema[keyword] = {"^a": self.schema(depth)}
        else:
            schema[keyword] = self.schema(depth)
        if keyword == "if":
            schema["then"], schema["else"] = self.schema(depth), self.schema(depth)

    def schema(self, depth, refers=False):
        if self.random.random() < 0.06:
            return self.random.choice([True, False, {}])
        schema = {}
        for _ in range(self.random.randint(1, 4)):
            if depth and self.random.random() < 0.4:
                self.nested(schema, depth - 1, refers)
            else:
                self.plain(schema)
        return schema

    def whole(self):
        schema = self.schema(2, refers=True)
        schema = schema if isinstance(schema, dict) else {"allOf": [schema]}
        return schema | {"$defs": {"x": self.schema(1), "y": self.schema(1)}}


def judge(questions):
    """For each schema and its values: which of them are valid."""
    lines = [{"cmd": "start", "version": 1}, {"cmd": "dialect", "dialect": DIALECT}]
    for seq, (schema, values) in enumerate(questions):
        lines.append({"cmd": "run", "seq": seq,
                      "case": {"description": "", "schema": schema,
                               "tests": [{"description": "", "instance": value} for value in values]}})
    done = subprocess.run([PROGRAM, "bowtie"], input="".join(json.dumps(line) + "\n" for line in lines),
                          capture_output=True, text=True, check=True)
    return [[result["valid"] for result in json.loads(line)["results"]]
            for line in done.stdout.splitlines()[2:]]


def check(schemas):
    """What is found at the root of each schema, by its number."""
    found = []
    with tempfile.TemporaryDirectory() as directory:
        names = []
        for number, schema in enumerate(schemas):
            names.append(pathlib.Path(directory, f"{number}.json"))
            names[-1].write_text(json.dumps(schema))
        for start in range(0, len(names), AT_ONCE):
            done = subprocess.run([PROGRAM, "check", "--format", "json", *names[start:start + AT_ONCE]],
                                  capture_output=True, text=True, check=False)
            found += [(int(pathlib.Path(finding["file"]).stem), finding)
                      for finding in json.loads(done.stdout)["findings"] if not finding["where"]]
    return found


def branch_at(schema, column):
    """The alternative that begins at a column of the schema's text."""
    text = json.dumps(schema)
    for combinator in ("anyOf", "oneOf"):
        at = text.find(f'"{combinator}": [') + len(combinator) + 5
        for branch in schema.get(combinator, []):
            if at == column - 1:
                return branch
            at += len(json.dumps(branch)) + 2
    return None


def question(schema, finding):
    """A schema, values, and whether they should be valid; None for what is not certain, or said otherwise."""
    message = finding["message"]
    if finding["rule"] == "schema-unsatisfiable":
        return schema, VALUES, False
    if finding["rule"] == "schema-dead-branch" and "never hold" in message:
        branch = branch_at(schema, finding["column"])
        return branch and ({**schema, "allOf": [*schema.get("allOf", []), branch]}, VALUES, False)
    if finding["rule"] == "schema-impossible-value":
        keyword, value = message.split("'")[1], message.split(" has ", 1)[1].rsplit(", which", 1)[0]
        return {key: schema[key] for key in schema if key != keyword}, [json.loads(value)], False
    if finding["rule"] == "schema-overlapping-branches":
        return schema, [json.loads(message.split(" satisfies ", 1)[0])], False
    return None


def main():
    maker = Maker(SEED)
    schemas = [maker.whole() for _ in range(COUNT)]
    asked, counts, wrong = [], {}, 0
    for number, finding in check(schemas):
        asked_of = question(schemas[number], finding)
        if asked_of:
            asked.append((finding, asked_of))
            counts[finding["rule"]] = counts.get(finding["rule"], 0) + 1
    answers = judge([(schema, values) for _, (schema, values, _) in asked])
    for (finding, (schema, _, expected)), valid in zip(asked, answers):
        if any(one is not expected for one in valid):
            wrong += 1
            tap.check(False, f"{finding['rule']}: {finding['message']}: {json.dumps(schema)}")
    for rule, least in (("unsatisfiable", 10), ("dead-branch", 15), ("impossible-value", 30),
                        ("overlapping-branches", 10)):
        tap.check(counts.get(f"schema-{rule}", 0) >= least, f"{rule} was found {counts.get(f'schema-{rule}')} times")
    tap.same(wrong, 0, f"{len(asked)} findings in {COUNT} random schemas, {wrong} of them wrong")
    tap.end()


main()
