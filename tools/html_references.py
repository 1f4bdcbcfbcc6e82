#!/usr/bin/env python3
"""Prints HTML's named character references as rows of a C table, in the order of their bytes.

The names are the WHATWG's, out of the standard library of the Python that builds fnward.
"""

from html.entities import html5


def main():
    print("/* Made by tools/html_references.py. */")
    for name in sorted(html5):
        codes = [ord(c) for c in html5[name]]
        second = codes[1] if len(codes) > 1 else 0
        print(f'{{STR_INIT("{name}"), {{{codes[0]:#x}, {second:#x}}}}},')


if __name__ == "__main__":
    main()
