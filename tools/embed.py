#!/usr/bin/env python3
"""A file as a C `const str`: embed.py NAME HEADER INPUT OUTPUT"""
import sys

name, header, source, output = sys.argv[1:]
data = open(source, "rb").read()
rows = (data[i : i + 16] for i in range(0, len(data), 16))

with open(output, "w") as out:
    out.write(f'#include "{header}"\n\nstatic const unsigned char bytes[] = {{\n')
    for row in rows:
        out.write("    " + " ".join(f"{byte}," for byte in row) + "\n")
    out.write(f"    0,\n}};\n\nconst str {name} = {{(const char *)bytes, {len(data)}}};\n")
