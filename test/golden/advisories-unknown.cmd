args: advisories import words.txt
exit: 2
stdout:
stderr:
| error: words.txt: this is neither an OSV export nor a catalogue that is known
|   fix: import a zip of OSV records, one record as JSON, CISA's catalogue as JSON, or EPSS scores as CSV
