args: seal list
exit: 0
stdout:
stderr:
| There are no secrets in 'fnward.secrets'.
