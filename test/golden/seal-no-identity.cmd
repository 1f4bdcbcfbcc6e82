args: seal get STRIPE_KEY --identity none
exit: 2
stdout:
stderr:
| error: there is no identity at 'none', so that no secret can be opened
|   fix: 'fnward seal keygen' makes one; --identity FILE names another
