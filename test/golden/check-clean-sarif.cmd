args: check --format sarif
in: check-clean
exit: 0
stdout:
| {"$schema":"https://json.schemastore.org/sarif-2.1.0.json","version":"2.1.0","runs":[{"tool":{"driver":{"name":"fnward","semanticVersion":"0.1.0","rules":[]}},"columnKind":"utf16CodeUnits","automationDetails":{"id":"fnward/check/"},"invocations":[{"executionSuccessful":true}],"results":[]}]}
stderr:
