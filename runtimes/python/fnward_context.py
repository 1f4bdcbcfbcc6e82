"""fnward_context: what a handler gets as its second argument, with AWS's names."""

import json
import os
import time

import fnward_logging
from fnward_errors import Fault


class Fields:
    """An object of named fields, each None where the caller said nothing."""

    names = ()

    def __init__(self, values):
        for name in self.names:
            setattr(self, name, values.get(name))

    def __repr__(self):
        return f"{type(self).__name__}([{','.join(f'{k}={v}' for k, v in vars(self).items())}])"


class Client(Fields):
    names = (
        "installation_id",
        "app_title",
        "app_version_name",
        "app_version_code",
        "app_package_name",
    )


class ClientContext(Fields):
    names = ("custom", "env", "client")

    def __init__(self, values):
        super().__init__(values)
        self.client = self.client and Client(self.client)


class CognitoIdentity(Fields):
    def __init__(self, values):
        self.cognito_identity_id = values.get("cognitoIdentityId")
        self.cognito_identity_pool_id = values.get("cognitoIdentityPoolId")


def parse_header(text, name):
    try:
        return json.loads(text)
    except ValueError as e:
        raise Fault(
            "Runtime.LambdaContextUnmarshalError", f"Unable to parse {name} JSON: {e}"
        ) from e


class Context:
    def __init__(self, headers):
        client = headers.get("lambda-runtime-client-context")
        identity = headers.get("lambda-runtime-cognito-identity")

        self.aws_request_id = headers["lambda-runtime-aws-request-id"]
        self.log_group_name = os.environ.get("AWS_LAMBDA_LOG_GROUP_NAME")
        self.log_stream_name = os.environ.get("AWS_LAMBDA_LOG_STREAM_NAME")
        self.function_name = os.environ.get("AWS_LAMBDA_FUNCTION_NAME")
        self.memory_limit_in_mb = os.environ.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE")
        self.function_version = os.environ.get("AWS_LAMBDA_FUNCTION_VERSION")
        self.invoked_function_arn = headers.get("lambda-runtime-invoked-function-arn")
        self.tenant_id = headers.get("lambda-runtime-aws-tenant-id")
        self.client_context = client and ClientContext(parse_header(client, "Client Context"))
        self.identity = CognitoIdentity(parse_header(identity or "{}", "Cognito Identity"))
        self._epoch_deadline_time_in_ms = int(headers.get("lambda-runtime-deadline-ms", 0))
        fnward_logging.request_id = self.aws_request_id

    def get_remaining_time_in_millis(self):
        return max(0, self._epoch_deadline_time_in_ms - int(time.time() * 1000))

    def log(self, message):
        print(message, end="", flush=True)

    def __repr__(self):
        fields = ",".join(f"{k}={v}" for k, v in vars(self).items() if not k.startswith("_"))
        return f"LambdaContext([{fields}])"
