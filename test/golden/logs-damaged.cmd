args: logs --ledger .
exit: 3
stdout:
| 2026-01-31 UTC
| 12:03:01.123 denied   orders  open /etc/passwd (not in may.read)
| 12:03:01.456 invoked  orders  200 POST /orders 12.3 ms
| 2026-02-01 UTC
| 00:00:00.000 log      invoices  | one
|              | 12:00:00.000 denied   \x1b[31mforged
| 00:00:01.000 timeout  invoices  other 3000.5 ms
stderr:
| fnward logs: 1 damaged line in the ledger passed over
