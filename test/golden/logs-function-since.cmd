args: logs --ledger=. --function invoices --since 2026-02-01T00:00:01
exit: 0
stdout:
| 2026-02-01 UTC
| 00:00:01.000 connect  invoices  127.0.0.1:8081 out 120 bytes in 4096 bytes 8.2 ms
| 00:00:03.000 crash    invoices  instance invoices-2 signal 9
stderr:
