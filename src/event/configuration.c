/*
 * What GetFunctionConfiguration tells. The members that speak of AWS's own machinery have the
 * values of a plain function at rest; Environment is left out, for it may hold secrets.
 */
#include "event/event.h"

#ifdef __aarch64__
#define ARCHITECTURE "arm64"
#else
#define ARCHITECTURE "x86_64"
#endif

static void put(struct buf *out, const char *before, str value)
{
    buf_add(out, str_of(before));
    json_write_str(out, value);
}

static void put_number(struct buf *out, const char *before, uint64_t value)
{
    buf_add(out, str_of(before));
    buf_add_u64(out, value);
}

/* 2024-01-01T00:00:00.000+0000: AWS spells UTC out. */
static void put_modified(struct buf *out, str iso)
{
    bool zulu = str_ends(iso, STR("Z"));

    put(out, ",\"LastModified\":", str_sub(iso, 0, iso.len - zulu));
    if (!zulu || out->failed)
        return;
    out->len--;
    buf_add(out, STR("+0000\""));
}

/* In the form of a UUID; the same code always has the same. */
static void put_revision(struct buf *out, const struct event_configuration *c)
{
    uint64_t halves[2] = {str_hash(c->code_sha256, 1), str_hash(c->name, 2)};
    char hex[32];

    hex_write(hex, halves, sizeof(halves));
    buf_addf(out, ",\"RevisionId\":\"%.8s-%.4s-%.4s-%.4s-%.12s\"", hex, hex + 8, hex + 12,
             hex + 16, hex + 20);
}

static void put_arn(struct buf *out, const char *before, const char *arn, str name)
{
    buf_addf(out, "%s\"%s", before, arn);
    buf_add(out, name);
    buf_addc(out, '"');
}

void event_configuration(struct buf *out, const struct event_configuration *c)
{
    buf_add(out, STR("{\"Architectures\":[\"" ARCHITECTURE "\"]"));
    put(out, ",\"CodeSha256\":", c->code_sha256);
    put_number(out, ",\"CodeSize\":", c->code_size);
    put_number(out, ",\"Description\":\"\",\"EphemeralStorage\":{\"Size\":", c->tmp_mb);
    buf_add(out, STR("},\"FunctionArn\":\""));
    event_function_arn(out, c->name, (str){0});
    put(out, "\",\"FunctionName\":", c->name);
    put(out, ",\"Handler\":", c->handler);
    put_modified(out, c->modified);
    put_arn(out,
            ",\"LastUpdateStatus\":\"Successful\",\"LoggingConfig\":{\"LogFormat\":\"Text\","
            "\"LogGroup\":",
            "/aws/lambda/", c->name);
    put_number(out, "},\"MemorySize\":", c->memory_mb);
    buf_add(out, STR(",\"PackageType\":\"Zip\""));
    put_revision(out, c);
    put_arn(out, ",\"Role\":", "arn:aws:iam::000000000000:role/", c->name);
    put(out, ",\"Runtime\":", c->runtime);
    buf_add(out, STR(",\"SnapStart\":{\"ApplyOn\":\"None\",\"OptimizationStatus\":\"Off\"},"
                     "\"State\":\"Active\""));
    put_number(out, ",\"Timeout\":", c->timeout_s);
    buf_add(out, STR(",\"TracingConfig\":{\"Mode\":\"PassThrough\"},\"Version\":\"$LATEST\"}"));
}
