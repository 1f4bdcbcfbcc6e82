"""bytecode: compiles modules into a __pycache__ directory: bytecode.py DIRECTORY MODULE.py...

The bytecode is never checked against its source, whose time an installation may change.
"""

import pathlib
import py_compile
import sys

directory, *sources = map(pathlib.Path, sys.argv[1:])
for source in sources:
    py_compile.compile(
        str(source),
        cfile=str(directory / f"{source.stem}.{sys.implementation.cache_tag}.pyc"),
        dfile=source.name,
        doraise=True,
        invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
    )
