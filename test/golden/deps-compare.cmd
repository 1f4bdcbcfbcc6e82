args: deps compare PyPI versions.txt
exit: 1
stdout:
| versions.txt:4: '1.0.post1 < 1.0' does not hold: it is 1.0.post1 > 1.0
| 2 of 3 comparisons hold
stderr:
