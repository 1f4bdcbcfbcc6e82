#include "event.h"

#include <dirent.h>

static const struct {
    const char *file;
    enum event_kind kind;
} marked[] = {
    {"alb-lambda-target-request-headers-only.json", EVENT_ALB},
    {"alb-lambda-target-request-multivalue-headers.json", EVENT_ALB},
    {"apigw-request.json", EVENT_HTTP_V1},
    {"apigw-restapi-openapi-request.json", EVENT_HTTP_V1},
    {"apigw-v2-request-iam.json", EVENT_HTTP_V2},
    {"apigw-v2-request-jwt-authorizer.json", EVENT_HTTP_V2},
    {"apigw-v2-request-lambda-authorizer.json", EVENT_HTTP_V2},
    {"apigw-v2-request-no-authorizer.json", EVENT_HTTP_V2},
    {"autoscaling-event-launch-successful.json", EVENT_EVENTBRIDGE},
    {"autoscaling-event-launch-unsuccessful.json", EVENT_EVENTBRIDGE},
    {"autoscaling-event-lifecycle-action.json", EVENT_EVENTBRIDGE},
    {"autoscaling-event-terminate-action.json", EVENT_EVENTBRIDGE},
    {"autoscaling-event-terminate-successful.json", EVENT_EVENTBRIDGE},
    {"autoscaling-event-terminate-unsuccessful.json", EVENT_EVENTBRIDGE},
    {"cloudwatch-alarm-sns-payload-multiple-metrics.json", EVENT_SNS},
    {"cloudwatch-alarm-sns-payload-single-metric.json", EVENT_SNS},
    {"codebuild-phase-change.json", EVENT_EVENTBRIDGE},
    {"codebuild-state-change.json", EVENT_EVENTBRIDGE},
    {"codedeploy-deployment-event.json", EVENT_EVENTBRIDGE},
    {"codedeploy-instance-event.json", EVENT_EVENTBRIDGE},
    {"codepipeline-action-execution-stage-change-event.json", EVENT_EVENTBRIDGE},
    {"codepipeline-execution-stage-change-event.json", EVENT_EVENTBRIDGE},
    {"codepipeline-execution-state-change-event.json", EVENT_EVENTBRIDGE},
    {"dynamodb-event.json", EVENT_DYNAMODB},
    {"dynamodb-time-window-event.json", EVENT_DYNAMODB},
    {"ecr-image-push-event.json", EVENT_EVENTBRIDGE},
    {"ecr-image-scan-event.json", EVENT_EVENTBRIDGE},
    {"ecs-container-instance-state-change.json", EVENT_EVENTBRIDGE},
    {"kinesis-event.json", EVENT_KINESIS},
    {"kinesis-time-window-event.json", EVENT_KINESIS},
    {"lambda-urls-request.json", EVENT_HTTP_V2},
    {"s3-event-with-decoded.json", EVENT_S3},
    {"s3-event.json", EVENT_S3},
    {"s3-glacier-event.json", EVENT_S3},
    {"s3-intelligenttier-event.json", EVENT_S3},
    {"s3-lifecycle-event.json", EVENT_S3},
    {"s3-replication-event.json", EVENT_S3},
    {"s3-restore-event.json", EVENT_S3},
    {"sns-event.json", EVENT_SNS},
    {"sqs-event.json", EVENT_SQS},
};

/* On purpose not JSON. */
static const char malformed[] = "dynamodb-event-malformed.2.json";

static enum event_kind kind_of_file(const char *file, size_t *found)
{
    for (size_t i = 0; i < COUNT(marked); i++)
        if (strcmp(marked[i].file, file) == 0) {
            (*found)++;
            return marked[i].kind;
        }
    return EVENT_DIRECT;
}

static void check_file(const char *file, size_t *found)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(0);
    struct json *event = read_suite(a, arena_format(a, "events/%s", file).at);
    const struct json *payloads[64];
    enum event_kind kind = kind_of_file(file, found);
    size_t count = 0;
    struct err e = {0};

    if (strcmp(file, malformed) == 0) {
        CHECK(!event, "%s is not JSON", file);
        return;
    }
    CHECK(event && event_recognise(event) == kind, "%s is recognised", file);
    CHECK(event && event_payloads(a, kind, event, payloads, 64, &count, &e),
          "%s gives its payloads", file);
    if (event && json_get(event, STR("Records")) && kind != EVENT_DIRECT)
        CHECK(count == json_get(event, STR("Records"))->count, "%s gives one for each", file);
}

static void test_suite(void)
{
    const char *suites = tap_suites();
    size_t files = 0, found = 0;
    char path[512];
    struct dirent *entry;
    DIR *dir;

    if (!suites) {
        tap_skip("the recorded events need FNWARD_SUITES");
        return;
    }
    snprintf(path, sizeof(path), "%s/events", suites);
    dir = opendir(path);
    while (dir && (entry = readdir(dir))) {
        if (!str_ends(str_of(entry->d_name), STR(".json")))
            continue;
        check_file(entry->d_name, &found);
        files++;
    }
    if (dir)
        closedir(dir);
    CHECK(files == 104 && found == COUNT(marked), "all %zu files were read", files);
}

/* ---- recognising ---- */

static const struct {
    const char *name, *event;
    enum event_kind kind;
} recognised[] = {
    {"a rule's schedule",
     "{\"source\":\"aws.events\",\"detail-type\":\"Scheduled Event\",\"detail\":{}}",
     EVENT_SCHEDULE},
    {"a scheduler's schedule",
     "{\"source\":\"aws.scheduler\",\"detail-type\":\"Scheduled Event\",\"detail\":{}}",
     EVENT_SCHEDULE},
    {"another's scheduled event",
     "{\"source\":\"shop\",\"detail-type\":\"Scheduled Event\",\"detail\":{}}",
     EVENT_EVENTBRIDGE},
    {"an event without its detail", "{\"source\":\"shop\",\"detail-type\":\"x\"}",
     EVENT_DIRECT},
    {"a batch of one source", "{\"Records\":[{\"eventSource\":\"aws:sqs\",\"body\":\"\"}]}",
     EVENT_SQS},
    {"a batch of two sources",
     "{\"Records\":[{\"eventSource\":\"aws:sqs\",\"body\":\"\"},"
     "{\"eventSource\":\"aws:s3\",\"s3\":{}}]}",
     EVENT_DIRECT},
    {"a batch with a record that is none",
     "{\"Records\":[{\"eventSource\":\"aws:sqs\",\"body\":\"\"},7]}", EVENT_DIRECT},
    {"a record without what its source has", "{\"Records\":[{\"eventSource\":\"aws:sqs\"}]}",
     EVENT_DIRECT},
    {"an empty batch", "{\"Records\":[]}", EVENT_DIRECT},
    {"a batch of an unknown source", "{\"Records\":[{\"eventSource\":\"aws:ses\",\"ses\":{}}]}",
     EVENT_DIRECT},
    {"a batch that is also a request",
     "{\"Records\":[{\"eventSource\":\"aws:sqs\",\"body\":\"\"}],\"version\":\"2.0\","
     "\"requestContext\":{\"http\":{}}}",
     EVENT_DIRECT},
    {"a request of format 1.0",
     "{\"version\":\"1.0\",\"resource\":\"/\",\"httpMethod\":\"GET\",\"requestContext\":{}}",
     EVENT_HTTP_V1},
    {"a request of a format to come", "{\"version\":\"3.0\",\"requestContext\":{\"http\":{}}}",
     EVENT_DIRECT},
    {"a text", "\"Records\"", EVENT_DIRECT},
    {"nothing", "null", EVENT_DIRECT},
    {"an empty object", "{}", EVENT_DIRECT},
};

static void test_recognise(void)
{
    for (size_t i = 0; i < COUNT(recognised); i++) {
        CLEANUP(arena_freep) struct arena *a = arena_new(0);
        struct json *event = read_json(a, str_of(recognised[i].event));

        CHECK(event && event_recognise(event) == recognised[i].kind, "%s is recognised",
              recognised[i].name);
    }
}

/* ---- payloads ---- */

#define BATCH(record) "{\"Records\":[" record "]}"

static const struct {
    const char *name;
    enum event_kind kind;
    const char *event;
    const char *payloads; /* NULL: refused */
} unwrapped[] = {
    {"SQS: JSON", EVENT_SQS, BATCH("{\"body\":\"{\\\"n\\\": 1}\"},{\"body\":\"[2]\"}"),
     "[{\"n\":1},[2]]"},
    {"SQS: text", EVENT_SQS, BATCH("{\"body\":\"hello {\"}"), "[\"hello {\"]"},
    {"SQS: JSON with a name twice is text", EVENT_SQS,
     BATCH("{\"body\":\"{\\\"a\\\":1,\\\"a\\\":2}\"}"), "[\"{\\\"a\\\":1,\\\"a\\\":2}\"]"},
    {"SQS: SNS inside", EVENT_SQS,
     BATCH("{\"body\":\"{\\\"Type\\\":\\\"Notification\\\",\\\"TopicArn\\\":\\\"t\\\","
           "\\\"Message\\\":\\\"{\\\\\\\"n\\\\\\\":1}\\\"}\"}"),
     "[{\"n\":1}]"},
    {"SQS: what only looks like SNS", EVENT_SQS,
     BATCH("{\"body\":\"{\\\"Type\\\":\\\"Notification\\\",\\\"Message\\\":\\\"1\\\"}\"}"),
     "[{\"Type\":\"Notification\",\"Message\":\"1\"}]"},
    {"SQS: a body that is no text", EVENT_SQS, BATCH("{\"body\":{}}"), NULL},
    {"SQS: a record that is no object", EVENT_SQS, BATCH("7"), NULL},
    {"SNS: JSON", EVENT_SNS, BATCH("{\"Sns\":{\"Message\":\"{\\\"n\\\":1.50}\"}}"),
     "[{\"n\":1.50}]"},
    {"SNS: no message", EVENT_SNS, BATCH("{\"Sns\":{}}"), NULL},
    {"S3", EVENT_S3,
     BATCH("{\"eventName\":\"ObjectCreated:Put\",\"s3\":{\"bucket\":{\"name\":\"in\"},"
           "\"object\":{\"key\":\"a+b%2Fgr%C3%BC.txt\",\"size\":3,\"eTag\":\"e\"}}}"),
     "[{\"eventName\":\"ObjectCreated:Put\",\"bucket\":\"in\",\"key\":\"a b/gr\xc3\xbc.txt\","
     "\"size\":3,\"eTag\":\"e\"}]"},
    {"S3: a key that hides a NUL", EVENT_S3,
     BATCH("{\"s3\":{\"bucket\":{\"name\":\"in\"},\"object\":{\"key\":\"a%00\"}}}"), NULL},
    {"S3: no bucket", EVENT_S3, BATCH("{\"s3\":{\"object\":{\"key\":\"a\"}}}"), NULL},
    {"Kinesis: JSON", EVENT_KINESIS, BATCH("{\"kinesis\":{\"data\":\"eyJuIjoxfQ==\"}}"),
     "[{\"n\":1}]"},
    {"Kinesis: text", EVENT_KINESIS, BATCH("{\"kinesis\":{\"data\":\"aGk=\"}}"), "[\"hi\"]"},
    {"Kinesis: bytes", EVENT_KINESIS, BATCH("{\"kinesis\":{\"data\":\"//79\"}}"), "[\"//79\"]"},
    {"Kinesis: base64 with bits left over", EVENT_KINESIS,
     BATCH("{\"kinesis\":{\"data\":\"aGl=\"}}"), NULL},
    {"Kinesis: base64 without padding", EVENT_KINESIS,
     BATCH("{\"kinesis\":{\"data\":\"aGk\"}}"), NULL},
    {"Kinesis: padding in the middle", EVENT_KINESIS,
     BATCH("{\"kinesis\":{\"data\":\"aG==aGk=\"}}"), NULL},
    {"Kinesis: base64 for addresses", EVENT_KINESIS, BATCH("{\"kinesis\":{\"data\":\"__79\"}}"),
     NULL},
    {"DynamoDB: every type", EVENT_DYNAMODB,
     BATCH("{\"dynamodb\":{\"NewImage\":{\"s\":{\"S\":\"x\"},\"n\":{\"N\":\"3.10\"},"
           "\"b\":{\"B\":\"AA==\"},\"t\":{\"BOOL\":true},\"z\":{\"NULL\":true},"
           "\"ss\":{\"SS\":[\"a\",\"b\"]},\"ns\":{\"NS\":[\"1\",\"2\"]},\"bs\":{\"BS\":[]},"
           "\"m\":{\"M\":{\"l\":{\"L\":[{\"N\":\"1\"},{\"M\":{}}]}}}}}}"),
     "[{\"s\":\"x\",\"n\":3.10,\"b\":\"AA==\",\"t\":true,\"z\":null,\"ss\":[\"a\",\"b\"],"
     "\"ns\":[1,2],\"bs\":[],\"m\":{\"l\":[1,{}]}}]"},
    {"DynamoDB: what was removed", EVENT_DYNAMODB,
     BATCH(
         "{\"dynamodb\":{\"Keys\":{\"k\":{\"N\":\"1\"}},\"OldImage\":{\"k\":{\"N\":\"2\"}}}}"),
     "[{\"k\":2}]"},
    {"DynamoDB: keys alone", EVENT_DYNAMODB,
     BATCH("{\"dynamodb\":{\"Keys\":{\"k\":{\"N\":\"1\"}}}}"), "[{\"k\":1}]"},
    {"DynamoDB: a number that is none", EVENT_DYNAMODB,
     BATCH("{\"dynamodb\":{\"NewImage\":{\"n\":{\"N\":\"NaN\"}}}}"), NULL},
    {"DynamoDB: an array for a number", EVENT_DYNAMODB,
     BATCH("{\"dynamodb\":{\"NewImage\":{\"n\":{\"N\":\"[1]\"}}}}"), NULL},
    {"DynamoDB: an unknown type", EVENT_DYNAMODB,
     BATCH("{\"dynamodb\":{\"NewImage\":{\"n\":{\"X\":\"1\"}}}}"), NULL},
    {"DynamoDB: two types at once", EVENT_DYNAMODB,
     BATCH("{\"dynamodb\":{\"NewImage\":{\"n\":{\"N\":\"1\",\"S\":\"1\"}}}}"), NULL},
    {"DynamoDB: a value without a type", EVENT_DYNAMODB,
     BATCH("{\"dynamodb\":{\"NewImage\":{\"n\":1}}}"), NULL},
    {"DynamoDB: NULL that is false", EVENT_DYNAMODB,
     BATCH("{\"dynamodb\":{\"NewImage\":{\"n\":{\"NULL\":false}}}}"), NULL},
    {"DynamoDB: no image", EVENT_DYNAMODB, BATCH("{\"dynamodb\":{}}"), NULL},
    {"EventBridge", EVENT_EVENTBRIDGE, "{\"detail\":{\"n\":1}}", "[{\"n\":1}]"},
    {"a schedule", EVENT_SCHEDULE, "{\"detail\":{}}", "[{}]"},
    {"a request's JSON", EVENT_HTTP_V2,
     "{\"body\":\"{\\\"n\\\":1}\",\"isBase64Encoded\":false}", "[{\"n\":1}]"},
    {"a request's base64", EVENT_HTTP_V2,
     "{\"body\":\"eyJuIjoxfQ==\",\"isBase64Encoded\":true}", "[{\"n\":1}]"},
    {"a request's bytes", EVENT_HTTP_V1, "{\"body\":\"//79\",\"isBase64Encoded\":true}",
     "[\"//79\"]"},
    {"a request without a body", EVENT_HTTP_V2, "{}", "[]"},
    {"a body that is null", EVENT_HTTP_V1, "{\"body\":null}", "[]"},
    {"a body that is empty", EVENT_ALB, "{\"body\":\"\"}", "[]"},
    {"a body that is an object", EVENT_HTTP_V2, "{\"body\":{}}", NULL},
    {"a direct invocation", EVENT_DIRECT, "{\"n\":1}", "[{\"n\":1}]"},
    {"a direct invocation with a body", EVENT_DIRECT, "{\"body\":\"1\"}", "[{\"body\":\"1\"}]"},
    {"a batch of five", EVENT_SQS,
     BATCH("{\"body\":\"\"},{\"body\":\"\"},{\"body\":\"\"},{\"body\":\"\"},{\"body\":\"\"}"),
     NULL},
};

/* The payloads as one JSON text. */
static str join(struct arena *a, const struct json **payloads, size_t count)
{
    struct json *items = arena_array(a, count, sizeof(*items));
    struct json all = {.kind = JSON_ARRAY, .count = (uint32_t)count, .items = items};

    for (size_t i = 0; i < count; i++)
        items[i] = *payloads[i];
    return write_json(a, &all);
}

static void test_payloads(void)
{
    for (size_t i = 0; i < COUNT(unwrapped); i++) {
        CLEANUP(arena_freep) struct arena *a = arena_new(0);
        struct json *event = read_json(a, str_of(unwrapped[i].event));
        const struct json *payloads[4];
        size_t count = 99;
        struct err e = {0};
        bool ok = event_payloads(a, unwrapped[i].kind, event, payloads, 4, &count, &e);

        CHECK(ok == (unwrapped[i].payloads != NULL) && (ok || (count == 99 && e.what[0])),
              "%s is %s", unwrapped[i].name, ok ? "unwrapped" : "refused");
        if (ok)
            CHECK_STR(join(a, payloads, count), unwrapped[i].payloads, "%s: what was in it",
                      unwrapped[i].name);
    }
}

static void test_payload_depth(void)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(1 << 20);
    CLEANUP(buf_free) struct buf b = {0};
    const struct json *payloads[1];
    size_t count;
    struct err e = {0};
    str body;

    for (unsigned i = 0; i < 100000; i++)
        buf_add(&b, STR("{\"a\":[0,"));
    body = buf_str(&b);
    struct json record = {
        .kind = JSON_OBJECT,
        .count = 1,
        .members = &(struct json_member){STR("body"), 0, {.kind = JSON_STRING, .text = body}}};
    struct json records = {.kind = JSON_ARRAY, .count = 1, .items = &record};
    struct json event = {.kind = JSON_OBJECT,
                         .count = 1,
                         .members = &(struct json_member){STR("Records"), 0, records}};

    CHECK(!event_payloads(a, EVENT_SQS, &event, payloads, 1, &count, &e) && e.code == ERR_LIMIT,
          "a payload is read with the limits of an event, not taken for a text past them");
}

int main(void)
{
    test_suite();
    test_recognise();
    test_payloads();
    test_payload_depth();
    return tap_end();
}
