import decimal
import os
import sys

import vendored  # beside this file, as a packaged dependency is


def echo(event, context):
    return event


def nothing(event, context):
    pass


def fails(event, context):
    raise LookupError("not in stock")


def fails_deep(event, context):
    return fails(event, context)


def context(event, context):
    left = context.get_remaining_time_in_millis()
    client = context.client_context
    return {
        "left": 2000 < left <= 3000,
        "name": context.function_name,
        "version": context.function_version,
        "arn": context.invoked_function_arn,
        "memory": context.memory_limit_in_mb,
        "id": context.aws_request_id,
        "group": context.log_group_name,
        "stream": context.log_stream_name,
        "identity": [
            context.identity.cognito_identity_id,
            context.identity.cognito_identity_pool_id,
        ],
        "client": client
        and [client.custom, client.env, client.client and client.client.app_title],
        "repr": repr(context).startswith("LambdaContext([aws_request_id="),
    }


def trace(event, context):
    return os.environ.get("_X_AMZN_TRACE_ID", "none")


def not_json(event, context):
    return {"set": {1, 2}}


def not_a_number(event, context):
    return float("nan")


def decimals(event, context):
    return [decimal.Decimal("12"), decimal.Decimal("12.5")]


def raw(event, context):
    return b'{"raw":  true}'


def big(event, context):
    return "x" * event["size"]


def prints(event, context):
    print("one")
    print("two", file=sys.stderr)
    sys.stdout.write("three")


def floods(event, context):
    sys.stdout.write("y" * event["size"])
    print("end")


def exits(event, context):
    sys.exit(7)


def logs_late(event, context):
    import logging

    logging.warning("imported %s", "late")


def vendor(event, context):
    return vendored.NAME


def isolated(event, context):
    return {"logging": "logging" in sys.modules, "path": sys.path[0]}


def unicode(event, context):
    print("\ud800 \U0001f600")
    return {**event, "own": "\U0001f600"}


class Api:
    @staticmethod
    def handler(event, context):
        return "never reached: a handler is a name in a module"
