"""invoice: the sums of an order. Money is whole cents; prices are before tax."""

from collections import defaultdict


def tax_of(cents, percent):
    """Rounded half up to a cent, as tax offices ask."""
    return (cents * percent + 50) // 100


class Invoice:
    def __init__(self, order):
        self.order = order
        self.lines = [
            (line["quantity"], line["name"], line["quantity"] * line["cents"])
            for line in order["lines"]
        ]
        net_by_rate = defaultdict(int)
        for line in order["lines"]:
            net_by_rate[line["tax_percent"]] += line["quantity"] * line["cents"]
        self.net = sum(net_by_rate.values())
        self.taxes = [(rate, tax_of(net, rate)) for rate, net in sorted(net_by_rate.items())]
        self.total = self.net + sum(tax for _, tax in self.taxes)
