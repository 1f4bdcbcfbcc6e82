"""fnward_errors: a failure in the words of the Runtime API, and in the log."""

import importlib
import sys

OWN_FILES = (__file__.replace("errors", "runtime"), importlib.__file__)


class Fault(Exception):
    """A failure of the runtime's own making: reported with its type and without a traceback."""

    def __init__(self, kind, message, trace=()):
        super().__init__(message)
        self.kind = kind
        self.trace = trace


def trace_of(error):
    """The function's frames as Python prints them, without ours at the beginning."""
    import traceback

    frames = [
        (f.filename, f.lineno, f.name, f.line)
        for f in traceback.extract_tb(error.__traceback__)
    ]
    while frames and frames[0][0].startswith((*OWN_FILES, "<frozen importlib")):
        del frames[0]
    return traceback.format_list(frames)


def report_of(error, request_id=""):
    """The body of an error report, in AWS's order."""
    fault = isinstance(error, Fault)
    return {
        "errorMessage": str(error),
        "errorType": error.kind if fault else type(error).__name__,
        "requestId": request_id,
        "stackTrace": list(error.trace) if fault else trace_of(error),
    }


def log_error(report):
    """One write, so that its lines stay together."""
    lines = [f"[ERROR] {report['errorType']}: {report['errorMessage']}"]
    if report["stackTrace"]:
        lines.append("Traceback (most recent call last):")
        lines += [frame.rstrip("\n") for frame in report["stackTrace"]]
    sys.stdout.write("\n".join(lines) + "\n")
