args: bowtie
exit: 2
stdout:
stderr:
| fnward bowtie: nothing was said
