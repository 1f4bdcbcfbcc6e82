/*
 * contract: right and wrong contracts stand in test/unit/contract/; what is read from them is
 * here.
 */
#include "contract/project.h"

static void explain(struct buf *out, str text)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(0);
    struct contract *c;
    struct err e = {0};

    if (project_read(a, "fnward.yaml", text, &c, &e))
        buf_add(out, STR("it is accepted\n"));
    else
        err_render(out, &e);
}

static void test_wrong(void)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(0);
    struct cases cases;
    struct test_case t;
    unsigned count = 0;

    if (!cases_open(a, "contract/wrong.txt", &cases))
        return;
    for (; cases_next(&cases, &t); count++) {
        CLEANUP(buf_free) struct buf b = {0};

        explain(&b, project_contract(a, &t));
        cases_check(&cases, &t, buf_str(&b));
    }
    CHECK(count > 130, "%u wrong contracts were tried", count);
    cases_close(&cases);
}

static void test_right(void)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(0);
    struct cases cases;
    struct test_case t;
    unsigned count = 0;

    if (!cases_open(a, "contract/right.txt", &cases))
        return;
    for (; cases_next(&cases, &t); count++) {
        CLEANUP(buf_free) struct buf b = {0};

        explain(&b, project_contract(a, &t));
        CHECK_STR(buf_str(&b), "it is accepted\n", "accepted: %.*s", STR_ARG(t.name));
    }
    CHECK(count > 12, "%u right contracts were tried", count);
    buf_free(&cases.anew);
}

/* ---- what is read ---- */

static const char whole[] =
    "version: 1\n"
    "functions:\n"
    "  orders:\n"
    "    code: ./functions/../functions/orders/\n"
    "    runtime: python\n"
    "    handler: app.handler\n"
    "    on:\n"
    "      - http: POST /orders/{id}\n"
    "        body: schemas/order.json\n"
    "        query: {type: object}\n"
    "      - sqs: schemas/order-job.yaml\n"
    "      - invoke: schemas/order.json\n"
    "    limits: {timeout: 2m, memory: 1GB, body: 1KB, queue: 0, cpu: 0.5, rate: 100/m}\n"
    "    env: {STAGE: prod, PORT: 8080, ON: true}\n"
    "    secrets: [STRIPE_KEY]\n"
    "    may:\n"
    "      read: [data/, /usr/share/zoneinfo]\n"
    "      write: [out]\n"
    "      connect: [API.Stripe.com:443, '[2001:DB8:0::1]:8443']\n"
    "      run: [convert]\n"
    "      aws: ['s3:GetObject   arn:aws:s3:::menus/*']\n"
    "    returns: {200: schemas/order.json, 4xx: {type: object}, 404: {}}\n"
    "    answers:\n"
    "      errors: full\n"
    "      headers: [X-Total-Count]\n"
    "      cookies: {theme: {http_only: false, same_site: Strict}}\n"
    "  other:\n"
    "    code: .\n"
    "    runtime: provided\n"
    "    on: [{schedule: {}}]\n";

static void check_limits(const struct function *f, const struct function *other)
{
    CHECK(f->limits.timeout_ms == 120000 && f->limits.memory == 1ull << 30, "time and memory");
    CHECK(f->limits.body == 1024 && f->limits.queue == 0 && f->limits.cpu_percent == 50,
          "a body, no queue, half a core");
    CHECK(f->limits.rate == 100 && f->limits.rate_per_ms == 60000, "a rate with its period");
    CHECK(other->limits.timeout_ms == 3000 && other->limits.memory == 128 << 20 &&
              other->limits.body == 64 << 10 && other->limits.tmp == 64 << 20 &&
              other->limits.concurrency == 8 && other->limits.queue == 64 &&
              other->limits.processes == 16 && other->limits.cpu_percent == 100 &&
              other->limits.rate == 0 && other->limits.rate_per_ms == 1000,
          "defaults where nothing is said");
}

static void check_triggers(const struct function *f)
{
    const struct trigger *t = f->triggers;

    if (!CHECK(f->trigger_count == 3, "three triggers"))
        return;
    CHECK_STR(t[0].method, "POST", "a method");
    CHECK_STR(t[0].path, "/orders/{id}", "a path");
    CHECK(t[0].at.line == 8 && t[0].at.column == 15, "a route's place");
    CHECK_STR(t[0].body.name, "schemas/order.json", "a schema by the name of its file");
    CHECK_STR(t[0].query.name, "fnward.yml", "an inline one by that of the contract");
    CHECK(!t[0].headers.source && !t[0].params.source, "none where none is given");
    CHECK(t[1].kind == TRIGGER_SQS && json_get(t[1].body.source, STR("type")),
          "a schema in YAML");
    CHECK(t[2].body.source == t[0].body.source, "a file named twice is read once");
}

static void check_answers(const struct function *f, const struct function *other)
{
    const struct answers *answers = &f->answers;

    CHECK(!f->returns.source && f->returns_count == 3, "schemas by status");
    CHECK(contract_returns(f, 200) == &f->returns_by_status[0] &&
              contract_returns(f, 404) == &f->returns_by_status[2] &&
              contract_returns(f, 410) == &f->returns_by_status[1] &&
              !contract_returns(f, 201) && !contract_returns(other, 200),
          "... of which the most exact counts");
    CHECK(answers->full_errors && !other->answers.full_errors, "how errors are told");
    if (!CHECK(answers->header_count == 1 && answers->cookie_count == 1, "rules for answers"))
        return;
    CHECK_STR(answers->headers[0], "X-Total-Count", "a header that may pass");
    CHECK_STR(answers->cookies[0].name, "theme", "a cookie");
    CHECK_STR(answers->cookies[0].same_site, "Strict", "... of one site");
    CHECK(!answers->cookies[0].http_only && answers->cookies[0].secure,
          "... for scripts, over secure connections");
}

static void check_permissions(const struct function *f)
{
    if (!CHECK(f->read_count == 2 && f->write_count == 1 && f->connect_count == 2 &&
                   f->run_count == 1 && f->aws_count == 1,
               "as many permissions as given"))
        return;
    CHECK_STR(f->read[0].path, "/srv/shop/data", "a path from the contract's directory");
    CHECK_STR(f->read[1].path, "/usr/share/zoneinfo", "an absolute one");
    CHECK_STR(f->connect[0].host, "api.stripe.com", "a host in lower case");
    CHECK_STR(f->connect[1].host, "2001:db8::1", "an address in its shortest form");
    CHECK(f->connect[1].port == 8443, "and its port");
    CHECK_STR(f->run[0].path, "/usr/bin/convert", "a program by its name");
    CHECK_STR(f->aws[0], "s3:GetObject arn:aws:s3:::menus/*", "an action and a resource");
}

static void test_read(void)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(0);
    struct contract *c = NULL;
    const struct function *f;
    struct err e = {0};

    if (!CHECK(project_read(a, "fnward.yml", str_of(whole), &c, &e), "a whole contract %s",
               e.what))
        return;
    f = contract_function(c, STR("orders"));
    CHECK(c->function_count == 2 && f && !contract_function(c, STR("order")), "functions");
    CHECK_STR(f->code, "/srv/shop/functions/orders", "code by its clean path");
    CHECK(f->runtime == RUNTIME_PYTHON && strcmp(runtime_name(f->runtime), "python") == 0,
          "a runtime");
    CHECK_STR(c->functions[1].handler, "bootstrap", "bootstrap is the handler of 'provided'");
    CHECK_STR(c->functions[1].code, "/srv/shop", "the whole project as code");
    CHECK(f->env_count == 3 && str_is(f->env[1].value, "8080") &&
              str_is(f->env[2].value, "true"),
          "variables as they are written");
    CHECK(f->secret_count == 1 && str_is(f->secrets[0], "STRIPE_KEY"), "secrets");
    CHECK(json_get(c->source, STR("functions")), "the whole as JSON");
    CHECK(strcmp(trigger_name(TRIGGER_EVENTBRIDGE), "eventbridge") == 0, "names of triggers");
    check_limits(f, &c->functions[1]);
    check_triggers(f);
    check_answers(&c->functions[0], &c->functions[1]);
    check_permissions(f);
}

/* fnward.json is held to JSON's rules, with the same places. */
static void test_json(void)
{
    static const struct {
        const char *text, *result;
    } rows[] = {
        {"{\"version\": 1, \"functions\": {\"f\": {\"code\": \".\", \"runtime\": \"provided\",\n"
         " \"on\": [{\"invoke\": {\"title\": \"\\ud83d\\ude00\"}}]}}}",
         ""},
        {"{\"version\": 1,\n \"functions\": {\"f\": {\"kode\": \".\"}}}",
         "fnward.json:2:22: error: 'kode' is not a key of a function\n"
         "    2 |  \"functions\": {\"f\": {\"kode\": \".\"}}}\n"
         "      |                      ^~~~~~\n"
         "  fix: did you mean 'code'?\n"},
        {"{version: 1}", "fnward.json:1:2: "},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        CLEANUP(arena_freep) struct arena *a = arena_new(0);
        CLEANUP(buf_free) struct buf b = {0};
        struct contract *c;
        struct err e = {0};

        if (!project_read(a, "fnward.json", str_of(rows[i].text), &c, &e))
            err_render(&b, &e);
        CHECK_STR(str_sub(buf_str(&b), 0, i == 2 ? strlen(rows[i].result) : b.len),
                  rows[i].result, "a contract in JSON, %zu", i);
    }
}

static void test_maxima(void)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(0);
    CLEANUP(buf_free) struct buf b = {0};
    struct contract *c;
    struct err e = {0};

    buf_add(&b, STR("version: 1\nfunctions:\n"));
    for (int i = 0; i < CONTRACT_FUNCTIONS_MAX; i++)
        buf_addf(&b, "  f%d: {code: x, runtime: provided, on: [{http: 'GET /%d/{id}'}]}\n", i,
                 i);
    CHECK(project_read(a, "fnward.yaml", buf_str(&b), &c, &e), "as many functions as can be");
    buf_add(&b, STR("  more: {}\n"));
    CHECK(!project_read(a, "fnward.yaml", buf_str(&b), &c, &e) &&
              strcmp(e.what, "257 functions, at most 256 are possible") == 0,
          "not one more");
    e = (struct err){0};
    buf_clear(&b);
    buf_add(&b, STR("version: 1\nfunctions: {f: {code: x, runtime: provided, on: ["));
    for (int i = 0; i <= CONTRACT_TRIGGERS_MAX; i++)
        buf_addf(&b, "{http: GET /%d},", i);
    buf_add(&b, STR("]}}"));
    CHECK(!project_read(a, "fnward.yaml", buf_str(&b), &c, &e) &&
              strcmp(e.what, "65 items, at most 64 are possible") == 0,
          "nor a trigger more");
}

int main(void)
{
    test_wrong();
    test_right();
    test_read();
    test_json();
    test_maxima();
    return tap_end();
}
