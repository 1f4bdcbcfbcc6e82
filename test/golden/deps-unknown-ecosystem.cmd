args: deps compare pypi versions.txt
exit: 2
stdout:
stderr:
| error: 'pypi' is not an ecosystem whose versions are known
|   fix: did you mean 'PyPI'?
