"""The work of app.cjs."""

import json


def handler(event, _context):
    order = json.loads(event["body"]) if "body" in event else event
    return {
        "id": order["customer"] + "-1",
        "total": sum(item["quantity"] * 12.5 for item in order["items"]),
    }
