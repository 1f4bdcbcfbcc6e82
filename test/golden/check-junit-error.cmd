args: check broken.json --format junit
in: check
exit: 2
stdout:
| <?xml version="1.0" encoding="UTF-8"?>
| <testsuites name="fnward check">
|   <testsuite name="broken.json" tests="1" failures="0">
|     <testcase classname="broken.json" name="no findings"/>
|   </testsuite>
|   <testsuite name="fnward" tests="1" errors="1">
|     <testcase classname="fnward" name="everything could be looked at"><error message="see the errors on stderr"/></testcase>
|   </testsuite>
| </testsuites>
stderr:
| broken.json:1:10: error: 'objct' is not a type (at /type)
|     1 | {"type": "objct"}
|       |          ^~~~~~~
|   fix: did you mean 'object'?
