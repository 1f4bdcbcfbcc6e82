// fastify checks a body against the schema by ajv; no logs. It refuses or, past the check, works.
'use strict';

const Ajv2020 = require('ajv/dist/2020');
const fastify = require('fastify');
const { price } = require(process.argv[2]);
const schema = require(process.argv[3]);

const ajv = new Ajv2020({ allErrors: true }); // all problems are told, as fnward does
const app = fastify();
app.setValidatorCompiler(({ schema: one }) => ajv.compile(one));
app.post('/orders', { schema: { body: schema } }, async (request) => price(request.body));
app.listen({ port: 0, host: '127.0.0.1' }).then((url) => console.log(url));
