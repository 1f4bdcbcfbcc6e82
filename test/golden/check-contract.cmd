args: check fnward.yaml --format github
in: check
exit: 1
stdout:
| ::warning file=fnward.yaml,line=10,col=43,title=Members that nobody declared are let through::members that are not named here are let through [schema-open-object]
| ::notice file=schemas/admin.yaml,line=3,col=16,title=A text may be as long as the event::a text of any length is let through: there is no maxLength [schema-string-unbounded]
| ::notice file=schemas/admin.yaml,line=4,col=21,title=A text may be as long as the event::a text of any length is let through: there is no maxLength [schema-string-unbounded]
| ::notice file=schemas/admin.yaml,line=4,col=38,title=A pattern that refuses nearly nothing::'.*' refuses nearly nothing [schema-pattern-permissive]
| ::error file=schemas/order.json,line=3,col=22,title=Two keywords contradict each other::'total' is required, and additionalProperties forbids it [schema-contradiction]
| ::notice file=schemas/order.json,line=5,col=20,title=A text may be as long as the event::a text of any length is let through: there is no maxLength [schema-string-unbounded]
| ::warning file=schemas/order.json,line=5,col=41,title=A pattern looks at a part of the text only::'[0-9a-f]{16}' lets any text stand before and behind it [schema-pattern-unanchored]
| ::warning file=schemas/order.json,line=6,col=59,title=A listed value is refused by its own schema::'enum' has 3, which the rest refuses [schema-impossible-value]
| ::error file=schemas/order.json,line=7,col=48,title=Two keywords contradict each other::'minimum' is 10, above 'maximum', which is 5 [schema-contradiction]
stderr:
