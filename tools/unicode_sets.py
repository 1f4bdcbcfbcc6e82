#!/usr/bin/env python3
"""Writes the sets of code points that ECMA-262 names in \\p{...} as a C table.

Usage: unicode_sets.py FOLDER: the Unicode Character Database (Debian's package unicode-data has
it in /usr/share/unicode).
"""

import collections
import pathlib
import sys

# The binary properties of ECMA-262's table 71; Any, ASCII and Assigned are made here.
BINARY = """ASCII_Hex_Digit Alphabetic Bidi_Control Bidi_Mirrored Case_Ignorable Cased
Changes_When_Casefolded Changes_When_Casemapped Changes_When_Lowercased
Changes_When_NFKC_Casefolded Changes_When_Titlecased Changes_When_Uppercased Dash
Default_Ignorable_Code_Point Deprecated Diacritic Emoji Emoji_Component Emoji_Modifier
Emoji_Modifier_Base Emoji_Presentation Extended_Pictographic Extender Grapheme_Base
Grapheme_Extend Hex_Digit IDS_Binary_Operator IDS_Trinary_Operator ID_Continue ID_Start
Ideographic Join_Control Logical_Order_Exception Lowercase Math Noncharacter_Code_Point
Pattern_Syntax Pattern_White_Space Quotation_Mark Radical Regional_Indicator
Sentence_Terminal Soft_Dotted Terminal_Punctuation Unified_Ideograph Uppercase
Variation_Selector White_Space XID_Continue XID_Start""".split()
LAST = 0x10FFFF


class Database:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)

    def lines(self, name):
        """The fields of each line, its comment last."""
        for line in (self.folder / name).read_text(encoding="utf-8").splitlines():
            data, _, comment = line.partition("#")
            if data.strip():
                yield [field.strip() for field in data.split(";")] + [comment.strip()]

    def sets(self, name):
        """By value: the ranges of a file of code points and values."""
        found = collections.defaultdict(list)
        for points, value, *_ in self.lines(name):
            first, _, last = points.partition("..")
            found[value].append((int(first, 16), int(last or first, 16)))
        return found


def merge(ranges):
    merged = []
    for first, last in sorted(ranges):
        if merged and first <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    return merged


def invert(ranges):
    start, inverted = 0, []
    for first, last in merge(ranges):
        if first > start:
            inverted.append((start, first - 1))
        start = last + 1
    return inverted + ([(start, LAST)] if start <= LAST else [])


def points(ranges):
    return {point for first, last in ranges for point in range(first, last + 1)}


def ranges_of(some):
    return merge((point, point) for point in some)


def categories(data):
    sets = data.sets("extracted/DerivedGeneralCategory.txt")
    for kind, short, *names, comment in data.lines("PropertyValueAliases.txt"):
        if kind != "gc":
            continue
        parts = comment.split(" | ") if comment else [short]
        yield [short, *names], merge(r for part in parts for r in sets[part])


def scripts(data):
    """For each script its names, its code points, and those that it is used with."""
    sets = data.sets("Scripts.txt")
    extended = {value: points(ranges) for value, ranges in data.sets("ScriptExtensions.txt").items()}
    special = set().union(*extended.values())
    unknown = invert(r for ranges in sets.values() for r in ranges)
    for kind, short, long, *names in data.lines("PropertyValueAliases.txt"):
        if kind != "sc" or short in ("Hrkt", "Zzzz"):
            continue
        own = points(sets[long])
        used = {p for value, some in extended.items() if short in value.split() for p in some}
        yield [short, long, *names[:-1]], ranges_of(own), ranges_of(own - special | used)
    yield ["Zzzz", "Unknown"], unknown, unknown


def binaries(data):
    sets = {}
    for name in ("PropList.txt", "DerivedCoreProperties.txt", "DerivedNormalizationProps.txt",
                 "extracted/DerivedBinaryProperties.txt", "emoji/emoji-data.txt"):
        for value, ranges in data.sets(name).items():
            sets.setdefault(value, ranges)
    short = {long: name for name, long, *_ in data.lines("PropertyAliases.txt")}
    for name in BINARY:
        yield sorted({name, short.get(name, name)}), merge(sets[name])
    assigned = invert(data.sets("extracted/DerivedGeneralCategory.txt")["Cn"])
    yield ["Assigned"], assigned
    yield ["Any"], [(0, LAST)]
    yield ["ASCII"], [(0, 0x7F)]


class Table:
    """Rows of names, and the ranges that they stand for; equal sets are written once."""

    def __init__(self):
        self.ranges, self.rows, self.places = [], [], {}

    def add(self, kind, names, ranges):
        key = tuple(ranges)
        if key not in self.places:
            self.places[key] = len(self.ranges)
            self.ranges.extend(ranges)
        for name in dict.fromkeys(names):
            self.rows.append(f'    {{{kind}, STR_INIT("{name}"), {self.places[key]}, {len(ranges)}}},')

    def write(self, out):
        print("static const struct range ranges[] = {", file=out)
        for first, last in self.ranges:
            print(f"    {{{first:#x}, {last:#x}}},", file=out)
        print("};\n\nstatic const struct row rows[] = {", *self.rows, "};", sep="\n", file=out)


def main():
    data, table = Database(sys.argv[1]), Table()
    for names, ranges in categories(data):
        table.add("CATEGORY", names, ranges)
    for names, own, used in scripts(data):
        table.add("SCRIPT", names, own)
        table.add("USED_WITH", names, used)
    for names, ranges in binaries(data):
        table.add("BINARY", names, ranges)
    table.write(sys.stdout)


main()
