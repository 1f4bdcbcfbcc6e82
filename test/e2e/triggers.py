"""triggers: batches by boto3 and CloudEvents by curl; what the function saw, what the source was told, what was kept."""

import base64
import gzip
import hashlib
import json
import os
import shutil
import subprocess
import sys

try:
    import boto3
    import botocore.config
    from botocore.exceptions import ClientError
except ImportError:
    if sys.executable != "/usr/bin/python3" and shutil.which("/usr/bin/python3"):
        os.execv("/usr/bin/python3", ["/usr/bin/python3", *sys.argv])
    boto3 = None

import tap
from clients import credentials
from server import Project

# Answers what it is told to, else what it got.
SINK = """
export const handler = async (event, context) => context.clientContext?.custom?.answer ?? { saw: event };
"""
JOB = "{type: object, required: [n], properties: {n: {type: integer, maximum: 9}, name: {type: string, x-clean: [trim]}}, additionalProperties: false}"
CONTRACT = f"""
version: 1
functions:
  sink:
    code: code
    runtime: nodejs
    handler: app.handler
    on:
      - sqs: {JOB}
      - sns: {JOB}
      - s3: {{type: object, properties: {{key: {{type: string, pattern: "^in/"}}}}}}
      - dynamodb: {JOB}
      - kinesis: {JOB}
      - kafka: {JOB}
      - mq: {JOB}
      - logs: {{type: string, maxLength: 20}}
      - firehose: {JOB}
      - eventbridge: {JOB}
      - websocket: {JOB}
      - http: POST /jobs/{{id}}
        body: {JOB}
        params: {{type: object, properties: {{id: {{type: integer}}}}}}
        query: {{type: object, properties: {{dry: {{type: boolean}}, note: {{type: string, x-clean: [trim]}}, tag: {{type: array, items: {{enum: [a, b]}}}}}}, additionalProperties: false}}
        headers: {{type: object, required: [x-shop]}}
      - cloudevent: POST /events
        data: {JOB}
        types: [shop.job]
        batch: true
    secrets: [SHOP_KEY]
    limits: {{timeout: 10s, body: 512KB}}
  strict:
    code: code
    runtime: nodejs
    handler: app.handler
    on:
      - sqs: {JOB}
        bad_records: fail
        unwrap: []
      - kinesis: {JOB}
        bad_records: fail
      - kafka: {JOB}
        bad_records: fail
      - firehose: {JOB}
        bad_records: fail
      - sns: {JOB}
        bad_records: fail
        unwrap: []
  uploads:
    code: code
    runtime: nodejs
    handler: app.handler
    on:
      - sqs: {{type: object, properties: {{bucket: {{const: in}}, key: {{type: string, pattern: "^a b"}}}}, required: [key]}}
        unwrap: [sns, s3]
"""
SECRET = "a secret of the shop's, long enough"


def b64(value):
    return base64.b64encode(value if isinstance(value, bytes) else json.dumps(value).encode()).decode()


def md5(text):
    return hashlib.md5(text.encode()).hexdigest()


def sqs(number, body, group=None, **more):
    body = body if isinstance(body, str) else json.dumps(body)
    attributes = {"ApproximateReceiveCount": "1", **({"MessageGroupId": group} if group else {})}
    return {"messageId": f"m{number}", "receiptHandle": "r", "body": body, "md5OfBody": md5(body),
            "attributes": attributes, "messageAttributes": {}, "eventSource": "aws:sqs",
            "eventSourceARN": "arn:aws:sqs:us-east-1:000000000000:jobs", "awsRegion": "us-east-1", **more}


def kinesis(number, data):
    return {"kinesis": {"sequenceNumber": f"s{number}", "partitionKey": "p", "data": b64(data)},
            "eventSource": "aws:kinesis", "eventSourceARN": "arn:aws:kinesis:us-east-1:000000000000:stream/jobs"}


def aggregate(*values):
    """As the Kinesis Producer Library packs records; none of them long."""
    def field(number, data):
        return bytes([number << 3 | 2, len(data)]) + data

    texts = [json.dumps(value, separators=(",", ":") if " x " not in str(value) else None).encode() for value in values]
    message = field(1, b"p") + b"".join(field(3, b"\x08\x00" + field(3, text)) for text in texts)
    return b"\xf3\x89\x9a\xc2" + message + hashlib.md5(message).digest()


def s3(key):
    return {"eventSource": "aws:s3", "eventName": "ObjectCreated:Put",
            "s3": {"bucket": {"name": "in"}, "object": {"key": key, "size": 3}}}


def notification(message):
    message = message if isinstance(message, str) else json.dumps(message, separators=(",", ":"))
    return {"Type": "Notification", "MessageId": "1", "TopicArn": "arn:aws:sns:us-east-1:000000000000:t",
            "Message": message, "Timestamp": "2026-01-01T00:00:00.000Z"}


def failures(*identifiers):
    return [{"itemIdentifier": i} for i in identifiers]


class Caller:
    def __init__(self, server):
        config = botocore.config.Config(retries={"max_attempts": 0}, parameter_validation=False)
        self.client = boto3.client("lambda", endpoint_url=server.url, config=config, region_name="us-east-1")

    def __call__(self, function, event, answer=None):
        context = {"ClientContext": b64({"custom": {"answer": answer}})} if answer is not None else {}
        got = self.client.invoke(FunctionName=function, Payload=json.dumps(event), **context)
        return json.loads(got["Payload"].read())

    def refusal(self, function, event):
        try:
            self(function, event)
        except ClientError as error:
            return error.response["Error"]["Message"]
        return None


def kept(project):
    got = project.run("logs", "--quarantine", "--format", "json")
    return [json.loads(line) for line in got.stdout.splitlines()]


# ---- SQS ----

def queues(call, project):
    got = call("sink", {"Records": [sqs(1, {"n": 1}), sqs(2, {"n": 10}), sqs(3, '{"n": 3, "name": " x "}')]})
    seen = got["saw"]["Records"]
    tap.same([r["messageId"] for r in seen], ["m1", "m3"], "a bad message is split off, the others arrive")
    tap.same(seen[1]["body"], '{"n":3,"name":"x"}', "... cleaned, and in fnward's own serialisation")
    tap.same(seen[1]["md5OfBody"], md5(seen[1]["body"]), "... with a digest that holds")
    tap.check("batchItemFailures" not in got, "... and the bad one is reported as consumed")
    [record] = kept(project)
    tap.same((record["kind"], record["faas.name"], record["faas.trigger"], record["messaging.message.id"],
              record["messaging.destination.name"], record["reason"], record["payload"]),
             ("quarantine", "sink", "sqs", "m2", "arn:aws:sqs:us-east-1:000000000000:jobs",
              "/n: is greater than 9", '{"n": 10}'), "... and stands in the quarantine, with the reason")

    hostile = [sqs(1, '{"n":1,"n":2}'), sqs(2, "[" * 100 + "]" * 100), sqs(3, {"n": 1}, md5OfBody=md5("x")),
               sqs(4, "\x00"), sqs(5, {"n": 1})]
    got = call("sink", {"Records": hostile})
    tap.same([r["messageId"] for r in got["saw"]["Records"]], ["m5"], "hostile messages do not spoil the good one")
    reasons = [r["reason"] for r in kept(project)[1:]]
    tap.check("twice" in reasons[0] and "deep" in reasons[1] and "digest" in reasons[2],
              f"... each has its reason: {reasons}")
    tap.same(call("sink", {"Records": hostile[:2]}), {"batchItemFailures": []},
             "where none is good the function is not called, and none comes back")
    tap.same(len(kept(project)), 7, "... all of them are kept")

    good = [sqs(i, {"n": i}) for i in range(3)]
    tap.same(call("sink", {"Records": good}, {"batchItemFailures": failures("m1")}),
             {"batchItemFailures": failures("m1")}, "the function's own failures are passed on")
    for wrong in (failures(""), failures("m9"), [{"id": "m1"}], "m1", [None]):
        tap.same(call("sink", {"Records": [*good, sqs(9, {"n": 99})]}, {"batchItemFailures": wrong}),
                 {"batchItemFailures": failures("m0", "m1", "m2")},
                 f"... but {wrong} fails all that it was given, and not what is in the quarantine")
    tap.same(call("sink", {"Records": good}, "done"), "done", "an answer that says nothing stays")

    before = len(kept(project))
    tap.same(call("strict", {"Records": [sqs(1, {"n": 1}), sqs(2, {}), sqs(3, {"n": 3})]},
                  {"batchItemFailures": failures("m3")}),
             {"batchItemFailures": failures("m2", "m3")}, "'fail' reports bad ones beside the function's")
    fifo = [sqs(1, {"n": 1}, "a"), sqs(2, {}, "a"), sqs(3, {"n": 3}, "a"), sqs(4, {"n": 4}, "b"), sqs(5, {"n": 5}, "a")]
    got = call("strict", {"Records": fifo})
    tap.same(([r["messageId"] for r in got["saw"]["Records"]], got["batchItemFailures"]),
             (["m1", "m4"], failures("m2", "m3", "m5")), "... with what follows in its group, which does not overtake it")
    tap.same(call("strict", {"Records": [fifo[0], fifo[3], fifo[4]]}, {"batchItemFailures": failures("m1")}),
             {"batchItemFailures": failures("m1", "m5")}, "... also behind one that the function failed")
    tap.same(len(kept(project)), before, "what is failed is not kept")


# ---- layers ----

def layers(call, project):
    wrapped = notification({"n": 1})
    got = call("sink", {"Records": [sqs(1, wrapped), sqs(2, notification({"n": 10}))]})
    tap.same([json.loads(json.loads(r["body"])["Message"]) for r in got["saw"]["Records"]], [{"n": 1}],
             "SNS in SQS is unwrapped, checked and wrapped again")
    tap.same(call("sink", {"Records": [sqs(1, {**wrapped, "n": 99})]}), {"batchItemFailures": []},
             "... but not with members beside SNS's own")
    tap.same(call("strict", {"Records": [sqs(1, wrapped)]}), {"batchItemFailures": failures("m1")},
             "... nor where the contract says that nothing is wrapped")
    bus = {"version": "0", "id": "1", "detail-type": "job", "source": "shop", "account": "0", "time": "now",
           "region": "r", "resources": [], "detail": {"n": 1}}
    tap.same(json.loads(call("sink", {"Records": [sqs(1, bus)]})["saw"]["Records"][0]["body"]), bus,
             "EventBridge in SQS is unwrapped too")
    three = notification({"Records": [s3("a+b%2Fc")]})
    tap.same(json.loads(call("uploads", {"Records": [sqs(1, three)]})["saw"]["Records"][0]["body"]), three,
             "S3 in SNS in SQS: the decoded key is checked")
    tap.same(call("uploads", {"Records": [sqs(1, notification({"Records": [s3("a+b"), s3("x")]})), sqs(2, wrapped)]}),
             {"batchItemFailures": []}, "... every one of a message's records; and nothing else passes")
    test = {"Service": "Amazon S3", "Event": "s3:TestEvent", "Time": "now", "Bucket": "in", "RequestId": "1", "HostId": "1"}
    before = len(kept(project))
    tap.same(call("uploads", {"Records": [sqs(1, notification(test))]}), {"batchItemFailures": []},
             "S3's test message is for nobody")
    tap.same(len(kept(project)), before, "... and nothing to keep")


# ---- streams and the others ----

def streams(call, project):
    records = [kinesis(1, {"n": 1}), kinesis(2, b"\xf3\x89\x9a\xc2\x0a"), kinesis(3, {"n": 3})]
    got = call("sink", {"Records": records})
    tap.same([r["kinesis"]["sequenceNumber"] for r in got["saw"]["Records"]], ["s1", "s3"], "Kinesis: a bad record is split off")
    last = kept(project)[-1]
    tap.check("damaged" in last["reason"] and last["payload.encoding"] == "base64" and last["payload"] == b64(b"\xf3\x89\x9a\xc2\x0a"),
              "... a damaged aggregate is kept as the bytes that it is")
    packed = call("sink", {"Records": [kinesis(1, aggregate({"n": 1}, {"n": 2, "name": " x "})), kinesis(2, aggregate({"n": 1}, {}))]})
    tap.same([base64.b64decode(r["kinesis"]["data"]) for r in packed["saw"]["Records"]], [aggregate({"n": 1}, {"n": 2, "name": "x"})],
             "... of a whole one each user record is checked, and all is packed again")
    got = call("strict", {"Records": records})
    tap.same(([r["kinesis"]["sequenceNumber"] for r in got["saw"]["Records"]], got["batchItemFailures"]),
             (["s1"], failures("s2")), "... failed, the stream goes back to it, and nothing behind it is given")
    change = {"eventSource": "aws:dynamodb", "eventName": "INSERT", "dynamodb":
              {"SequenceNumber": "1", "NewImage": {"n": {"N": "1"}, "name": {"S": "x"}}}}
    tap.same(call("sink", {"Records": [change]}), {"saw": {"Records": [change]}}, "DynamoDB: typed attributes are checked as values")
    big = {**change, "dynamodb": {"SequenceNumber": "2", "NewImage": {"n": {"N": "9.00000000000000000001"}}}}
    tap.same(call("sink", {"Records": [big]}), {"batchItemFailures": []}, "... and numbers exactly")

    kafka = [{"topic": "t", "partition": 0, "offset": o, "key": None, "value": b64(v)} for o, v in ((7, {"n": 1}), (8, {}), (9, {"n": 2}))]
    event = {"eventSource": "aws:kafka", "eventSourceArn": "a", "records": {"t-0": kafka, "u-0": [{**kafka[1], "topic": "u"}]}}
    tap.same([r["offset"] for r in call("sink", event)["saw"]["records"]["t-0"]], [7, 9], "Kafka: a bad record is split off")
    got = call("strict", event)
    tap.same((list(got["saw"]["records"]), got["batchItemFailures"]),
             (["t-0"], failures({"partition": "t-0", "offset": 8}, {"partition": "u-0", "offset": 8})),
             "... or each partition goes back to its first")
    hoses = {"invocationId": "i", "deliveryStreamArn": "a", "region": "r",
             "records": [{"recordId": str(i), "data": b64({"n": n})} for i, n in enumerate((1, 10, 2))]}
    ours = {"records": [{"recordId": i, "result": "Ok", "data": b64({})} for i in ("0", "2")]}
    tap.same([(r["recordId"], r["result"]) for r in call("sink", hoses, ours)["records"]],
             [("0", "Ok"), ("1", "Dropped"), ("2", "Ok")], "Firehose: every record has its result, in order")
    tap.same(call("strict", hoses, ours)["records"][1],
             {"recordId": "1", "result": "ProcessingFailed", "data": b64({"n": 10})}, "... or has failed, with its data")

    lines = {"messageType": "DATA_MESSAGE", "logGroup": "g", "logStream": "s", "owner": "0", "subscriptionFilters": [],
             "logEvents": [{"id": "1", "timestamp": 1, "message": "short"}, {"id": "2", "timestamp": 2, "message": "x" * 30}]}
    pack = lambda value: {"awslogs": {"data": b64(gzip.compress(value if isinstance(value, bytes) else json.dumps(value).encode()))}}
    got = call("sink", pack(lines))
    tap.same(json.loads(gzip.decompress(base64.b64decode(got["saw"]["awslogs"]["data"])))["logEvents"], lines["logEvents"][:1],
             "logs: unpacked, checked, and packed again")
    message = call.refusal("sink", pack(b" " * (64 << 20)))
    tap.check(message and "unpacks to more" in message, f"... a bomb is not unpacked: {message}")
    queue = {"eventSource": "aws:rmq", "eventSourceArn": "a",
             "rmqMessagesByQueue": {"q::/": [{"basicProperties": {}, "data": b64({"n": n})} for n in (1, 10)]}}
    tap.same(len(call("sink", queue)["saw"]["rmqMessagesByQueue"]["q::/"]), 1, "MQ: a bad message is split off")
    topic = lambda n: {"EventSource": "aws:sns", "Sns": {"MessageId": str(n), "TopicArn": "arn:t", "Message": json.dumps({"n": n})}}
    tap.same(len(call("sink", {"Records": [topic(1), topic(10)]})["saw"]["Records"]), 1, "SNS: a bad message is split off")
    message = call.refusal("strict", {"Records": [topic(1), topic(10)]})
    tap.check(message and "/record 1/n" in message, f"... where it can't be told that one failed, all are refused: {message}")
    bus = {"version": "0", "id": "1", "detail-type": "job", "source": "shop", "detail": {"n": 10}}
    message = call.refusal("sink", bus)
    tap.check(message and "/detail/n" in message, f"EventBridge: what is no batch is refused: {message}")
    tap.same(call("sink", {**bus, "detail": {"n": 1}})["saw"]["detail"], {"n": 1}, "... or arrives")


def requests(call):
    event = {"version": "2.0", "rawPath": "/jobs/7", "rawQueryString": "dry=true&tag=a&tag=b", "headers": {"X-Shop": "1"},
             "queryStringParameters": {"dry": "true"}, "pathParameters": {"id": "evil"},
             "requestContext": {"stage": "$default", "http": {"method": "POST", "path": "/jobs/7"}}, "body": '{"n": 1}', "isBase64Encoded": False}
    message = call.refusal("sink", event)
    tap.check(message and "/query" in message, f"v2: what a text says of the query is checked as well: {message}")
    event = {**event, "rawQueryString": "dry=true"}
    got = call("sink", event)["saw"]
    tap.same((got["pathParameters"], got["body"]), ({"id": "7"}, '{"n":1}'), "... parameters are those of the path")
    staged = {**event, "rawPath": "/prod/jobs/7", "requestContext": {"stage": "prod", "http": {"method": "POST"}}}
    tap.same(call("sink", staged)["saw"]["pathParameters"], {"id": "7"}, "... whose stage is none of it")
    v1 = {"resource": "/jobs/{id}", "path": "/jobs/7", "httpMethod": "POST", "requestContext": {"stage": "prod"},
          "headers": {"X-Shop": "1"}, "multiValueHeaders": {"X-Shop": ["1"]}, "queryStringParameters": {"tag": "b"},
          "multiValueQueryStringParameters": None, "pathParameters": None, "body": b64({"n": 1}), "isBase64Encoded": True}
    got = call.refusal("sink", v1)
    tap.check(got and "/query/tag" in got, f"v1: a list in the contract wants every value of a name: {got}")
    v1 = {**v1, "queryStringParameters": None, "multiValueQueryStringParameters": {"tag": ["a", "b"], "dry": ["true"]}}
    tap.same(call("sink", v1)["saw"]["body"], base64.b64encode(b'{"n":1}').decode(), "... and a body in base64 is checked")
    for name, change in {"a value that is none": {"multiValueQueryStringParameters": {"tag": ["a", "c"]}},
                         "a header that is missing": {"headers": None, "multiValueHeaders": None},
                         "another path": {"path": "/jobs/x"}, "a path with dots": {"path": "/jobs/../jobs/7"},
                         "another method": {"httpMethod": "PUT"}, "a method in another place": {"requestContext": {"stage": "prod", "http": {"method": "POST"}}, "httpMethod": "PUT"},
                         "the resource of another route": {"resource": "/other"}, "no body": {"body": None},
                         "a bad body": {"body": b64({"n": 10})}}.items():
        tap.check(call.refusal("sink", {**v1, **change}), f"... {name} is refused")
    got = call("sink", {**v1, "multiValueQueryStringParameters": {"note": [" x "]}, "queryStringParameters": {"note": " x "}})["saw"]
    tap.same((got["queryStringParameters"], got["multiValueQueryStringParameters"]), ({"note": "x"}, {"note": ["x"]}),
             "... and what was cleaned stands clean in every form")
    alb = {"requestContext": {"elb": {"targetGroupArn": "a"}}, "httpMethod": "POST", "path": "/jobs/7", "headers": {"x-shop": "1"},
           "queryStringParameters": {"dr%79": "%74rue"}, "body": '{"n":1}', "isBase64Encoded": False}
    tap.same(call("sink", alb)["saw"]["body"], '{"n":1}', "ALB: the query comes encoded, and is checked decoded")
    socket = {"requestContext": {"connectionId": "c", "routeKey": "$default", "eventType": "MESSAGE"}, "body": '{"n": 10}', "isBase64Encoded": False}
    tap.check("/body/n" in (call.refusal("sink", socket) or ""), "WebSocket: the message is checked")
    tap.check("saw" in call("sink", {**socket, "body": None, "requestContext": {"connectionId": "c", "routeKey": "$connect", "eventType": "CONNECT"}}),
              "... a connection has none")


# ---- CloudEvents ----

def curl(server, body, *headers):
    command = ["curl", "-sS", "-w", "\n%{http_code}", "-X", "POST", f"{server.url}/events", "--data-binary", "@-"]
    for header in headers:
        command += ["-H", header]
    text = body if isinstance(body, bytes) else json.dumps(body).encode()
    got = subprocess.run(command, input=text, capture_output=True, check=True).stdout.decode()
    body, _, status = got.rpartition("\n")
    return int(status), json.loads(body) if body else None


def cloudevents(server, project):
    event = {"specversion": "1.0", "id": "1", "source": "/shop", "type": "shop.job", "data": {"n": 1}}
    binary = ["ce-specversion: 1.0", "ce-id: 1", "ce-source: /shop", "ce-type: shop.job", "ce-note: caf%C3%A9", "Content-Type: application/json"]
    structured, batch = "Content-Type: application/cloudevents+json", "Content-Type: application/cloudevents-batch+json"
    status, got = curl(server, {"n": 1}, *binary)
    tap.same((status, got["saw"]), (200, {**event, "note": "café", "datacontenttype": "application/json"}),
             "binary mode: the function gets the event as one object")
    tap.same(curl(server, event, structured), (200, {"saw": event}), "structured mode: it gets the same")
    encoded = {k: v for k, v in event.items() if k != "data"} | {"data_base64": b64({"n": 1})}
    tap.same(curl(server, encoded, structured)[0], 200, "data in base64 is checked too")
    tap.same(curl(server, [event, {**event, "data": {"n": 10}}, {**event, "id": ""}], batch), (200, {"saw": [event]}),
             "batch mode: bad events are split off")
    tap.check("'id'" in kept(project)[-1]["reason"], "... and kept")
    tap.same(curl(server, [{**event, "data": {}}], batch), (204, None), "... where none is left there is nothing to say")
    rows = {"no type": ({"n": 1}, *binary[:3], binary[5]), "a type twice": ({"n": 1}, *binary, "ce-type: x"),
            "another type": ({**event, "type": "shop.other"}, structured), "bad data": ({**event, "data": {"n": 10}}, structured),
            "no data": ({k: v for k, v in event.items() if k != "data"}, structured),
            "another version": ({**event, "specversion": "0.3"}, structured), "an attribute in capitals": ({**event, "Note": "x"}, structured),
            "data twice": ({**event, "data_base64": ""}, structured), "a name twice": (b'{"specversion":"1.0","id":"1","id":"2"}', structured),
            "an encoding that is none": ({"n": 1}, *binary[:4], "ce-note: %C0%A0", binary[5]), "a list for one": ([event], structured)}
    for name, row in rows.items():
        tap.same(curl(server, *row)[0], 400, f"{name} is refused")
    for name, row in {"no CloudEvent": ({"n": 1}, binary[5]), "another format": (event, "Content-Type: application/cloudevents+avro")}.items():
        tap.same(curl(server, *row)[0], 415, f"{name} is none")


def secrets_and_modes(call, server, project):
    call("sink", {"Records": [sqs(1, {"n": 10, "name": SECRET})]})
    last = kept(project)[-1]
    tap.check(SECRET not in json.dumps(last) and "[redacted SHOP_KEY]" in last["payload"], "a secret is taken out of what is kept")
    path = project.ledger_directory / "quarantine.jsonl"
    tap.same(path.stat().st_mode & 0o777, 0o600, "the quarantine is its owner's alone")
    text = project.run("logs", "--quarantine", "--function", "uploads").stdout.decode()
    tap.check("uploads" in text and "sqs m1 from arn:aws:sqs" in text and "sink" not in text, f"it is text for people: {text[:200]!r}")
    denials = [r for r in server.ledger(kind="denial", action="record")]
    tap.check(denials and denials[0]["messaging.message.id"] == "m2" and "payload" not in denials[0],
              "the ledger tells of each bad record, without what was in it")
    many = [sqs(i, {"n": 10}) for i in range(100)]
    before = len(kept(project))
    tap.same(call("sink", {"Records": many}), {"batchItemFailures": []}, "a hundred bad records")
    tap.same(len(kept(project)) - before, 100, "... are all kept")
    tap.check(server.ledger(kind="denial", repeated=80), "... and counted in the ledger")
    metrics = server.request("GET", "/_fnward/metrics").body.decode()
    tap.check(f'fnward_records_quarantined_total{{faas_name="sink"}} {sum(r["faas.name"] == "sink" for r in kept(project))}' in metrics,
              "... and in the metrics")
    got = call.client.invoke(FunctionName="sink", InvocationType="Event", Payload=json.dumps({"Records": [sqs(1, {})]}))
    tap.same(got["StatusCode"], 202, "an Event of which nothing is left is accepted")
    before = len(kept(project))
    try:
        call.client.invoke(FunctionName="sink", InvocationType="DryRun", Payload=json.dumps({"Records": [sqs(1, {})]}))
        refused = False
    except ClientError:
        refused = True
    tap.check(refused and len(kept(project)) == before, "a dry run tells of a bad record, and keeps nothing")


if __name__ == "__main__":
    if not boto3 or not shutil.which("node") or not shutil.which("curl"):
        tap.skip("boto3, node or curl is not installed")
        tap.end()
    with Project(CONTRACT, {"code/app.mjs": SINK}) as project:
        os.environ.update(credentials(project))
        project.run("seal", "keygen")
        project.run("seal", "set", "SHOP_KEY", stdin=SECRET.encode())
        with project.serve() as server:
            call = Caller(server)
            queues(call, project)
            layers(call, project)
            streams(call, project)
            requests(call)
            cloudevents(server, project)
            secrets_and_modes(call, server, project)
    tap.end()
