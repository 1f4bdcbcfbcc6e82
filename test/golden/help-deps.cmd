args: help deps
exit: 0
stdout:
| usage: fnward deps [DIR] | compare ECOSYSTEM FILE
|
| List a project's packages from its lock files, with their known vulnerabilities.
|
| Finds the lock files below DIR (the current directory by default) and lists what they name as
| a tree: package-lock.json, npm-shrinkwrap.json, yarn.lock, pnpm-lock.yaml, bun.lock,
| requirements.txt, Pipfile.lock, poetry.lock, pdm.lock, uv.lock, pylock.toml, go.mod,
| Cargo.lock, Gemfile.lock, composer.lock, packages.lock.json, gradle.lockfile, pom.xml. Each package
| is looked up in the advisories that 'fnward advisories import' keeps; nothing is downloaded.
| The most urgent flaws come first: malicious packages, what is known to be exploited, then by
| severity. A flaw that several databases know is one.
|
| --format cyclonedx prints a bill of materials as CycloneDX 1.6 has it, with the flaws that were
| found; spdx prints one of SPDX 2.3. Both name packages by their package URLs. The same files
| give the same text: a date is in it where SOURCE_DATE_EPOCH gives one, and SPDX, which must
| have one, takes the present without it.
|
| --installed also looks at what is installed, in node_modules and where Python has its packages:
| what a deployment holds, without a lock file. So does a DIR that is in such a tree.
|
| --vex reads statements of OpenVEX. A flaw is suppressed where the newest statement on it says
| 'fixed', or 'not_affected' with one of the specification's justifications; products, or their
| subcomponents, are package URLs, without a version for all of them. What is suppressed is
| listed with its reason; malicious packages cannot be. Statements that fit nothing are named.
|
| 'compare' reads lines 'A < B', 'A = B' or 'A > B', and prints those that do not hold by the
| ecosystem's own order of versions. Ecosystems have the names that OSV gives them: npm, PyPI,
| Go, Maven, RubyGems, NuGet, Packagist, crates.io, Debian, Alpine, and others.
|
| Exit code 1 means that flaws were found, or that comparisons do not hold; 3 that something is
| not known: a file that can't be read, a manifest without a lock file, no advisories.
|
| Options:
|       --advisories FILE         the compiled advisories (default: ~/.local/share/fnward/advisories)
|       --flaws                   the flaws only, without the tree
|       --format FORMAT           text, json, cyclonedx or spdx (default: text)
|       --installed               also what is in node_modules and Python's environments
|       --vex FILE                statements of OpenVEX on flaws that do not matter
|
| Examples:
|   fnward deps
|       what this project installs, and what is known of it
|   fnward deps --flaws functions/orders
|       only what is wrong with it
|   fnward deps --format cyclonedx >bom.json
|       a bill of materials
|   fnward deps compare PyPI versions.txt
|       check a list of comparisons
stderr:
