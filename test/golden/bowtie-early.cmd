args: bowtie
in: bowtie
stdin: early.jsonl
exit: 2
stdout:
stderr:
| fnward bowtie: the first command must be 'start'
