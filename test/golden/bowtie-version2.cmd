args: bowtie
in: bowtie
stdin: version2.jsonl
exit: 2
stdout:
stderr:
| fnward bowtie: only version 1 of the protocol is spoken
