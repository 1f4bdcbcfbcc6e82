/*
 * Each operation: what it judges, at what rank, and what it says of a value that fails: the
 * words in `why`, the operand, and the unit that it counts.
 */
#include "schema/ops.h"
#include "schema/run.h"

enum { EQUALITY, COUNTS, CONTENTS, MATCHING, BRANCHES, LONG_WALKS };

// clang-format off
#define STRINGS KIND(JSON_STRING)
#define NUMBERS KIND(JSON_NUMBER)
#define ARRAYS KIND(JSON_ARRAY)
#define OBJECTS KIND(JSON_OBJECT)

const struct op op_enum = {"enum", EQUALITY, ALL_KINDS, run_values,
    .why = "is not one of the allowed values"};
const struct op op_const = {"const", EQUALITY, ALL_KINDS, run_values,
    .explain = explain_const};

const struct op op_multiple_of = {"multipleOf", COUNTS, NUMBERS, run_multiple,
    .why = "is not a multiple of"};
const struct op op_maximum = {"maximum", COUNTS, NUMBERS, run_maximum,
    .why = "is greater than"};
const struct op op_exclusive_maximum = {"exclusiveMaximum", COUNTS, NUMBERS, run_below,
    .why = "is not less than"};
const struct op op_minimum = {"minimum", COUNTS, NUMBERS, run_minimum,
    .why = "is less than"};
const struct op op_exclusive_minimum = {"exclusiveMinimum", COUNTS, NUMBERS, run_above,
    .why = "is not greater than"};

const struct op op_max_length = {"maxLength", COUNTS, STRINGS, run_max_length,
    .why = "is longer than", .unit = "character"};
const struct op op_min_length = {"minLength", COUNTS, STRINGS, run_min_length,
    .why = "is shorter than", .unit = "character"};
const struct op op_pattern = {"pattern", MATCHING, STRINGS, run_pattern,
    .why = "does not have the required form"};

const struct op op_max_items = {"maxItems", COUNTS, ARRAYS, run_max_count,
    .why = "has more than", .unit = "item"};
const struct op op_min_items = {"minItems", COUNTS, ARRAYS, run_min_count,
    .why = "has fewer than", .unit = "item"};
const struct op op_array = {"items", CONTENTS, ARRAYS, run_array,
    .explain = explain_array, .explains_itself = true};
const struct op op_unique_items = {"uniqueItems", LONG_WALKS, ARRAYS, run_unique,
    .why = "has two equal items"};

const struct op op_max_properties = {"maxProperties", COUNTS, OBJECTS, run_max_count,
    .why = "has more than", .unit = "member"};
const struct op op_min_properties = {"minProperties", COUNTS, OBJECTS, run_min_count,
    .why = "has fewer than", .unit = "member"};
const struct op op_object = {"properties", CONTENTS, OBJECTS, run_object,
    .explain = explain_object, .explains_itself = true};
const struct op op_dependent_required = {"dependentRequired", CONTENTS, OBJECTS,
    run_dependent_required, .explain = explain_dependent_required};
const struct op op_dependent_schemas = {"dependentSchemas", BRANCHES, OBJECTS,
    run_dependent_schema, .explain = explain_dependent_schema};

const struct op op_ref = {"$ref", BRANCHES, ALL_KINDS, run_all,
    .explain = explain_all, .explains_itself = true};
const struct op op_all_of = {"allOf", BRANCHES, ALL_KINDS, run_all,
    .explain = explain_all, .explains_itself = true};
const struct op op_any_of = {"anyOf", BRANCHES, ALL_KINDS, run_any, .explain = explain_any};
const struct op op_one_of = {"oneOf", BRANCHES, ALL_KINDS, run_one, .explain = explain_one};
const struct op op_not = {"not", BRANCHES, ALL_KINDS, run_not,
    .why = "has a form that is not allowed"};
const struct op op_if = {"if", BRANCHES, ALL_KINDS, run_if, .explain = explain_if};
// clang-format on
