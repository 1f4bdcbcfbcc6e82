/* The operations that keywords compile to. Private to the room. */
#pragma once

#include "schema/program.h"

extern const struct op op_enum, op_const;
extern const struct op op_multiple_of, op_maximum, op_exclusive_maximum, op_minimum,
    op_exclusive_minimum;
extern const struct op op_max_length, op_min_length, op_pattern;
extern const struct op op_max_items, op_min_items, op_array, op_unique_items;
extern const struct op op_max_properties, op_min_properties, op_object, op_dependent_required,
    op_dependent_schemas;
extern const struct op op_ref, op_all_of, op_any_of, op_one_of, op_not, op_if;
