args: seal list --format json
exit: 0
stdout:
| {"secrets":[{"name":"DATABASE_URL","function":"orders","changed":"2026-01-31","rotate":false},{"name":"STRIPE_KEY","function":"*","changed":"2026-01-31","rotate":true}],"recipients":["age1x4mn6mvhulxc3udr6p5thudlmx7z4cckkw9ysckwhkpucd4saegqfhh9zr"]}
stderr:
