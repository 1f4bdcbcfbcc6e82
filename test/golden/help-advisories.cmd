args: help advisories
exit: 0
stdout:
| usage: fnward advisories import FILE|URL... | status
|
| Keep the known vulnerabilities that dependencies are looked up in.
|
| 'import' compiles OSV exports (all.zip as osv.dev publishes them, or single records) into one
| small file, which replaces the old one once it is whole; nothing of the old one stays.
| CISA's catalogue of known exploited vulnerabilities (JSON) and EPSS scores (CSV) can be
| imported with them. Records that were withdrawn are left out. A URL is downloaded by the
| program 'curl'; nothing else is ever downloaded.
|
| 'status' tells how many there are and how old, and checks that the file is whole. Exit code
| 1 means that they were imported two weeks ago or more.
|
| Options:
|       --advisories FILE         the compiled advisories (default: ~/.local/share/fnward/advisories)
|
| Examples:
|   fnward advisories import PyPI-all.zip npm-all.zip
|       from files
|   fnward advisories import npm-all.zip known_exploited_vulnerabilities.json
|       with what is known to be exploited
|   fnward advisories status
|       how old they are
stderr:
