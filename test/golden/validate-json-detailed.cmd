args: validate schema.json wrong.json --format json --output detailed
in: validate
exit: 1
stdout:
| {"file":"wrong.json","valid":false,"errors":[{"valid":false,"keywordLocation":"","instanceLocation":"","errors":[{"valid":false,"keywordLocation":"","instanceLocation":"/name","error":"is longer than 5 characters","line":2,"column":11},{"valid":false,"keywordLocation":"","instanceLocation":"/name","error":"does not have the required form","line":2,"column":11},{"valid":false,"keywordLocation":"","instanceLocation":"/id","error":"is greater than 10","line":3,"column":9},{"valid":false,"keywordLocation":"","instanceLocation":"/kind","error":"has none of the 2 allowed forms","line":4,"column":11},{"valid":false,"keywordLocation":"","instanceLocation":"/zz","error":"is not a known member","line":5,"column":3}]}]}
stderr:
