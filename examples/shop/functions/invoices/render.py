"""render: an invoice for people. All text of others is escaped in HTML."""

from html import escape


def money(cents):
    return f"{cents // 100}.{cents % 100:02}"


def sums(invoice):
    yield "Net", invoice.net
    for rate, tax in invoice.taxes:
        yield f"Tax {rate} %", tax
    yield f"Total {invoice.order['currency']}", invoice.total


def text(invoice):
    order = invoice.order
    rows = [f"Invoice {order['id']}    {order['placed'][:10]}", f"To {order['customer']}", ""]
    rows += [
        f"{quantity:>3} x {name:<32} {money(cents):>10}"
        for quantity, name, cents in invoice.lines
    ]
    rows += ["", *(f"{label:<38} {money(cents):>10}" for label, cents in sums(invoice))]
    return "\n".join(rows) + "\n"


def html(invoice):
    order = invoice.order
    lines = "".join(
        f"<tr><td>{quantity} x {escape(name)}<td>{money(cents)}"
        for quantity, name, cents in invoice.lines
    )
    totals = "".join(
        f"<tr><th>{escape(label)}<td>{money(cents)}" for label, cents in sums(invoice)
    )
    return (
        f"<!doctype html><title>Invoice {escape(order['id'])}</title>"
        f"<h1>Invoice {escape(order['id'])}</h1><p>{escape(order['placed'][:10])}, "
        f"to {escape(order['customer'])}<table>{lines}{totals}</table>\n"
    )
