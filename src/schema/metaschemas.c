/* The standard's own schemas by their URIs, so that referring to them needs no network. */
#include "schema/metaschemas.h"
#include "schema/sources.h"

const struct metaschema metaschemas[] = {
    {STR_INIT("https://json-schema.org/draft/2019-09/meta/applicator"),
     &meta_2019_09_applicator},
    {STR_INIT("https://json-schema.org/draft/2019-09/meta/content"), &meta_2019_09_content},
    {STR_INIT("https://json-schema.org/draft/2019-09/meta/core"), &meta_2019_09_core},
    {STR_INIT("https://json-schema.org/draft/2019-09/meta/format"), &meta_2019_09_format},
    {STR_INIT("https://json-schema.org/draft/2019-09/meta/meta-data"), &meta_2019_09_meta_data},
    {STR_INIT("https://json-schema.org/draft/2019-09/schema"), &meta_2019_09_schema},
    {STR_INIT("https://json-schema.org/draft/2019-09/meta/validation"),
     &meta_2019_09_validation},
    {STR_INIT("https://json-schema.org/draft/2020-12/meta/applicator"),
     &meta_2020_12_applicator},
    {STR_INIT("https://json-schema.org/draft/2020-12/meta/content"), &meta_2020_12_content},
    {STR_INIT("https://json-schema.org/draft/2020-12/meta/core"), &meta_2020_12_core},
    {STR_INIT("https://json-schema.org/draft/2020-12/meta/format-annotation"),
     &meta_2020_12_format_annotation},
    {STR_INIT("https://json-schema.org/draft/2020-12/meta/format-assertion"),
     &meta_2020_12_format_assertion},
    {STR_INIT("https://json-schema.org/draft/2020-12/meta/meta-data"), &meta_2020_12_meta_data},
    {STR_INIT("https://json-schema.org/draft/2020-12/schema"), &meta_2020_12_schema},
    {STR_INIT("https://json-schema.org/draft/2020-12/meta/unevaluated"),
     &meta_2020_12_unevaluated},
    {STR_INIT("https://json-schema.org/draft/2020-12/meta/validation"),
     &meta_2020_12_validation},
    {STR_INIT("http://json-schema.org/draft-04/schema"), &meta_draft_04},
    {STR_INIT("http://json-schema.org/draft-06/schema"), &meta_draft_06},
    {STR_INIT("http://json-schema.org/draft-07/schema"), &meta_draft_07},
};
const uint32_t metaschema_count = COUNT(metaschemas);
