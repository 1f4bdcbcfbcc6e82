#include "event.h"

#include <signal.h>

/* ---- names ---- */

static const struct {
    const char *text;
    const char *parts; /* region/account/function/qualifier; NULL: refused */
} names[] = {
    {"orders", "//orders/"},
    {"orders:prod", "//orders/prod"},
    {"orders:$LATEST", "//orders/$LATEST"},
    {"orders:$LATEST.PUBLISHED", "//orders/$LATEST.PUBLISHED"},
    {"orders.v1_2-x:12", "//orders.v1_2-x/12"},
    {"function:orders", "//orders/"},
    {"function:orders:1", "//orders/1"},
    {"function", "//function/"},
    {"function:$LATEST", "//function/$LATEST"},
    {"111111111111", "//111111111111/"},
    {"111111111111:function:orders", "/111111111111/orders/"},
    {"111111111111:orders", "/111111111111/orders/"},
    {"111111111111:function:orders:1", "/111111111111/orders/1"},
    {"us-east-1:111111111111:function:orders", "us-east-1/111111111111/orders/"},
    {"arn:aws:lambda:us-east-1:111111111111:function:orders", "us-east-1/111111111111/orders/"},
    {"arn:aws-cn:lambda:cn-north-1:111111111111:function:orders:1",
     "cn-north-1/111111111111/orders/1"},
    {"arn:aws-us-gov:lambda:us-gov-west-1:111111111111:function:orders",
     "us-gov-west-1/111111111111/orders/"},
    {"arn:aws:lambda:us-isob-east-1:111111111111:function:orders",
     "us-isob-east-1/111111111111/orders/"},
    {"arn:aws:lambda:eusc-de-east-1:111111111111:function:orders",
     "eusc-de-east-1/111111111111/orders/"},

    {"", NULL},
    {":", NULL},
    {"orders:", NULL},
    {":orders", NULL},
    {"a:b:c", NULL},
    {"orders:1:2", NULL},
    {"orders/x", NULL},
    {"orders x", NULL},
    {"../orders", NULL},
    {"orders:$latest", NULL},
    {"arn:aws:lambda:us-east-1:1111:function:orders", NULL},
    {"arn:aws:lambda:nowhere:111111111111:function:orders", NULL},
    {"arn:aws:lambda:us-east:111111111111:function:orders", NULL},
    {"arn:aws:lambda:us-east-12:111111111111:function:orders", NULL},
    {"arn:aws:lambda:US-east-1:111111111111:function:orders", NULL},
    {"arn:aws:s3:us-east-1:111111111111:function:orders", NULL},
    {"a:b:c:d:e:f:g:h:i:j", NULL},
};

static void test_names(void)
{
    for (size_t i = 0; i < COUNT(names); i++) {
        CLEANUP(arena_freep) struct arena *a = arena_new(0);
        struct event_name n;
        struct err e = {0};
        bool ok = event_name_parse(str_of(names[i].text), &n, &e);

        CHECK(ok == (names[i].parts != NULL), "the name '%s' is %s", names[i].text,
              ok ? "read" : "refused");
        if (ok)
            CHECK_STR(arena_format(a, "%.*s/%.*s/%.*s/%.*s", STR_ARG(n.region),
                                   STR_ARG(n.account), STR_ARG(n.function),
                                   STR_ARG(n.qualifier)),
                      names[i].parts, "the name '%s' in its parts", names[i].text);
    }
}

static void test_long_names(void)
{
    struct event_name n;
    struct err e = {0};
    char text[300];

    memset(text, 'a', sizeof(text));
    CHECK(event_name_parse((str){text, 256}, &n, &e), "a long name is read (and not found)");
    CHECK(!event_name_parse((str){text, 257}, &n, &e), "up to a limit");
    CHECK(!event_name_parse((str){"a\0b", 3}, &n, &(struct err){0}), "a NUL is no letter");
}

/* ---- AWS's own words ---- */

/* The recordings have placeholders where the account's own values stood. */
static str fill(struct arena *a, str text)
{
    text = replace(a, text, "<partition>", "aws");
    text = replace(a, text, "<region>", "us-east-1");
    return replace(a, text, "<a:len(129)>",
                   "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
                   "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
}

/* The text between the first pair of quotes. */
static str quoted(str text)
{
    str rest = str_sub(text, str_find(text, '\'') + 1, text.len);

    return str_sub(rest, 0, str_find(rest, '\''));
}

static void check_validation(struct arena *a, str recorded)
{
    str text = fill(a, recorded), value = quoted(text);
    bool qualifier = str_find_str(text, STR("at 'qualifier'")) < text.len;
    struct event_name n;
    struct err e = {0};
    bool ok = qualifier ? event_qualifier_check(value, &e) : event_name_parse(value, &n, &e);

    CHECK(!ok, "'%.*s' is refused as by AWS", STR_ARG(value));
    CHECK_STR(str_of(e.what),
              arena_format(a, "1 validation error detected: %.*s", STR_ARG(text)).at,
              "in the same words");
}

static void test_recorded_names(void)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(0);
    struct json *all = read_suite(a, "lambda-aws-recorded/test_lambda_api.snapshot.json");
    size_t checked = 0;

    if (!all) {
        tap_skip("the recorded names need FNWARD_SUITES");
        return;
    }
    for (uint32_t i = 0; i < all->count; i++) {
        const struct json *content = json_get(&all->members[i].value, STR("recorded-content"));
        const struct json *errors =
            json_get(json_get(content, STR("invoke_exception")), STR("Errors"));

        if (!errors || errors->count != 1 ||
            str_find_str(errors->items[0].text, STR("<a:len(170)>")) <
                errors->items[0].text.len)
            continue;
        check_validation(a, errors->items[0].text);
        checked++;
    }
    CHECK(checked == 13, "all 13 recorded refusals of names were compared (%zu)", checked);
}

/* ---- errors ---- */

static bool kind_of(str type, enum event_error *ret)
{
    for (unsigned kind = 0; kind < EVENT_ERRORS; kind++)
        if (str_is(type, event_error_type(kind))) {
            *ret = kind;
            return true;
        }
    return false;
}

static bool is_body_member(str name)
{
    return !str_is(name, "Error") && !str_is(name, "ResponseMetadata");
}

/* Whether our body has just the members, with their values, that AWS sent beside the error. */
static bool same_body(struct arena *a, const struct json *recorded, enum event_error kind)
{
    CLEANUP(buf_free) struct buf b = {0};
    struct json *ours;
    uint32_t members = 0;

    event_error_body(&b, kind, json_get_str(json_get(recorded, STR("Error")), STR("Message")));
    ours = read_json(a, buf_str(&b));
    for (uint32_t i = 0; i < recorded->count; i++) {
        struct json_member m = recorded->members[i];

        if (!is_body_member(m.name))
            continue;
        members++;
        if (!str_equal(json_get_str(ours, m.name), m.value.text))
            return false;
    }
    /* The message of a ValidationException is in Error alone: the client took it from there. */
    return ours->count == members || kind == EVENT_VALIDATION;
}

struct tally {
    size_t seen, status, body;
};

static void compare_error(struct arena *a, const struct json *v, struct tally *tallies)
{
    const struct json *error = json_get(v, STR("Error"));
    const struct json *metadata = json_get(v, STR("ResponseMetadata"));
    const struct json *status = json_get(metadata, STR("HTTPStatusCode"));
    enum event_error kind;
    uint64_t number = 0;

    if (!status || !kind_of(json_get_str(error, STR("Code")), &kind) ||
        !str_to_u64(status->text, 999, &number))
        return;
    /* A few APIs that change functions leave Type out; Invoke is none of them. */
    if (kind != EVENT_VALIDATION && !json_get(v, STR("Type")))
        return;
    tallies[kind].seen++;
    tallies[kind].status += number == event_error_status(kind);
    tallies[kind].body += same_body(a, v, kind);
}

static void walk(struct arena *a, const struct json *v, struct tally *tallies)
{
    if (v->kind == JSON_ARRAY)
        for (uint32_t i = 0; i < v->count; i++)
            walk(a, &v->items[i], tallies);
    if (v->kind != JSON_OBJECT)
        return;
    compare_error(a, v, tallies);
    for (uint32_t i = 0; i < v->count; i++)
        walk(a, &v->members[i].value, tallies);
}

static void test_recorded_errors(void)
{
    static const char *files[] = {"test_lambda", "test_lambda_api"};
    static const enum event_error kinds[] = {EVENT_NOT_FOUND, EVENT_INVALID_CONTENT,
                                             EVENT_INVALID_PARAMETER, EVENT_VALIDATION,
                                             EVENT_THROTTLED};
    struct tally tallies[EVENT_ERRORS] = {0};

    for (size_t i = 0; i < COUNT(files); i++) {
        CLEANUP(arena_freep) struct arena *a = arena_new(0);
        struct json *all =
            read_suite(a, arena_format(a, "lambda-aws-recorded/%s.snapshot.json", files[i]).at);

        if (!all) {
            tap_skip("the recorded errors need FNWARD_SUITES");
            return;
        }
        walk(a, all, tallies);
    }
    for (size_t i = 0; i < COUNT(kinds); i++) {
        struct tally t = tallies[kinds[i]];

        CHECK(t.seen && t.status == t.seen && t.body == t.seen,
              "%s: status of %zu and body of %zu in %zu recordings", event_error_type(kinds[i]),
              t.status, t.body, t.seen);
    }
}

static void test_error_bodies(void)
{
    static const struct {
        enum event_error kind;
        unsigned status;
        const char *body;
    } rows[] = {
        {EVENT_NOT_FOUND, 404, "{\"Type\":\"User\",\"Message\":\"a \\\"b\\\"\"}"},
        {EVENT_INVALID_CONTENT, 400, "{\"Type\":\"User\",\"message\":\"a \\\"b\\\"\"}"},
        {EVENT_INVALID_PARAMETER, 400, "{\"Type\":\"User\",\"message\":\"a \\\"b\\\"\"}"},
        {EVENT_VALIDATION, 400, "{\"message\":\"a \\\"b\\\"\"}"},
        {EVENT_TOO_LARGE, 413, "{\"Type\":\"User\",\"message\":\"a \\\"b\\\"\"}"},
        {EVENT_THROTTLED, 429,
         "{\"Reason\":\"ReservedFunctionConcurrentInvocationLimitExceeded\",\"Type\":\"User\","
         "\"message\":\"a \\\"b\\\"\"}"},
        {EVENT_SERVICE, 500, "{\"Type\":\"Service\",\"Message\":\"a \\\"b\\\"\"}"},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        CLEANUP(buf_free) struct buf b = {0};

        event_error_body(&b, rows[i].kind, STR("a \"b\""));
        CHECK_STR(buf_str(&b), rows[i].body, "the body of %s", event_error_type(rows[i].kind));
        CHECK(event_error_status(rows[i].kind) == rows[i].status, "its status is %u",
              rows[i].status);
    }
    CHECK(COUNT(rows) == EVENT_ERRORS, "every error was looked at");
}

/* ---- failures ---- */

#define EXIT_ERROR(what)                                                                                \
    "{\"errorType\":\"Runtime.ExitError\",\"errorMessage\":\"RequestId: id Error: Runtime exited " what \
    "\"}"

static void test_failures(void)
{
    static const struct {
        int status;
        const char *body;
    } rows[] = {
        {0, EXIT_ERROR("without providing a reason")},
        {1 << 8, EXIT_ERROR("with error: exit status 1")},
        {127 << 8, EXIT_ERROR("with error: exit status 127")},
        {SIGKILL, EXIT_ERROR("with error: signal: killed")},
        {SIGSEGV | 0x80, EXIT_ERROR("with error: signal: segmentation fault")},
        {SIGUSR1, EXIT_ERROR("with error: signal: signal 10")},
    };
    static const struct {
        uint64_t ms;
        const char *seconds;
    } times[] = {
        {1000, "1.00"}, {30000, "30.00"}, {1500, "1.50"}, {250, "0.25"}, {3009, "3.00"}};
    CLEANUP(buf_free) struct buf b = {0};

    for (size_t i = 0; i < COUNT(rows); i++) {
        buf_clear(&b);
        event_failure_exit(&b, STR("id"), rows[i].status);
        CHECK_STR(buf_str(&b), rows[i].body, "exit %d", rows[i].status);
    }
    for (size_t i = 0; i < COUNT(times); i++) {
        char expected[160];

        snprintf(
            expected, sizeof(expected),
            "{\"errorType\":\"Sandbox.Timedout\",\"errorMessage\":\"RequestId: id Error: Task "
            "timed out after %s seconds\"}",
            times[i].seconds);
        buf_clear(&b);
        event_failure_timeout(&b, STR("id"), times[i].ms);
        CHECK_STR(buf_str(&b), expected, "a timeout of %s seconds", times[i].seconds);
    }
}

/* The payload that AWS sent in one of its recorded tests. */
static str recorded_payload(struct arena *a, const struct json *all, const char *test,
                            const char *step)
{
    str name = arena_format(a, "tests/aws/services/lambda_/test_lambda.py::%s", test);
    const struct json *content = json_get(json_get(all, name), STR("recorded-content"));
    const struct json *payload = json_get(json_get(content, str_of(step)), STR("Payload"));

    return payload ? write_json(a, payload) : STR("absent");
}

static void test_recorded_failures(void)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(0);
    CLEANUP(buf_free) struct buf b = {0};
    struct json *all = read_suite(a, "lambda-aws-recorded/test_lambda.snapshot.json");
    str uuid = STR("<uuid>");

    if (!all) {
        tap_skip("the recorded failures need FNWARD_SUITES");
        return;
    }
    event_failure_exit(&b, uuid, 127 << 8);
    CHECK_STR(buf_str(&b),
              recorded_payload(a, all,
                               "TestLambdaErrors::test_lambda_runtime_wrapper_not_found",
                               "invocation_error")
                  .at,
              "an exit status, in AWS's words");
    buf_clear(&b);
    event_failure_exit(&b, uuid, 0);
    CHECK_STR(buf_str(&b),
              recorded_payload(a, all, "TestLambdaErrors::test_lambda_runtime_exit",
                               "invocation_error")
                  .at,
              "an exit without a reason, in AWS's words");
    buf_clear(&b);
    event_failure_timeout(&b, uuid, 30000);
    CHECK_STR(buf_str(&b),
              recorded_payload(a, all, "TestLambdaErrors::test_lambda_runtime_exit_segfault",
                               "invocation_error")
                  .at,
              "a timeout, in AWS's words");
    buf_clear(&b);
    event_failure_too_large(&b, 6291556);
    CHECK_STR(buf_str(&b),
              recorded_payload(a, all, "TestLambdaBaseFeatures::test_lambda_too_large_response",
                               "invoke_result")
                  .at,
              "a response too large, in AWS's words");
}

/* ---- configuration ---- */

static const struct event_configuration orders = {
    .name = STR_INIT("orders"),
    .runtime = STR_INIT("nodejs"),
    .handler = STR_INIT("app.handler"),
    .code_sha256 = STR_INIT("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="),
    .modified = STR_INIT("2024-01-01T00:00:00.000Z"),
    .code_size = 812,
    .memory_mb = 128,
    .timeout_s = 3,
    .tmp_mb = 512,
};

static void test_configuration(void)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(0);
    CLEANUP(buf_free) struct buf b = {0};
    struct json *v;

    event_configuration(&b, &orders);
    v = read_json(a, buf_str(&b));
    CHECK_STR(json_get_str(v, STR("FunctionArn")),
              "arn:aws:lambda:us-east-1:000000000000:function:orders", "the ARN");
    CHECK_STR(json_get_str(v, STR("LastModified")), "2024-01-01T00:00:00.000+0000",
              "the time as AWS writes it");
    CHECK_STR(json_get_str(json_get(v, STR("LoggingConfig")), STR("LogGroup")),
              "/aws/lambda/orders", "the log group");
    CHECK_STR(write_json(a, json_get(v, STR("EphemeralStorage"))), "{\"Size\":512}", "storage");
    CHECK(json_get_str(v, STR("RevisionId")).len == 36, "a revision in the form of a UUID");
    buf_clear(&b);
    event_function_arn(&b, STR("orders"), STR("prod"));
    CHECK_STR(buf_str(&b), "arn:aws:lambda:us-east-1:000000000000:function:orders:prod",
              "an ARN with its qualifier");
}

/* Left out on purpose: secrets may be in the one, AWS's own versions are in the other. */
static bool left_out(str name)
{
    return str_is(name, "Environment") || str_is(name, "RuntimeVersionConfig");
}

static void test_recorded_configuration(void)
{
    static const char test[] = "tests/aws/services/lambda_/test_lambda_api.py::"
                               "TestLambdaFunction::test_function_lifecycle";
    static const char *const same[] = {
        "Description", "LastUpdateStatus", "PackageType", "SnapStart",
        "State",       "TracingConfig",    "Version"};
    CLEANUP(arena_freep) struct arena *a = arena_new(0);
    CLEANUP(buf_free) struct buf b = {0};
    struct json *all = read_suite(a, "lambda-aws-recorded/test_lambda_api.snapshot.json"),
                *ours;
    const struct json *aws =
        json_get(json_get(json_get(json_get(all, STR(test)), STR("recorded-content")),
                          STR("get_function_response")),
                 STR("Configuration"));

    if (!all) {
        tap_skip("the recorded configuration needs FNWARD_SUITES");
        return;
    }
    event_configuration(&b, &orders);
    ours = read_json(a, buf_str(&b));
    for (uint32_t i = 0; aws && i < aws->count; i++) {
        str name = aws->members[i].name;
        const struct json *v = json_get(ours, name);

        CHECK(left_out(name) == !v, "%.*s is %s", STR_ARG(name),
              left_out(name) ? "left out on purpose" : "there, as with AWS");
    }
    for (size_t i = 0; i < COUNT(same); i++)
        CHECK_STR(write_json(a, json_get(ours, str_of(same[i]))),
                  write_json(a, json_get(aws, str_of(same[i]))).at, "%s says the same",
                  same[i]);
}

int main(void)
{
    test_names();
    test_long_names();
    test_recorded_names();
    test_error_bodies();
    test_recorded_errors();
    test_failures();
    test_recorded_failures();
    test_configuration();
    test_recorded_configuration();
    return tap_end();
}
