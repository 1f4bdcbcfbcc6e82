args: init
exit: 2
stdout:
stderr:
| error: no function was found
|   fix: looked for template.yaml, serverless.yml, and files such as index.js, handler.py or bootstrap that export a handler
