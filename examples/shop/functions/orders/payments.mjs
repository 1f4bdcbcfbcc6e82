// payments: the one place that talks to the payment service.
const { PAYMENTS_URL, PAYMENT_KEY } = process.env;

export class Declined extends Error {}

/** The id of the charge. Asking again for the same order does not charge again. */
export async function charge({ id, cents, currency }) {
  const response = await fetch(`${PAYMENTS_URL}/charges`, {
    method: 'POST',
    headers: { authorization: `Bearer ${PAYMENT_KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify({ order: id, cents, currency }),
    signal: AbortSignal.timeout(2000),
  });
  if (response.status === 402) throw new Declined();
  if (response.status !== 201)
    throw new Error(`the payment service answered ${response.status}`);
  return (await response.json()).charge;
}
