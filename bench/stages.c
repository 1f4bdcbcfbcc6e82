/*
 * What each stage of a request at the gate costs, in nanoseconds, for serve.py: the work that
 * front does for it, call by call, over the same bytes.
 *
 *     measure_stages SCHEMA CLEANING_SCHEMA GOOD_BODY BAD_BODY
 */
#include "http/http.h"
#include "json/json.h"
#include "ledger/ledger.h"
#include "schema/schema.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { LOOP = 5000, TURNS = 7, PROBLEMS = 20 };

/* What wrk sends. */
static const char request_head[] = "POST /orders HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n"
                                   "Content-Type: application/json\r\nContent-Length: %zu\r\n"
                                   "\r\n%.*s";

struct bench {
    struct arena *a; /* lasts */
    struct arena *scratch; /* a request's */
    struct schema *schema;
    struct schema_cleaner *cleaner;
    str request;
    struct http_head head;
    size_t head_len;
    str good_text, bad_text;
    struct json *good, *bad;
    struct schema_problem problems[PROBLEMS];
    size_t problem_count;
    struct buf body, answer;
    struct ledger ledger;
    struct ledger_record record;
    int poll, client, server; /* a connection over loopback */
    char in[16 << 10];
};

static void check(bool ok, const char *what)
{
    if (ok)
        return;
    fprintf(stderr, "stages: %s\n", what);
    exit(2);
}

static void read_text(struct bench *b, const char *path, str *ret)
{
    struct err e = {0};

    check(file_read(b->a, path, 1 << 20, ret, &e), e.what);
}

static struct json *read_json(struct arena *a, str text)
{
    struct err e = {0};
    struct json *v = NULL;

    check(json_read(a, text, &json_limits_event, &v, &e), e.what);
    return v;
}

/* ---- the stages; what comes before one is not measured ---- */

static void send_request(struct bench *b)
{
    check(send(b->client, b->request.at, b->request.len, 0) == (ssize_t)b->request.len, "send");
}

/* Until there is no more: front is told of edges. */
static void receive(struct bench *b)
{
    struct epoll_event events[16];

    check(epoll_wait(b->poll, events, COUNT(events), -1) > 0, "epoll_wait");
    while (recv(b->server, b->in, sizeof(b->in), MSG_DONTWAIT) > 0)
        ;
}

static void read_head(struct bench *b)
{
    const char *why;
    unsigned status;

    check(http_read_request(b->request, &b->head, &b->head_len, &status, &why) == HTTP_DONE,
          "the head");
}

static void read_body(struct bench *b)
{
    struct http_body body = {0};
    const char *why;
    unsigned status;
    size_t used;

    buf_clear(&b->body);
    http_body_start(&body, &b->head, 1 << 20);
    check(http_body_read(&body, str_sub(b->request, b->head_len, b->request.len), &b->body,
                         &used, &status, &why) == HTTP_DONE,
          "the body");
}

static void parse(struct bench *b)
{
    arena_reset(b->scratch);
    (void)read_json(b->scratch, b->good_text);
}

static void clean(struct bench *b)
{
    struct schema_cleaned cleaned;

    arena_reset(b->scratch);
    check(schema_clean(b->cleaner, b->scratch, b->good, &cleaned), "not clean");
}

static void validate(struct bench *b)
{
    check(schema_valid(b->schema, b->good), "the good body is refused");
}

static void serialise(struct bench *b)
{
    buf_clear(&b->body);
    json_write(&b->body, b->good);
}

static void refuse(struct bench *b)
{
    arena_reset(b->scratch);
    check(!schema_valid(b->schema, b->bad), "the bad body is accepted");
    b->problem_count =
        schema_problems(b->schema, b->bad, b->scratch, b->problems, COUNT(b->problems));
}

static void write_answer(struct bench *b)
{
    static const char message[] = "{\"message\":\"the event is not what the contract says\"";

    buf_clear(&b->body);
    buf_add(&b->body, STR(message));
    for (size_t i = 0; i < b->problem_count; i++) {
        json_write_str(&b->body, b->problems[i].where);
        json_write_str(&b->body, b->problems[i].why);
    }
    buf_clear(&b->answer);
    http_write_status(&b->answer, 400);
    http_write_header(&b->answer, STR("Date"), STR("Sat, 31 Jan 2026 12:34:56 GMT"));
    http_write_header(&b->answer, STR("X-Request-Id"),
                      STR("8f14e45f-ceea-467f-a8f3-0123456789ab"));
    http_write_header(&b->answer, STR("Content-Type"), STR("application/json"));
    http_write_body(&b->answer, buf_str(&b->body));
}

static void build_record(struct bench *b)
{
    ledger_begin(&b->record, LEDGER_DENIAL, 1769862896789u);
    ledger_text(&b->record, LEDGER_FAAS_NAME, STR("orders"));
    ledger_text(&b->record, LEDGER_FAAS_INVOCATION_ID,
                STR("8f14e45f-ceea-467f-a8f3-0123456789ab"));
    ledger_text(&b->record, LEDGER_ERROR_TYPE, STR("fnward.InvalidEvent"));
    ledger_text(&b->record, LEDGER_HTTP_METHOD, b->head.method);
    ledger_text(&b->record, LEDGER_URL_PATH, b->head.path);
    ledger_number(&b->record, LEDGER_HTTP_STATUS, 400);
    ledger_text(&b->record, LEDGER_CLIENT_ADDRESS, STR("127.0.0.1"));
    ledger_text(&b->record, LEDGER_ACTION, STR("input"));
    ledger_text(&b->record, LEDGER_REASON, buf_str(&b->body));
    (void)ledger_end(&b->record);
}

static void append_record(struct bench *b)
{
    struct err e = {0};

    check(ledger_append(&b->ledger, buf_str(&b->record.line), &e), e.what);
}

static void send_answer(struct bench *b)
{
    check(send(b->server, b->answer.at, b->answer.len, MSG_NOSIGNAL) == (ssize_t)b->answer.len,
          "send");
}

static void drain(struct bench *b)
{
    while (recv(b->client, b->in, sizeof(b->in), MSG_DONTWAIT) > 0)
        ;
}

static const struct stage {
    const char *name;
    void (*run)(struct bench *);
    void (*before)(struct bench *);
} stages[] = {
    {"wait for it and receive it", receive, send_request},
    {"HTTP: the head", read_head},
    {"HTTP: the body", read_body},
    {"JSON", parse},
    {"cleaning: two texts trimmed, NFC", clean},
    {"the schema, a body that it accepts", validate},
    {"our own serialisation of it", serialise},
    {"the schema, a body that it refuses, and why", refuse},
    {"the answer that tells it", write_answer},
    {"the record", build_record},
    {"the record written", append_record},
    {"the answer sent", send_answer, drain},
};

/* ---- the measurement ---- */

static double turn(struct bench *b, const struct stage *s)
{
    uint64_t sum = 0, nothing = 0;

    for (unsigned i = 0; i < LOOP; i++) {
        uint64_t from, to;

        if (s->before)
            s->before(b);
        from = clock_mono_ns();
        s->run(b);
        to = clock_mono_ns();
        sum += to - from;
        nothing += clock_mono_ns() - to;
    }
    return sum > nothing ? (double)(sum - nothing) / LOOP : 0;
}

static double best_turn(struct bench *b, const struct stage *s)
{
    double best = 1e18;

    for (unsigned i = 0; i < TURNS; i++) {
        double ns = turn(b, s);

        best = ns < best ? ns : best;
    }
    return best;
}

static void connect_both(struct bench *b)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t len = sizeof(at);
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct epoll_event event = {.events = EPOLLIN | EPOLLET};

    b->client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    check(listener >= 0 && b->client >= 0 && bind(listener, (struct sockaddr *)&at, len) == 0 &&
              listen(listener, 1) == 0 &&
              getsockname(listener, (struct sockaddr *)&at, &len) == 0 &&
              connect(b->client, (struct sockaddr *)&at, len) == 0,
          "cannot connect");
    b->server = accept(listener, NULL, NULL);
    b->poll = epoll_create1(EPOLL_CLOEXEC);
    check(b->server >= 0 && b->poll >= 0 &&
              epoll_ctl(b->poll, EPOLL_CTL_ADD, b->server, &event) == 0,
          "cannot watch the connection");
    close(listener);
}

static void prepare(struct bench *b, char **files)
{
    struct err e = {0};
    uint32_t offset;
    str schema, cleaning;

    b->a = arena_new(0);
    b->scratch = arena_new(0);
    read_text(b, files[0], &schema);
    read_text(b, files[1], &cleaning);
    read_text(b, files[2], &b->good_text);
    read_text(b, files[3], &b->bad_text);
    b->good = read_json(b->a, b->good_text);
    b->bad = read_json(b->a, b->bad_text);
    check(schema_compile(b->a, read_json(b->a, schema), NULL, &b->schema, &offset, &e) &&
              schema_cleaner_compile(b->a, read_json(b->a, cleaning), NULL, SCHEMA_FROM_JSON,
                                     &b->cleaner, &offset, &e),
          e.what);
    b->request = arena_format(b->a, request_head, b->bad_text.len, STR_ARG(b->bad_text));
    read_head(b);
    connect_both(b);
}

int main(int argc, char **argv)
{
    static struct bench b;
    char dir[] = "/tmp/fnward-bench-XXXXXX", path[64];
    struct err e = {0};

    check(argc == 5, "measure_stages SCHEMA CLEANING_SCHEMA GOOD_BODY BAD_BODY");
    check(mkdtemp(dir) && ledger_open(dir, LEDGER_RECORDS, &b.ledger, &e), "no ledger");
    prepare(&b, argv + 1);
    for (size_t i = 0; i < COUNT(stages); i++)
        printf("%.1f %s\n", best_turn(&b, &stages[i]), stages[i].name);
    snprintf(path, sizeof(path), "%s/ledger.jsonl", dir);
    unlink(path);
    rmdir(dir);
    return 0;
}
