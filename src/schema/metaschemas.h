/* The standard's own schemas, as texts: src/schema/meta/. Private to the room. */
#pragma once

#include "base/base.h"

extern const str meta_2019_09_applicator;
extern const str meta_2019_09_content;
extern const str meta_2019_09_core;
extern const str meta_2019_09_format;
extern const str meta_2019_09_meta_data;
extern const str meta_2019_09_schema;
extern const str meta_2019_09_validation;
extern const str meta_2020_12_applicator;
extern const str meta_2020_12_content;
extern const str meta_2020_12_core;
extern const str meta_2020_12_format_annotation;
extern const str meta_2020_12_format_assertion;
extern const str meta_2020_12_meta_data;
extern const str meta_2020_12_schema;
extern const str meta_2020_12_unevaluated;
extern const str meta_2020_12_validation;
extern const str meta_draft_04;
extern const str meta_draft_06;
extern const str meta_draft_07;
