/*
 * event: the envelopes that events come in and answers go out in, as AWS makes them.
 *
 * HTTP requests become payload format 2.0 events and the function's result becomes the response
 * (function URLs); the Lambda Invoke API's names, bodies and errors; which trigger an invoked
 * event belongs to.
 */
#pragma once

#include "base/base.h"
#include "http/http.h"
#include "json/json.h"

/* ---- an HTTP request as an event (payload format 2.0) ---- */

struct event_pair {
    str name, value; /* decoded */
};

struct event_request {
    const struct http_head *head;
    str path; /* decoded, as routed; the event's rawPath */
    str route; /* "POST /orders/{id}", the event's routeKey */
    str body;
    const struct json *query, *headers; /* in place of the head's, when not NULL: texts */
    const struct event_pair *params; /* of the path */
    size_t param_count;
    str source_ip, request_id, domain, function;
    bool tls;
    uint64_t wall_ms;
};

/* The query as an object of strings: percent-decoded, names in order, repeated ones joined by
 * a comma as API Gateway does. At most 256 parameters. */
bool event_query(struct arena *a, str query, struct json **ret, struct err *e) MUST_USE;
/* The headers the same way, names in lower case, "cookie" left out. Refuses values that are
 * not UTF-8. */
bool event_headers(struct arena *a, const struct http_head *head, struct json **ret,
                   struct err *e) MUST_USE;
/* Values that are texts or stand for texts, numbers say, as an object of strings. */
bool event_texts(struct arena *a, const struct json *values, struct json **ret) MUST_USE;
/*
 * Appends the event to `ret`. The body is text when the content type speaks of text, json or xml
 * and it is UTF-8, else base64; empty members are left out. x-forwarded-for, -port, -proto and
 * x-amzn-trace-id are the gate's, whatever the client sent under these names.
 */
bool event_from_request(struct arena *a, const struct event_request *r, struct buf *ret,
                        struct err *e) MUST_USE;

/* The trace id in that event, for the Runtime API's header to say the same. */
void event_trace_id(struct buf *out, str request_id, uint64_t wall_ms);

/* "/orders/{id}" and "/files/{name+}" against a decoded path. Fills `params` (at most 16). A
 * parameter is never empty; "+" takes the rest of the path and stands only at the end. */
bool event_route_match(str pattern, str path, struct event_pair *params, size_t *param_count);

/* The path that matches `pattern` with these parameters; false when there is none, as for an
 * empty one. A parameter that is not among them stays out: false. */
bool event_route_path(struct arena *a, str pattern, const struct event_pair *params,
                      size_t param_count, str *ret) MUST_USE;

/* ---- the function's result as a response ---- */

struct event_response {
    unsigned status;
    struct event_pair headers[64];
    size_t header_count;
    str cookies[32];
    size_t cookie_count;
    str body;
    str content_type; /* when no header says it */
};

/*
 * The mapping of payload format 2.0. False when the result is not a response that can be sent
 * (the caller answers 502). Headers of framing and connection are dropped; every name and value
 * is safe to write; of names that differ in case only the last counts. The body is empty for 204
 * and 304, which have none. `ret` points into `result` and the arena.
 */
bool event_to_response(struct arena *a, str result, struct event_response *ret,
                       struct err *e) MUST_USE;

/* ---- the Lambda Invoke API ---- */

/* name, name:qualifier, partial and full ARN (percent-decoded). */
struct event_name {
    str function, qualifier, account, region;
};
/* On failure e->what is AWS's message of a ValidationException. */
bool event_name_parse(str text, struct event_name *ret, struct err *e) MUST_USE;

/* The same for the query's Qualifier. One that differs from the name's own qualifier is an
 * InvalidParameterValueException: "The derived qualifier from the function name does not match
 * the specified qualifier." */
bool event_qualifier_check(str qualifier, struct err *e) MUST_USE;

enum event_error {
    EVENT_NOT_FOUND, /* 404 ResourceNotFoundException */
    EVENT_INVALID_CONTENT, /* 400 InvalidRequestContentException */
    EVENT_INVALID_PARAMETER, /* 400 InvalidParameterValueException */
    EVENT_VALIDATION, /* 400 ValidationException */
    EVENT_TOO_LARGE, /* 413 RequestTooLargeException */
    EVENT_THROTTLED, /* 429 TooManyRequestsException */
    EVENT_SERVICE, /* 500 ServiceException */
    EVENT_ERRORS,
};
unsigned event_error_status(enum event_error kind);
const char *event_error_type(enum event_error kind);
/* The body exactly as AWS forms it. */
void event_error_body(struct buf *out, enum event_error kind, str message);

/* The payloads that AWS makes when a function fails without answering. */
void event_failure_timeout(struct buf *out, str request_id, uint64_t timeout_ms);
/* `status` as from waitpid. */
void event_failure_exit(struct buf *out, str request_id, int status);
void event_failure_too_large(struct buf *out, size_t limit);

struct event_configuration { /* what GetFunctionConfiguration tells */
    str name, runtime, handler, code_sha256, modified; /* ISO 8601 */
    uint64_t code_size, memory_mb, timeout_s, tmp_mb;
};
void event_configuration(struct buf *out, const struct event_configuration *c);
/* "arn:aws:lambda:us-east-1:000000000000:function:NAME", and the qualifier when there is one.
 * The name is one that a contract allows, and not escaped. */
void event_function_arn(struct buf *out, str name, str qualifier);

/* ---- which trigger an invoked event belongs to ---- */

enum event_kind {
    EVENT_DIRECT,
    EVENT_HTTP_V2,
    EVENT_HTTP_V1,
    EVENT_ALB,
    EVENT_SQS,
    EVENT_SNS,
    EVENT_S3,
    EVENT_EVENTBRIDGE,
    EVENT_DYNAMODB,
    EVENT_KINESIS,
    EVENT_SCHEDULE,
};
enum event_kind event_recognise(const struct json *event);
/*
 * The payloads inside, at most `max`; *count says how many.
 *
 * SQS       each body; SNS's message when that is what the body wraps
 * SNS       each message
 * S3        {"eventName", "bucket", "key", "size", "eTag", "versionId"}, the key decoded
 * DynamoDB  each NewImage (OldImage of what was removed, else Keys) as plain JSON
 * Kinesis   each data, out of base64
 * EventBridge, schedule    the detail
 * HTTP, ALB the body, out of base64 where it says so; *count is 0 without one
 * direct    the event itself
 *
 * Text is read as JSON again, with the limits of an event; text that is not JSON is a string,
 * and bytes that are not UTF-8 are the string of their base64. Fails when the envelope does not
 * hold what its kind holds, and past a limit.
 */
bool event_payloads(struct arena *a, enum event_kind kind, const struct json *event,
                    const struct json **ret, size_t max, size_t *count, struct err *e) MUST_USE;
