args: deps --format sbom
exit: 2
stdout:
stderr:
| fnward deps: 'sbom' is not a format: text, json, cyclonedx or spdx
| usage: fnward deps [DIR] | compare ECOSYSTEM FILE
