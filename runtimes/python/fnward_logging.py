"""fnward_logging: the root handler of `logging`, in place from when a function imports it.

On AWS the root logger has a handler before the function's own code runs, so that logging works
without being set up and basicConfig does nothing. Importing logging takes 5 ms, which a function
that does not use it does not pay.
"""

import sys
from importlib.machinery import PathFinder

FORMAT = "[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t%(message)s"
TIME_FORMAT = "%Y-%m-%dT%H:%M:%S"

request_id = ""  # of the event under way


def install(logging):
    import time

    class RootHandler(logging.Handler):
        def emit(self, record):
            record.aws_request_id = request_id
            sys.stdout.write(self.format(record) + "\n")
            sys.stdout.flush()

    handler = RootHandler()
    handler.setFormatter(logging.Formatter(FORMAT, TIME_FORMAT))
    handler.formatter.converter = time.gmtime
    logging.getLogger().addHandler(handler)


class Finder:
    """Stands in for the import of `logging` once, and steps aside."""

    def find_spec(self, name, path=None, target=None):
        if name != "logging":
            return None
        sys.meta_path.remove(self)
        spec = PathFinder.find_spec(name, path, target)
        execute = spec.loader.exec_module

        def execute_and_install(module):
            execute(module)
            install(module)

        spec.loader.exec_module = execute_and_install
        return spec


def install_when_imported():
    sys.meta_path.insert(0, Finder())
