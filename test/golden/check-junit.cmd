args: check --format junit
in: check
exit: 1
stdout:
| <?xml version="1.0" encoding="UTF-8"?>
| <testsuites name="fnward check">
|   <testsuite name="fnward.yaml" tests="1" failures="1">
|     <testcase classname="fnward.yaml" name="schema-open-object at 10:43"><failure type="medium" message="members that are not named here are let through">A member such as isAdmin or __proto__ reaches the handler, which may store or merge it.</failure></testcase>
|   </testsuite>
|   <testsuite name="schemas/order.json" tests="5" failures="5">
|     <testcase classname="schemas/order.json" name="schema-contradiction at 3:22"><failure type="high" message="'total' is required, and additionalProperties forbids it">No value of that kind can satisfy both, so one of the two is a mistake.</failure></testcase>
|     <testcase classname="schemas/order.json" name="schema-string-unbounded at 5:20"><failure type="low" message="a text of any length is let through: there is no maxLength">One long text fills databases, logs and memory, and makes every later step slow.</failure></testcase>
|     <testcase classname="schemas/order.json" name="schema-pattern-unanchored at 5:41"><failure type="medium" message="'[0-9a-f]{16}' lets any text stand before and behind it">A pattern matches anywhere in a text; what stands before or behind is not looked at.</failure></testcase>
|     <testcase classname="schemas/order.json" name="schema-impossible-value at 6:59"><failure type="medium" message="'enum' has 3, which the rest refuses">Who reads the schema believes that the value may be sent; it is always refused.</failure></testcase>
|     <testcase classname="schemas/order.json" name="schema-contradiction at 7:48"><failure type="high" message="'minimum' is 10, above 'maximum', which is 5">No value of that kind can satisfy both, so one of the two is a mistake.</failure></testcase>
|   </testsuite>
|   <testsuite name="schemas/admin.yaml" tests="3" failures="3">
|     <testcase classname="schemas/admin.yaml" name="schema-string-unbounded at 3:16"><failure type="low" message="a text of any length is let through: there is no maxLength">One long text fills databases, logs and memory, and makes every later step slow.</failure></testcase>
|     <testcase classname="schemas/admin.yaml" name="schema-string-unbounded at 4:21"><failure type="low" message="a text of any length is let through: there is no maxLength">One long text fills databases, logs and memory, and makes every later step slow.</failure></testcase>
|     <testcase classname="schemas/admin.yaml" name="schema-pattern-permissive at 4:38"><failure type="low" message="'.*' refuses nearly nothing">It reads like a check, and lets quotes, tags and controls through.</failure></testcase>
|   </testsuite>
| </testsuites>
stderr:
