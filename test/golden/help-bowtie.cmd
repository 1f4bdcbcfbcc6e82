args: help bowtie
exit: 0
stdout:
| usage: fnward bowtie 
|
| Speak Bowtie's protocol on stdin and stdout, to be compared with other validators.
|
| Version 1 of the protocol between Bowtie (https://bowtie.report) and a validator: lines
| of JSON with the commands start, dialect, run and stop. 'format' is a remark there, and
| keywords that nobody knows are passed over, as the JSON Schema test suite has it.
|
| Examples:
|   fnward bowtie < session.jsonl
|       a session that was written down
|   bowtie suite -i direct:fnward-bowtie 2020-12
|       the official suite; fnward-bowtie is a script that runs 'fnward bowtie'
stderr:
