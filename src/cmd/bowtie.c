/*
 * fnward bowtie: Bowtie's harness protocol (version 1), so that the validator can be compared
 * with all others. A command a line on stdin, an answer a line on stdout. Whatever a case
 * holds, the answer says what came of it and the next case is taken.
 */
#include "cmd/cmd.h"

#include "json/json.h"
#include "schema/schema.h"

#include <unistd.h>

enum { COMMAND_BYTES_MAX = 64 << 20, MEMORY_MIB = 1024 };

static const struct {
    const char *uri; /* without the '#' that the older ones end with */
    enum schema_dialect dialect;
} dialects[] = {
    {"https://json-schema.org/draft/2020-12/schema", SCHEMA_2020_12},
    {"https://json-schema.org/draft/2019-09/schema", SCHEMA_2019_09},
    {"http://json-schema.org/draft-07/schema", SCHEMA_DRAFT_7},
    {"http://json-schema.org/draft-06/schema", SCHEMA_DRAFT_6},
    {"http://json-schema.org/draft-04/schema", SCHEMA_DRAFT_4},
};

struct session {
    struct arena *arena; /* forgotten after each command */
    enum schema_dialect dialect;
    bool started, stopped;
    struct buf out;
};

static const struct json_limits limits = {
    .bytes = COMMAND_BYTES_MAX,
    .depth = 1000,
    .nodes = 8 << 20,
    .repeats = true, /* of a case: others wrote it */
};

/* ---- start, dialect ---- */

static bool is_number(const struct json *v, double expected)
{
    double n;

    return json_is_number(v, &n) && n == expected;
}

/* The addresses are names: this program has no pages that a report could link to. */
static bool start(struct session *s, const struct json *command)
{
    struct buf *b = &s->out;

    if (!is_number(json_get(command, STR("version")), 1))
        return false;
    s->started = true;
    buf_add(b, STR("{\"version\":1,\"ready\":true,\"implementation\":{\"language\":\"c\","
                   "\"name\":\"fnward\",\"version\":\"" FNWARD_VERSION "\","
                   "\"homepage\":\"urn:fnward\",\"issues\":\"urn:fnward:issues\","
                   "\"source\":\"urn:fnward:source\",\"dialects\":["));
    for (size_t i = 0; i < COUNT(dialects); i++) {
        bool old =
            dialects[i].dialect >= SCHEMA_DRAFT_7 && dialects[i].dialect <= SCHEMA_DRAFT_4;

        buf_addf(b, "%s\"%s%s\"", i ? "," : "", dialects[i].uri, old ? "#" : "");
    }
    buf_add(b, STR("]}}\n"));
    return true;
}

static bool dialect(struct session *s, const struct json *command)
{
    str uri = json_get_str(command, STR("dialect"));
    bool known = false;

    if (str_ends(uri, STR("#")))
        uri = str_sub(uri, 0, uri.len - 1);
    for (size_t i = 0; i < COUNT(dialects); i++) {
        if (!str_is(uri, dialects[i].uri))
            continue;
        s->dialect = dialects[i].dialect;
        known = true;
    }
    buf_addf(&s->out, "{\"ok\":%s}\n", known ? "true" : "false");
    return true;
}

/* ---- run ---- */

static void begin_answer(struct session *s, const struct json *command)
{
    const struct json *seq = json_get(command, STR("seq"));

    buf_add(&s->out, STR("{\"seq\":"));
    if (seq)
        json_write(&s->out, seq);
    else
        buf_add(&s->out, STR("null"));
}

static void add_error(struct session *s, const char *message)
{
    buf_add(&s->out, STR("\"errored\":true,\"context\":{\"message\":"));
    json_write_str(&s->out, str_of(message));
    buf_addc(&s->out, '}');
}

static bool registry(struct session *s, const struct json *from, struct schema_options *o)
{
    struct schema_document *list;

    if (!from || from->kind != JSON_OBJECT || !from->count)
        return true;
    list = arena_array(s->arena, from->count, sizeof(*list));
    if (!list)
        return false;
    for (uint32_t i = 0; i < from->count; i++)
        list[i] = (struct schema_document){.uri = from->members[i].name,
                                           .root = &from->members[i].value};
    o->documents = list;
    o->document_count = from->count;
    return true;
}

static bool is_undecided(struct session *s, const struct schema *schema,
                         const struct json *instance)
{
    struct schema_problem p;

    return schema_problems(schema, instance, s->arena, &p, 1) && p.undecided;
}

static void add_result(struct session *s, const struct schema *schema, const struct json *test)
{
    const struct json *instance = json_get(test, STR("instance"));

    buf_addc(&s->out, '{');
    if (!instance)
        add_error(s, "the test has no instance");
    else if (schema_valid(schema, instance))
        buf_add(&s->out, STR("\"valid\":true"));
    else if (is_undecided(s, schema, instance))
        buf_add(&s->out, STR("\"skipped\":true,\"message\":\"undecidable within the "
                             "validator's budget\""));
    else
        buf_add(&s->out, STR("\"valid\":false"));
    buf_addc(&s->out, '}');
}

static void add_results(struct session *s, const struct schema *schema,
                        const struct json *tests)
{
    buf_add(&s->out, STR("\"results\":["));
    for (uint32_t i = 0; i < tests->count; i++) {
        if (i)
            buf_addc(&s->out, ',');
        add_result(s, schema, &tests->items[i]);
    }
    buf_addc(&s->out, ']');
}

static bool run_case(struct session *s, const struct json *command)
{
    const struct json *given = json_get(command, STR("case"));
    const struct json *source = json_get(given, STR("schema"));
    const struct json *tests = json_get(given, STR("tests"));
    struct schema_options o = {.dialect = s->dialect,
                               .base = STR("urn:fnward:case"),
                               .annotate_formats = true,
                               .lenient = true};
    struct schema *schema = NULL;
    struct err e = {0};
    uint32_t offset;

    begin_answer(s, command);
    buf_addc(&s->out, ',');
    if (!source || !tests || tests->kind != JSON_ARRAY)
        add_error(s, "a case needs a schema and a list of tests");
    else if (!registry(s, json_get(given, STR("registry")), &o))
        add_error(s, "the registry is too large");
    else if (!schema_compile(s->arena, source, &o, &schema, &offset, &e))
        add_error(s, e.what);
    else
        add_results(s, schema, tests);
    buf_add(&s->out, STR("}\n"));
    schema_free(schema);
    return true;
}

static bool stop(struct session *s, const struct json *command)
{
    (void)command;
    s->stopped = true;
    return true;
}

static const struct {
    const char *name;
    bool (*run)(struct session *s, const struct json *command);
} verbs[] = {{"start", start}, {"dialect", dialect}, {"run", run_case}, {"stop", stop}};

/* ---- the conversation ---- */

static int refuse(const char *why)
{
    fprintf(stderr, "fnward bowtie: %s\n", why);
    return EXIT_USAGE;
}

static int take_command(struct session *s, str line)
{
    struct json *command;
    struct err e = {0};
    str name;

    if (!str_trim(line).len)
        return EXIT_CLEAN;
    if (!json_read(s->arena, line, &limits, &command, &e))
        return cmd_fail(&e);
    name = json_get_str(command, STR("cmd"));
    if (!s->started && !str_is(name, "start"))
        return refuse("the first command must be 'start'");
    for (size_t i = 0; i < COUNT(verbs); i++) {
        if (!str_is(name, verbs[i].name))
            continue;
        if (!verbs[i].run(s, command))
            return refuse("only version 1 of the protocol is spoken");
        return cmd_print(&s->out) ? EXIT_CLEAN : EXIT_INCOMPLETE;
    }
    return refuse("a command is 'start', 'dialect', 'run' or 'stop'");
}

static int take_lines(struct session *s, struct buf *in)
{
    int wrong = EXIT_CLEAN;
    size_t done = 0;

    while (!wrong && !s->stopped) {
        str rest = str_sub(buf_str(in), done, in->len);
        size_t len = str_find(rest, '\n');

        if (len == rest.len)
            break;
        wrong = take_command(s, str_sub(rest, 0, len));
        buf_clear(&s->out);
        arena_reset(s->arena);
        done += len + 1;
    }
    buf_drop(in, done);
    return wrong;
}

static int converse(struct session *s)
{
    CLEANUP(buf_free) struct buf in = {.max = COMMAND_BYTES_MAX};
    int wrong = EXIT_CLEAN;
    bool ended = false;
    struct err e = {0};

    while (!wrong && !s->stopped && !ended) {
        if (!cmd_read_more(STDIN_FILENO, &in, &ended, &e))
            return cmd_fail(&e);
        wrong = take_lines(s, &in);
    }
    return wrong || s->started ? wrong : refuse("nothing was said");
}

static void session_free(struct session *s)
{
    arena_free(s->arena);
    buf_free(&s->out);
}

static int run(const struct cmd_line *line)
{
    CLEANUP(session_free)
    struct session s = {.arena = arena_new((size_t)MEMORY_MIB << 20)};
    struct err e = {0};

    if (line->count)
        return cmd_usage(line, "'%s' is one argument too many", line->arguments[0]);
    if (s.arena)
        return converse(&s);
    err_limit(&e);
    return cmd_fail(&e);
}

const struct command command_bowtie = {
    .name = "bowtie",
    .arguments = "",
    .summary =
        "Speak Bowtie's protocol on stdin and stdout, to be compared with other validators",
    .text =
        "Version 1 of the protocol between Bowtie (https://bowtie.report) and a validator: lines\n"
        "of JSON with the commands start, dialect, run and stop. 'format' is a remark there, and\n"
        "keywords that nobody knows are passed over, as the JSON Schema test suite has it.\n",
    .examples = {{"fnward bowtie < session.jsonl", "a session that was written down"},
                 {"bowtie suite -i direct:fnward-bowtie 2020-12",
                  "the official suite; fnward-bowtie is a script that runs 'fnward bowtie'"}},
    .run = run,
};
