args: bowtie x
exit: 2
stdout:
stderr:
| fnward bowtie: 'x' is one argument too many
| usage: fnward bowtie 
