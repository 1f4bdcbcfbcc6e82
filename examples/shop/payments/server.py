"""payments: a payment service of toy size, for the shop to have somebody to call.

    export PAYMENT_KEY_SHA256=$(printf %s "$KEY" | sha256sum | cut -d' ' -f1)
    python3 payments/server.py

It listens on 127.0.0.1:8099 (or the port given), takes POST /charges with the key as a bearer
token, and declines what costs more than 1000.00.
"""

import hashlib
import hmac
import http.server
import json
import os
import sys

PORT = int(sys.argv[1]) if len(sys.argv) > 1 else 8099
KEY_HASH = os.environ["PAYMENT_KEY_SHA256"]
BODY_MAX = 4096
CREDIT_MAX_CENTS = 100_000


def is_key(header):
    kind, _, key = header.partition(" ")
    digest = hashlib.sha256(key.encode()).hexdigest()
    return kind == "Bearer" and hmac.compare_digest(digest, KEY_HASH)


def charge_id(order):
    """The same for the same order: a charge that is asked for twice is made once."""
    return "ch_" + hashlib.sha256(order.encode()).hexdigest()[:16]


class Payments(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # head and body are two writes

    def do_POST(self):
        length = int(self.headers.get("Content-Length", 0))
        if not 0 < length <= BODY_MAX:
            self.close_connection = True
            return self.answer(413, {"error": "a body of 1 to 4096 bytes is needed"})
        self.answer(*self.charge(self.rfile.read(length)))

    def charge(self, body):
        if self.path != "/charges":
            return 404, {"error": "there is nothing here"}
        if not is_key(self.headers.get("Authorization", "")):
            return 401, {"error": "that is not the key"}
        request = json.loads(body)
        if request["cents"] > CREDIT_MAX_CENTS:
            return 402, {"error": "declined"}
        return 201, {"charge": charge_id(request["order"])}

    def answer(self, status, content):
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format, *args):
        print(f"payments: {format % args}", file=sys.stderr)


if __name__ == "__main__":
    http.server.ThreadingHTTPServer(("127.0.0.1", PORT), Payments).serve_forever()
