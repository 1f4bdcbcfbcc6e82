// orders: places, shows and updates orders. What arrives here was checked against the schemas
// of the contract, so this code holds the rules of the shop and nothing else.
import { randomBytes } from 'node:crypto';
import { charge, Declined } from './payments.mjs';
import { price, UnknownItem } from './prices.mjs';
import { load, save } from './store.mjs';

const answer = (statusCode, body, headers = {}) => ({
  statusCode,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
});

async function placeOrder({ customer, items, note }) {
  const order = {
    id: randomBytes(8).toString('hex'),
    placed: new Date().toISOString(),
    customer,
    ...(note && { note }),
    ...price(items),
    status: 'pending',
  };
  await save(order); // first, so that no charge is ever without an order
  try {
    order.charge = await charge(order);
    order.status = 'paid';
  } catch (error) {
    if (!(error instanceof Declined)) throw error;
    order.status = 'declined';
  }
  await save(order);
  console.log(`order ${order.id}: ${order.cents} cents, ${order.status}`);
  return order;
}

const routes = {
  'POST /orders': async (event) => {
    try {
      const order = await placeOrder(JSON.parse(event.body));
      return answer(order.status === 'paid' ? 201 : 402, order, {
        location: `/orders/${order.id}`,
      });
    } catch (error) {
      if (error instanceof UnknownItem) return answer(422, { error: error.message });
      throw error;
    }
  },

  'GET /orders/{id}': async (event) => {
    const order = await load(event.pathParameters.id);
    return order ? answer(200, order) : answer(404, { error: 'no such order' });
  },
};

/** A message about an order that is not there goes back to the queue. */
async function updateOrders(records) {
  const failed = [];
  for (const { messageId, body } of records) {
    const { order: id, status } = JSON.parse(body);
    const order = await load(id);
    if (order) await save({ ...order, status });
    else failed.push({ itemIdentifier: messageId });
  }
  return { batchItemFailures: failed };
}

export const handler = (event) =>
  event.Records ? updateOrders(event.Records) : routes[event.routeKey](event);
