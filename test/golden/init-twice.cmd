args: init
exit: 2
stdout:
stderr:
| error: './fnward.yaml' is there already
|   fix: edit it, or remove it to have a new one made
