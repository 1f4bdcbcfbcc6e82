/*
 * What the files of this room share: JSON values made here.
 */
#pragma once

#include "event/event.h"

struct json event_string(str s);
/* An empty object with room for `room` members. NULL past the arena's limit. */
struct json *event_object(struct arena *a, size_t room) MUST_USE;
void event_member(struct json *object, str name, struct json value);
/* Text that came in an envelope: JSON when it is JSON, else a string. Fails on a limit only. */
bool event_text(struct arena *a, str text, struct json *ret, struct err *e) MUST_USE;
/* The same for text that was base64. Bytes that are not UTF-8 stay the base64 they came in. */
bool event_base64_text(struct arena *a, str text, struct json *ret, struct err *e) MUST_USE;
/* A DynamoDB item ({"name": {"S": "x"}, ...}) as plain JSON. */
bool event_dynamodb_item(struct arena *a, const struct json *item, struct json *ret,
                         struct err *e) MUST_USE;
