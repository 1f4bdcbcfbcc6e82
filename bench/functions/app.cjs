// The work that every server of these benchmarks does for an order.
'use strict';

exports.price = (order) => ({
  id: order.customer + '-1',
  total: order.items.reduce((sum, item) => sum + item.quantity * 12.5, 0),
});

// As a function behind a route, and as one that is called directly.
exports.handler = async (event) => exports.price(event.body ? JSON.parse(event.body) : event);
