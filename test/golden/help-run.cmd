args: help run
exit: 0
stdout:
| usage: fnward run [DIR] [--listen ADDRESS:PORT] [OPTION...]
|
| Serve the functions of a contract: HTTP routes and the Lambda Invoke API.
|
| Reads DIR/fnward.yaml (default: the current directory) and serves its functions, each
| instance in a cage of its own. Declared http: triggers are served at their routes as
| function URLs; every function also answers the Lambda API, so that
| 'aws lambda invoke --endpoint-url http://127.0.0.1:3000' and the SDKs work.
|
| Own pages: /_fnward/health and /_fnward/metrics (Prometheus).
|
| Without --token-file only this machine may call, and only under a local name.
| --require says what must be live for serving to begin: 'kernel' is all but the limits
| that need control groups, 'all' is all, or names as 'fnward status' lists them.
|
| On a terminal the ledger is shown as it grows. SIGTERM and Ctrl-C let what is under
| way finish; a second one does not.
|
| Options:
|   -l, --listen ADDRESS:PORT     where to listen (default 127.0.0.1:3000; port 0: any)
|       --token-file FILE         callers must send its content as a bearer token
|       --public                  let everybody call who reaches the port
|       --tls-cert FILE           serve HTTPS with this certificate chain (PEM)
|       --tls-key FILE            and this private key (PEM)
|       --identity FILE           the key that opens the secrets (see 'fnward help seal')
|       --ledger DIR              where the records are kept (default DIR/.fnward)
|       --warm N                  instances of each function kept ready (default 1)
|       --idle SECONDS            others end after so long without an event (default 300)
|       --require WHAT            kernel (default), all, or names, by commas
|   -q, --quiet                   do not show the ledger on the terminal
|
| Examples:
|   fnward run
|       serve the current directory on http://127.0.0.1:3000
|   fnward run shop --listen 0.0.0.0:443 --token-file token --tls-cert c.pem --tls-key k.pem
|       serve a network, with TLS and a bearer token
|   aws lambda invoke --endpoint-url http://127.0.0.1:3000 --function-name orders --cli-binary-format raw-in-base64-out --payload '{}' /dev/stdout
|       call a function with the AWS CLI
stderr:
