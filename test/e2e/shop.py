"""shop: the example's functions, with its payment service and a fake Runtime API."""

import hashlib
import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time

import tap
from fake_runtime_api import Instance
from runtime_node import COMMAND as NODE
from runtime_python import COMMAND as PYTHON

SHOP = pathlib.Path(__file__).resolve().parents[2] / "examples/shop"
KEY = "the key of this test"
TEA = {"sku": "TEA-GREEN", "quantity": 2}
POT = {"sku": "POT-IRON", "quantity": 1}


def http(route, body=None, **parts):
    return {"version": "2.0", "routeKey": route, "body": json.dumps(body), **parts}


def one(route, order_id, **query):
    return http(route, pathParameters={"id": order_id}, queryStringParameters=query)


def place(instance, *items, **more):
    post = instance.invoke(
        http("POST /orders", {"customer": "ada@example.com", "items": items, **more})
    )
    return post.json if post.kind == "response" else post


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def start_payments(port):
    digest = hashlib.sha256(KEY.encode()).hexdigest()
    process = subprocess.Popen(
        [sys.executable, str(SHOP / "payments/server.py"), str(port)],
        env={**os.environ, "PAYMENT_KEY_SHA256": digest},
        stderr=subprocess.DEVNULL,
    )
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return process
        time.sleep(0.05)
    raise RuntimeError("the payment service does not start")


def orders(project, port, key=KEY):
    env = {
        "FNWARD_PROJECT": str(project),
        "PAYMENTS_URL": f"http://127.0.0.1:{port}",
        "PAYMENT_KEY": key,
    }
    return Instance(NODE, SHOP / "functions/orders", "app.handler", env=env)


def check_orders(project, port):
    with orders(project, port) as instance:
        answer = place(instance, TEA, POT, note="ring twice")
        order = json.loads(answer["body"])
        tap.same(
            (answer["statusCode"], order["status"], order["cents"]),
            (201, "paid", 6480),
            "an order is priced from the catalogue and paid",
        )
        tap.check(
            re.fullmatch("[0-9a-f]{16}", order["id"]) and order["charge"].startswith("ch_"),
            "... and has an id and a charge",
        )
        tap.same(answer["headers"]["location"], f"/orders/{order['id']}", "... and a place")
        shown = instance.invoke(one("GET /orders/{id}", order["id"])).json
        tap.same(
            (shown["statusCode"], json.loads(shown["body"])),
            (200, order),
            "it is shown as it is",
        )
        tap.same(
            instance.invoke(one("GET /orders/{id}", "0" * 16)).json["statusCode"],
            404,
            "an order that is not there is 404",
        )
        tap.same(
            place(instance, {"sku": "TEA-NONE", "quantity": 1})["statusCode"],
            422,
            "an item that is not in the catalogue is 422",
        )
        tap.same(
            place(instance, {"sku": "POT-IRON", "quantity": 99})["statusCode"],
            402,
            "an order that is declined is 402",
        )
        check_jobs(instance, order)
        return order["id"]


def check_jobs(instance, order):
    jobs = [(order["id"], "shipped"), ("0" * 16, "shipped")]
    records = [
        {"messageId": f"m{i}", "body": json.dumps({"order": order_id, "status": status})}
        for i, (order_id, status) in enumerate(jobs)
    ]
    tap.same(
        instance.invoke({"Records": records}).json,
        {"batchItemFailures": [{"itemIdentifier": "m1"}]},
        "a job without an order fails alone",
    )
    shown = instance.invoke(one("GET /orders/{id}", order["id"])).json
    tap.same(json.loads(shown["body"])["status"], "shipped", "... and the other one is done")


def check_payment_failures(project, port):
    with orders(project, port, key="another key") as instance:
        post = place(instance, TEA)
        tap.same(
            (post.kind, post.json["errorMessage"]),
            ("error", "the payment service answered 401"),
            "a wrong key is an error",
        )
        tap.check("another key" not in post.log, "... which does not tell the key")
    with orders(project, free_port()) as instance:
        tap.same(
            place(instance, TEA).kind, "error", "a payment service that is away is an error"
        )


def check_invoices(project, order_id):
    env = {"FNWARD_PROJECT": str(project)}
    with Instance(PYTHON, SHOP / "functions/invoices", "app.handler", env=env) as instance:
        text = instance.invoke(one("GET /invoices/{id}", order_id)).json
        rows = [line.split() for line in text["body"].splitlines()]
        tap.same(text["statusCode"], 200, "an invoice is made of an order")
        tap.check(
            ["Net", "64.80"] in rows
            and ["Tax", "7", "%", "1.11"] in rows
            and ["Tax", "19", "%", "9.31"] in rows
            and ["Total", "EUR", "75.22"] in rows,
            "... with its sums and taxes",
        )
        html = instance.invoke(one("GET /invoices/{id}", order_id, format="html")).json
        tap.check(
            html["body"].startswith("<!doctype html>") and "75.22" in html["body"],
            "... as HTML too",
        )
        tap.same(
            instance.invoke(one("GET /invoices/{id}", "0" * 16)).json["statusCode"],
            404,
            "an invoice that is not there is 404",
        )
        tap.same(
            instance.invoke({"id": order_id}).json["total_cents"],
            7522,
            "a program gets the sum",
        )
        tap.same(
            instance.invoke({"id": "0" * 16}).json["errorType"],
            "LookupError",
            "... or an error",
        )
        hostile = {
            **json.loads((project / f"var/orders/{order_id}.json").read_text()),
            "id": "f" * 16,
            "customer": "<script>@example.com",
        }
        (project / f"var/orders/{'f' * 16}.json").write_text(json.dumps(hostile))
        html = instance.invoke(one("GET /invoices/{id}", "f" * 16, format="html")).json
        tap.check("<script>" not in html["body"], "text of others is escaped")


if __name__ == "__main__":
    if not shutil.which("node"):
        tap.skip("node is not installed")
        tap.end()
    with tempfile.TemporaryDirectory() as directory:
        project, port = pathlib.Path(directory), free_port()
        shutil.copytree(SHOP / "data", project / "data")
        (project / "var/orders").mkdir(parents=True)
        payments = start_payments(port)
        try:
            order_id = check_orders(project, port)
            check_payment_failures(project, port)
            check_invoices(project, order_id)
        finally:
            payments.kill()
            payments.wait()
    tap.end()
