args: check nothing broken.json lax.json --format github
in: check
exit: 2
stdout:
| ::error file=lax.json,line=1,col=74,title=A keyword is misspelt::'aditionalProperties' is not a keyword [schema-keyword-misspelt]
| ::notice file=lax.json,line=1,col=120,title=A definition that nothing refers to::nothing refers to the definition 'a' [schema-definition-unused]
stderr:
| error: cannot find 'nothing': No such file or directory
| broken.json:1:10: error: 'objct' is not a type (at /type)
|     1 | {"type": "objct"}
|       |          ^~~~~~~
|   fix: did you mean 'object'?
