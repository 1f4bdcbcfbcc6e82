// prices: what things cost, from the catalogue and never from the customer.
import { readFileSync } from 'node:fs';

const { currency, items: catalogue } = JSON.parse(
  readFileSync(`${process.env.FNWARD_PROJECT}/data/catalogue.json`, 'utf8'),
);

export class UnknownItem extends Error {}

/** The lines of an order with their prices, and the total. */
export function price(items) {
  const lines = items.map(({ sku, quantity }) => {
    if (!Object.hasOwn(catalogue, sku))
      throw new UnknownItem(`there is no ${sku} in the catalogue`);
    return { sku, quantity, ...catalogue[sku] };
  });
  const cents = lines.reduce((sum, line) => sum + line.quantity * line.cents, 0);
  return { currency, lines, cents };
}
