/*
 * What the files of this room share: JSON values made here, and packed text.
 */
#pragma once

#include "event/event.h"

struct json event_string(str s);
/* An empty object with room for `room` members. NULL past the arena's limit. */
struct json *event_object(struct arena *a, size_t room) MUST_USE;
void event_member(struct json *object, str name, struct json value);
/* A copy of the object with `value` at its member `name`, which is added when there is none. */
bool event_replace(struct arena *a, const struct json *object, const char *name,
                   struct json value, struct json *ret, struct err *e) MUST_USE;
/* The text of a value as we write it. */
bool event_written(struct arena *a, const struct json *v, str *ret, struct err *e) MUST_USE;

/* Text that came in an envelope: JSON when it is JSON, else a string. */
bool event_text(struct arena *a, str text, struct json *ret, bool *is_json,
                struct err *e) MUST_USE;

bool event_gunzip(struct arena *a, str packed, size_t max, str *ret, struct err *e) MUST_USE;
bool event_gzip(struct arena *a, str bytes, str *ret, struct err *e) MUST_USE;

/* A DynamoDB item ({"name": {"S": "x"}, ...}) as plain JSON. */
bool event_dynamodb_item(struct arena *a, const struct json *item, struct json *ret,
                         struct err *e) MUST_USE;
