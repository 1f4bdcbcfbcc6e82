"""invoices: an order as an invoice, in text or HTML. It reads what `orders` wrote, no more."""

import json
import os
import pathlib

from invoice import Invoice
from render import html, text

ORDERS = pathlib.Path(os.environ["FNWARD_PROJECT"], "var/orders")
RENDERERS = {
    "text": (text, "text/plain; charset=utf-8"),
    "html": (html, "text/html; charset=utf-8"),
}
INVOICED = {"paid", "packed", "shipped"}


def find(order_id):
    """The invoice of an order, or None when it was never paid."""
    try:
        order = json.loads((ORDERS / f"{order_id}.json").read_text())
    except FileNotFoundError:
        return None
    return Invoice(order) if order["status"] in INVOICED else None


def answer_http(event):
    query = event.get("queryStringParameters") or {}
    invoice = find(event["pathParameters"]["id"])
    if not invoice:
        return {
            "statusCode": 404,
            "headers": {"content-type": "text/plain"},
            "body": "no such invoice\n",
        }
    render, content_type = RENDERERS[query.get("format", "text")]
    return {
        "statusCode": 200,
        "headers": {"content-type": content_type},
        "body": render(invoice),
    }


def answer_program(event):
    invoice = find(event["id"])
    if not invoice:
        raise LookupError(f"there is no invoice {event['id']}")
    render, content_type = RENDERERS[event.get("format", "text")]
    return {"total_cents": invoice.total, "content_type": content_type, "text": render(invoice)}


def handler(event, context):
    return answer_http(event) if "routeKey" in event else answer_program(event)
