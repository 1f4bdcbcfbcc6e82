"""fnward_runtime: the loop of a Lambda function in Python.

Every import at the top is paid for by every cold start: what only some functions need (logging,
traceback, decimal) is imported when they need it.
"""

import importlib
import json
import os
import sys

from fnward_api import Api, ApiError
from fnward_context import Context
from fnward_errors import Fault, log_error, report_of
from fnward_logging import install_when_imported

LAYER_PATHS = ("/opt/python/lib/python{v}/site-packages", "/opt/python")
INSTALLED_PATHS = (
    "{prefix}/lib/python{v}/site-packages",
    "/usr/local/lib/python{v}/dist-packages",  # pip's on Debian
    "/usr/lib/python3/dist-packages",  # Debian's own packages, boto3 among them
)


def prepare_path(task_root):
    """The function's own modules first, then layers, Python's, and what is installed."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"

    def expand(paths):
        return [path.format(v=version, prefix=sys.prefix) for path in paths]

    sys.path[:] = [task_root, *expand(LAYER_PATHS), *sys.path, *expand(INSTALLED_PATHS)]


def load_handler(text):
    """The function that _HANDLER names, as "folder/module.name" or "folder.module.name"."""
    module_name, dot, name = text.rpartition(".")
    if not dot:
        raise Fault("Runtime.MalformedHandlerName", f"Bad handler '{text}': no '.' in it")
    module = load_module(module_name)
    if not hasattr(module, name):
        raise Fault(
            "Runtime.HandlerNotFound", f"Handler '{name}' missing on module '{module_name}'"
        )
    return getattr(module, name)


def load_module(name):
    if name.partition(".")[0] in sys.builtin_module_names:
        raise Fault(
            "Runtime.BuiltInModuleConflict",
            f"Cannot use built-in module {name} as a handler module",
        )
    try:
        return importlib.import_module(name.replace("/", "."))
    except ImportError as e:
        raise Fault(
            "Runtime.ImportModuleError", f"Unable to import module '{name}': {e}"
        ) from e
    except SyntaxError as e:
        trace = [f'  File "{e.filename}" Line {e.lineno}\n    {e.text}']
        message = f"Syntax error in module '{name}': {e}"
        raise Fault("Runtime.UserCodeSyntaxError", message, trace) from e


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
    """The result as JSON. Bytes pass as they are."""
    if isinstance(result, bytes):
        return result
    try:
        return encode(result).encode()
    except Exception as e:
        raise Fault("Runtime.MarshalError", f"Unable to marshal response: {e}") from e


TRACE_ID = os.environ.encodekey("_X_AMZN_TRACE_ID")


def set_trace_id(trace_id):
    """For os.environ only, past putenv: the C library keeps every value that a variable has had,
    and one that changes with each invocation would fill the memory."""
    if trace_id is not None:
        os.environ._data[TRACE_ID] = os.environ.encodevalue(trace_id)
    else:
        os.environ._data.pop(TRACE_ID, None)


def flush():
    """What was printed is with its reader before the result is."""
    sys.stdout.flush()
    sys.stderr.flush()


def told(error, request_id=""):
    """Logs a failure; its type and the body of its report."""
    report = report_of(error, request_id)
    log_error(report)
    flush()
    return report["errorType"], json.dumps(report).encode()


def run_once(api, handler, headers, body):
    """Answers one event and returns the next."""
    request_id = headers["lambda-runtime-aws-request-id"]
    set_trace_id(headers.get("lambda-runtime-trace-id"))
    try:
        result = serialise(handler(parse_event(body), Context(headers)))
    except Exception as e:
        return api.post_error(request_id, *told(e, request_id))
    flush()
    return api.post_response(request_id, result)


def run(api):
    try:
        handler = load_handler(os.environ.get("_HANDLER", ""))
    except Exception as e:
        api.post_init_error(*told(e))
        sys.exit(1)
    event = api.next()
    while event:
        event = run_once(api, handler, *event)


def main():
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(line_buffering=True, errors="backslashreplace")
    prepare_path(os.environ.get("LAMBDA_TASK_ROOT", os.getcwd()))
    install_when_imported()
    try:
        run(Api(os.environ.get("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:9001")))
    except ApiError as e:
        sys.exit(f"fnward: the Runtime API {e}")
