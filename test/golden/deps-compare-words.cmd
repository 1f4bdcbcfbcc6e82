args: deps compare npm words.txt
exit: 2
stdout:
stderr:
| words.txt:1:1: error: '1.0 is older than 1.1' compares no two versions
|   fix: write one of: A < B, A = B, A > B
