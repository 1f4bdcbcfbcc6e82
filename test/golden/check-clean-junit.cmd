args: check --format junit
in: check-clean
exit: 0
stdout:
| <?xml version="1.0" encoding="UTF-8"?>
| <testsuites name="fnward check">
|   <testsuite name="fnward.yaml" tests="1" failures="0">
|     <testcase classname="fnward.yaml" name="no findings"/>
|   </testsuite>
|   <testsuite name="schemas/order.json" tests="1" failures="0">
|     <testcase classname="schemas/order.json" name="no findings"/>
|   </testsuite>
| </testsuites>
stderr:
