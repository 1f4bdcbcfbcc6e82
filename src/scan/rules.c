/* The rules for schemas, as a table. Each has its page in docs/rules/. */
#include "scan/lint.h"

const struct rule scan_schema_rules[] = {
    [RULE_UNSATISFIABLE] =
        {"schema-unsatisfiable", "No value satisfies this schema", SEVERITY_HIGH,
         CONFIDENCE_HIGH, 570,
         "Every event of this form is refused, so what the schema stands for can never be sent.",
         "Change one of the keywords that exclude each other; write false to refuse on purpose."},
    [RULE_CONTRADICTION] =
        {"schema-contradiction", "Two keywords contradict each other", SEVERITY_HIGH,
         CONFIDENCE_HIGH, 570,
         "No value of that kind can satisfy both, so one of the two is a mistake.",
         "Correct the one that is wrong."},
    [RULE_IMPOSSIBLE_VALUE] =
        {"schema-impossible-value", "A listed value is refused by its own schema",
         SEVERITY_MEDIUM, CONFIDENCE_HIGH, 561,
         "Who reads the schema believes that the value may be sent; it is always refused.",
         "Remove the value, or widen the keyword that refuses it."},
    [RULE_DEAD_BRANCH] =
        {"schema-dead-branch", "An alternative can never be the one that holds",
         SEVERITY_MEDIUM, CONFIDENCE_HIGH, 561,
         "What the alternative was written for is refused, or is decided by another one.",
         "Remove the alternative, or what excludes it."},
    [RULE_OVERLAP] =
        {"schema-overlapping-branches", "One value satisfies two alternatives of oneOf",
         SEVERITY_MEDIUM, CONFIDENCE_HIGH, 20,
         "oneOf refuses a value that satisfies more than one alternative, so a value that seems "
         "doubly right is wrong.",
         "Let a required constant tell the alternatives apart, or use anyOf."},
    [RULE_MISSPELT] =
        {"schema-keyword-misspelt", "A keyword is misspelt", SEVERITY_HIGH, CONFIDENCE_MEDIUM,
         20, "Keywords that a validator does not know are ignored: the limit is not there.",
         "Write the keyword as the standard does."},
    [RULE_REF_SIBLINGS] =
        {"schema-ref-siblings", "Keywords beside $ref are ignored", SEVERITY_MEDIUM,
         CONFIDENCE_HIGH, 20,
         "Up to draft 7 nothing that stands beside $ref is looked at: the limit is not there.",
         "Put the reference into allOf, or use draft 2019-09 or later."},
    [RULE_FORMAT_UNKNOWN] = {"schema-format-unknown", "A format that no standard knows",
                             SEVERITY_MEDIUM, CONFIDENCE_HIGH, 20,
                             "An unknown format holds for every text: nothing is checked.",
                             "Use a format of the standard, or a pattern and a maxLength."},
    [RULE_OPEN_OBJECT] =
        {"schema-open-object", "Members that nobody declared are let through", SEVERITY_MEDIUM,
         CONFIDENCE_MEDIUM, 915,
         "A member such as isAdmin or __proto__ reaches the handler, which may store or merge it.",
         "Add additionalProperties: false, or x-unknown: strip to drop them."},
    [RULE_ANY_VALUE] =
        {"schema-any-value", "A value of any kind is let through", SEVERITY_MEDIUM,
         CONFIDENCE_MEDIUM, 20,
         "An object or a list in place of a text changes what a query or a comparison means.",
         "Give it a type."},
    [RULE_PATTERN_UNANCHORED] =
        {"schema-pattern-unanchored", "A pattern looks at a part of the text only",
         SEVERITY_MEDIUM, CONFIDENCE_MEDIUM, 777,
         "A pattern matches anywhere in a text; what stands before or behind is not looked at.",
         "Begin the pattern with ^ and end it with $."},
    [RULE_PATTERN_AMBIGUOUS] =
        {"schema-pattern-ambiguous", "A pattern that other matchers need for ever for",
         SEVERITY_MEDIUM, CONFIDENCE_HIGH, 1333,
         "fnward matches it in bounded time, but a backtracking matcher, as in the handler's own "
         "language, can be kept busy for minutes by a short text.",
         "Write it so that each text can be matched in one way only."},
    [RULE_PATTERN_PERMISSIVE] =
        {"schema-pattern-permissive", "A pattern that refuses nearly nothing", SEVERITY_LOW,
         CONFIDENCE_HIGH, 625,
         "It reads like a check, and lets quotes, tags and controls through.",
         "List the characters that are allowed, as in ^[A-Za-z0-9 _-]{1,64}$."},
    [RULE_STRING_UNBOUNDED] =
        {"schema-string-unbounded", "A text may be as long as the event", SEVERITY_LOW,
         CONFIDENCE_HIGH, 770,
         "One long text fills databases, logs and memory, and makes every later step slow.",
         "Add a maxLength."},
    [RULE_ARRAY_UNBOUNDED] =
        {"schema-array-unbounded", "A list may have any number of items", SEVERITY_LOW,
         CONFIDENCE_HIGH, 770,
         "What is done for each item is done as often as a stranger likes.", "Add a maxItems."},
    [RULE_KEYWORD_IDLE] = {"schema-keyword-idle", "A keyword that can have no effect",
                           SEVERITY_LOW, CONFIDENCE_HIGH, 20,
                           "It speaks of a kind of value that the type excludes.",
                           "Remove it, or correct the type."},
    [RULE_NUMBER_UNBOUNDED] =
        {"schema-number-unbounded", "A number without bounds", SEVERITY_INFO, CONFIDENCE_HIGH,
         1284, "Negative amounts, 1e308 and numbers past 2^53 surprise arithmetic.",
         "Add minimum and maximum."},
    [RULE_NUMBER_INTEGER] = {"schema-number-integer",
                             "A number that counts may have a fraction", SEVERITY_INFO,
                             CONFIDENCE_LOW, 1284, "1.5 items, or page 0.1, is seldom meant.",
                             "Write type: integer."},
    [RULE_DEFINITION_UNUSED] = {"schema-definition-unused",
                                "A definition that nothing refers to", SEVERITY_INFO,
                                CONFIDENCE_HIGH, 561,
                                "It is not enforced anywhere, although it reads as if it were.",
                                "Refer to it, or remove it."},
    {0},
};
