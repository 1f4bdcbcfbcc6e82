"""client: runs a Lambda function's handler under Python.

Started as `python3 -I -S -B -X utf8 /var/runtime/client.py`: isolated from the environment and
without `site`, which costs more at every cold start than the interpreter itself.
"""

import sys

sys.path.append(__file__.rpartition("/")[0])

import fnward_runtime  # noqa: E402  (a module of its own, so that its bytecode can be cached)

fnward_runtime.main()
