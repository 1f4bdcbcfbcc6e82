args: help deps
exit: 0
stdout:
| usage: fnward deps compare ECOSYSTEM FILE
|
| Compare versions as an ecosystem's own tools do.
|
| Reads lines 'A < B', 'A = B' or 'A > B', and prints those that do not hold by the
| ecosystem's own order of versions. Ecosystems have the names that OSV gives them: npm,
| PyPI, Go, Maven, RubyGems, NuGet, Packagist, crates.io, Debian, Alpine, and others.
| Lines that begin with '#' or '//' are passed over.
|
| Exit code 1 means that some do not hold.
|
| Examples:
|   fnward deps compare PyPI versions.txt
|       check a list of comparisons
stderr:
