"""fnward_runtime: the loop of a Lambda function in Python.

Every import at the top is paid for by every cold start: what only some functions need (logging,
traceback, decimal) is imported when they need it.
"""

import importlib
import json
import os
import sys

from fnward_api import Api
from fnward_context import Context
from fnward_logging import install_when_imported

OPTIONAL_PATHS = (
    "/opt/python/lib/python{v}/site-packages",  # layers
    "/opt/python",
    "{prefix}/lib/python{v}/site-packages",
    "/usr/local/lib/python{v}/dist-packages",  # pip's on Debian
    "/usr/lib/python3/dist-packages",  # Debian's own packages, boto3 among them
)


class Fault(Exception):
    """A failure of the runtime's own making: reported with its type and without a trace."""

    def __init__(self, kind, message, trace=()):
        super().__init__(message)
        self.kind = kind
        self.trace = trace


def prepare_path(task_root):
    """The function's own modules first, then layers, then what is installed."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    installed = [p.format(v=version, prefix=sys.prefix) for p in OPTIONAL_PATHS]
    sys.path[:] = [task_root, *installed[:2], *sys.path, *installed[2:]]


def load_handler(text):
    module_name, dot, name = text.rpartition(".")
    if not dot:
        raise Fault("Runtime.MalformedHandlerName", f"Bad handler '{text}': no '.' in it")
    if module_name.partition(".")[0] in sys.builtin_module_names:
        raise Fault(
            "Runtime.BuiltInModuleConflict",
            f"Cannot use built-in module {module_name} as a handler module",
        )
    try:
        module = importlib.import_module(module_name.replace("/", "."))
    except ImportError as e:
        raise Fault(
            "Runtime.ImportModuleError", f"Unable to import module '{module_name}': {e}"
        ) from e
    except SyntaxError as e:
        raise Fault(
            "Runtime.UserCodeSyntaxError",
            f"Syntax error in module '{module_name}': {e}",
            [f'  File "{e.filename}" Line {e.lineno}\n    {e.text}'],
        ) from e
    try:
        return getattr(module, name)
    except AttributeError as e:
        raise Fault(
            "Runtime.HandlerNotFound", f"Handler '{name}' missing on module '{module_name}'"
        ) from e


def parse_event(body):
    try:
        return json.loads(body)
    except ValueError as e:
        raise Fault("Runtime.UnmarshalError", f"Unable to unmarshal input: {e}") from e


def encode_other(value):
    """DynamoDB's numbers are decimals. Everything else that JSON lacks is refused."""
    decimal = sys.modules.get("decimal")
    if decimal and isinstance(value, decimal.Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")


encode = json.JSONEncoder(default=encode_other, allow_nan=False).encode


def serialise(result):
    """The result as bytes. What is bytes already passes as it is."""
    if isinstance(result, bytes):
        return result
    try:
        return encode(result).encode()
    except Exception as e:
        raise Fault("Runtime.MarshalError", f"Unable to marshal response: {e}") from e


def trace_of(error):
    """The frames of the function, ours left out, as Python prints them."""
    import traceback

    frames = [(f.filename, f.lineno, f.name, f.line) for f in traceback.extract_tb(error.__traceback__)]
    while frames and frames[0][0] in (__file__, importlib.__file__, "<frozen importlib._bootstrap>"):
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


def flush():
    """What was printed is with its reader before the result is."""
    sys.stdout.flush()
    sys.stderr.flush()


def set_trace_id(trace_id):
    if trace_id is not None:
        os.environ["_X_AMZN_TRACE_ID"] = trace_id
    else:
        os.environ.pop("_X_AMZN_TRACE_ID", None)


def run_once(api, handler, headers, body):
    """Answers one event and returns the next."""
    request_id = headers["lambda-runtime-aws-request-id"]
    set_trace_id(headers.get("lambda-runtime-trace-id"))
    try:
        result = serialise(handler(parse_event(body), Context(headers)))
    except Exception as e:
        report = report_of(e, request_id)
        log_error(report)
        flush()
        return api.post_error(request_id, report["errorType"], json.dumps(report).encode())
    flush()
    return api.post_response(request_id, result)


def start(api):
    """The handler, or the end of the process when there is none."""
    try:
        return load_handler(os.environ.get("_HANDLER", ""))
    except Exception as e:
        report = report_of(e)
        log_error(report)
        flush()
        api.post_init_error(report["errorType"], json.dumps(report).encode())
        sys.exit(1)


def main():
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(line_buffering=True, errors="backslashreplace")
    api = Api(os.environ.get("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:9001"))
    prepare_path(os.environ.get("LAMBDA_TASK_ROOT", os.getcwd()))
    install_when_imported()
    handler = start(api)
    event = api.next()
    while event:
        event = run_once(api, handler, *event)
