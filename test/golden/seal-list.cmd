args: seal list
exit: 0
stdout:
| DATABASE_URL              orders            2026-01-31
| STRIPE_KEY                *                 2026-01-31  change this value: someone who knew it left
|
| sealed to age1x4mn6mvhulxc3udr6p5thudlmx7z4cckkw9ysckwhkpucd4saegqfhh9zr
stderr:
