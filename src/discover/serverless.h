/*
 * serverless: what the readers of a serverless.yml share.
 */
#pragma once

#include "discover/find.h"

struct serverless {
    struct stack template; /* of its own resources, for !Ref and !GetAtt; comes first */
    struct finder *finder;
    const struct yaml *root, *provider;
    bool pattern; /* what is not known is '*' */
};

/* A value with its variables put in; false where one is known only when deploying. */
bool serverless_text(struct serverless *s, const struct yaml *value, str *ret);
/* The same for texts within the template's values. */
bool serverless_expand(struct stack *t, str text, bool pattern, struct buf *out);
void serverless_events(struct serverless *s, struct discover_function *fn,
                       const struct yaml *events);
