/*
 * fnward validate: the validator by itself.
 */
#include "cmd/validate.h"

#include <signal.h>

enum { FLUSH_AT = 64 << 10, DOCUMENT_MEMORY_GIB = 8, SCHEMA_MEMORY_MIB = 512 };

/* ---- one document ---- */

/* Of the name where that is what is wrong, else of the value. */
struct place validate_place(const struct validate_document *d, const struct schema_problem *p)
{
    static const char *const about_names[] = {"additionalProperties", "unevaluatedProperties",
                                              "propertyNames", "patternProperties"};
    uint32_t name_at = d->root->at, at;
    const struct json *value = json_pointer(d->root, p->where, &name_at);
    struct place place;

    at = value ? value->at : d->root->at;
    for (size_t i = 0; i < COUNT(about_names); i++)
        if (strcmp(p->keyword, about_names[i]) == 0)
            at = name_at;
    place = json_value_place(d->text, d->file, at);
    if (d->line) {
        place.line += d->line - 1;
        place.skipped = d->line - 1;
    }
    return place;
}

void validate_flush(struct validator *v, bool all)
{
    if (!all && v->out.len < FLUSH_AT)
        return;
    v->deaf |= !cmd_print(&v->out);
    buf_clear(&v->out);
}

/* One thing that is certainly wrong is enough. */
static bool are_undecided(const struct schema_problem *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!list[i].undecided)
            return false;
    return count;
}

static void tell_invalid(struct validator *v, const struct validate_document *d)
{
    struct schema_problem *list =
        arena_array(v->document_arena, v->problems_max, sizeof(*list));
    size_t n =
        list ? schema_problems(v->schema, d->root, v->document_arena, list, v->problems_max)
             : 0;

    if (are_undecided(list, n))
        v->counts.undecided++;
    else
        v->counts.invalid++;
    v->reporter->invalid(v, d, list, n);
    validate_flush(v, false);
}

void validate_judge(struct validator *v, struct validate_document *d)
{
    if (!schema_valid(v->schema, d->root)) {
        tell_invalid(v, d);
        return;
    }
    v->counts.valid++;
    if (v->reporter->valid) {
        v->reporter->valid(v, d);
        validate_flush(v, false);
    }
}

void validate_unreadable(struct validator *v, const struct validate_document *d,
                         const struct err *e)
{
    v->counts.unreadable++;
    if (v->reporter->unreadable)
        v->reporter->unreadable(v, d, e);
    validate_flush(v, true);
    cmd_fail(e);
}

/* ---- the command line ---- */

static const struct {
    const char *name;
    enum schema_dialect dialect;
} dialects[] = {
    {"2020-12", SCHEMA_2020_12},
    {"2019-09", SCHEMA_2019_09},
    {"7", SCHEMA_DRAFT_7},
    {"6", SCHEMA_DRAFT_6},
    {"4", SCHEMA_DRAFT_4},
    {"openapi-3.0", SCHEMA_OPENAPI_3_0},
    {"openapi-3.1", SCHEMA_OPENAPI_3_1},
};

static const struct reporter *const reporters[] = {&validate_text, &validate_json,
                                                   &validate_sarif};

static void say_nothing(struct validator *v, const struct validate_document *d,
                        const struct schema_problem *problems, size_t count)
{
    (void)v;
    (void)d;
    (void)problems;
    (void)count;
}

static const struct reporter silent = {.name = "silent", .invalid = say_nothing};

static int take_dialect(const struct cmd_line *line, struct validator *v)
{
    const char *name = cmd_value(line, "dialect");

    if (!name)
        return 0;
    for (size_t i = 0; i < COUNT(dialects); i++) {
        if (strcmp(dialects[i].name, name) != 0)
            continue;
        v->options.dialect = dialects[i].dialect;
        return 0;
    }
    return cmd_usage(line,
                     "'%s' is not a dialect: 2020-12, 2019-09, 7, 6, 4, openapi-3.0 or "
                     "openapi-3.1",
                     name);
}

static int take_format(const struct cmd_line *line, struct validator *v)
{
    const char *format = cmd_value(line, "format"), *output = cmd_value(line, "output");

    v->reporter = NULL;
    for (size_t i = 0; i < COUNT(reporters); i++)
        if (strcmp(reporters[i]->name, format ? format : "text") == 0)
            v->reporter = reporters[i];
    if (!v->reporter)
        return cmd_usage(line, "'%s' is not a format: text, json or sarif", format);
    v->output = output ? output : "basic";
    if (strcmp(v->output, "flag") != 0 && strcmp(v->output, "basic") != 0 &&
        strcmp(v->output, "detailed") != 0)
        return cmd_usage(line, "'%s' is not an output: flag, basic or detailed", output);
    if (output && v->reporter != &validate_json)
        return cmd_usage(line, "--output is for --format json");
    if (v->explain && v->reporter != &validate_text)
        return cmd_usage(line, "--explain is for --format text");
    if (cmd_flag(line, "quiet"))
        v->reporter = &silent;
    return 0;
}

static int take_count(const struct cmd_line *line, struct validator *v)
{
    const char *text = cmd_value(line, "max-problems");
    uint64_t n = PROBLEMS_DEFAULT;

    if (text && (!str_to_u64(str_of(text), VALIDATE_PROBLEMS_MAX, &n) || !n))
        return cmd_usage(line, "--max-problems takes a number from 1 to %d",
                         VALIDATE_PROBLEMS_MAX);
    v->problems_max = n;
    return 0;
}

static int take_options(const struct cmd_line *line, struct validator *v)
{
    size_t stdins = 0;
    int wrong;

    v->explain = cmd_flag(line, "explain");
    v->lines = cmd_flag(line, "lines");
    v->options.annotate_formats = cmd_flag(line, "no-formats");
    v->colour = cmd_colour();
    if (line->count < 2)
        return cmd_usage(line, line->count ? "name at least one document" : "name a schema");
    for (size_t i = 0; i < line->count; i++)
        stdins += strcmp(line->arguments[i], "-") == 0;
    if (stdins > 1)
        return cmd_usage(line, "stdin ('-') can be read only once");
    wrong = take_dialect(line, v);
    if (!wrong)
        wrong = take_format(line, v);
    return wrong ? wrong : take_count(line, v);
}

static int exit_code(const struct validate_counts *n)
{
    if (n->unreadable)
        return EXIT_USAGE;
    if (n->invalid)
        return EXIT_FINDINGS;
    return n->undecided ? EXIT_INCOMPLETE : EXIT_CLEAN;
}

static void validator_free(struct validator *v)
{
    schema_free(v->schema);
    arena_free(v->document_arena);
    arena_free(v->a);
    buf_free(&v->out);
}

static int out_of_memory(void)
{
    struct err e = {0};

    err_limit(&e);
    return cmd_fail(&e);
}

static int run(const struct cmd_line *line)
{
    CLEANUP(validator_free)
    struct validator v = {
        .a = arena_new((size_t)SCHEMA_MEMORY_MIB << 20),
        .document_arena = arena_new((size_t)DOCUMENT_MEMORY_GIB << 30),
    };
    struct err e = {0};
    int wrong = take_options(line, &v);

    if (wrong)
        return wrong;
    if (!v.a || !v.document_arena || (v.reporter->begin && !v.reporter->begin(&v)))
        return out_of_memory();
    /* Whoever reads us may stop: 'fnward validate ... | head' ends quietly. */
    signal(SIGPIPE, SIG_IGN);
    if (!validate_load(&v, line->arguments[0], cmd_value(line, "schema-dir"), &e)) {
        cmd_fail(&e);
        return EXIT_USAGE;
    }
    for (size_t i = 1; i < line->count; i++)
        if (!validate_file(&v, line->arguments[i]))
            break;
    if (v.reporter->end)
        v.reporter->end(&v);
    if (v.out.failed)
        return out_of_memory();
    validate_flush(&v, true);
    return v.deaf ? EXIT_INCOMPLETE : exit_code(&v.counts);
}

const struct command command_validate = {
    .name = "validate",
    .arguments = "SCHEMA FILE... [OPTION...]",
    .summary = "Check JSON or YAML documents against a JSON Schema",
    .text =
        "SCHEMA is JSON Schema 2020-12, 2019-09, 7, 6 or 4, or a schema object of OpenAPI 3.0 or\n"
        "3.1; its $schema decides, else --dialect. It and each FILE are JSON or YAML; '-' is\n"
        "stdin. A FILE that ends in .jsonl or .ndjson has one document a line, as with --lines,\n"
        "and may have millions. References reach what --schema-dir names, never the network.\n"
        "\n"
        "With --format json each document is a line with JSON Schema's own output in it.\n"
        "\n"
        "Exit code 0 means that all are valid, 1 that some are not, 2 that some could not be read\n"
        "or the schema is wrong, 3 that some could not be decided within the validator's budget.\n",
    .options =
        {
            {"dialect", "NAME", 0,
             "2020-12 (default), 2019-09, 7, 6, 4, openapi-3.0, openapi-3.1"},
            {"schema-dir", "[URI=]DIR", 0,
             "schemas that references may reach, below URI if given"},
            {"no-formats", NULL, 0, "take 'format' as a remark, not as a rule"},
            {"lines", NULL, 0, "one document a line, whatever the file is called"},
            {"format", "FORMAT", 0, "text, json or sarif (default: text)"},
            {"output", "FORM", 0, "with json: flag, basic or detailed (default: basic)"},
            {"explain", NULL, 0,
             "show the rule, what would satisfy it, the nearest alternative"},
            {"max-problems", "N", 0, "tell at most N problems of a document (default: 20)"},
            {"quiet", NULL, 'q', "tell by the exit code only"},
        },
    .examples =
        {{"fnward validate order.schema.json orders/*.json", "every order"},
         {"fnward validate schema.json events.jsonl --format json --output flag",
          "a verdict a line, for jq"},
         {"fnward validate schema.yaml config.yaml --explain",
          "what is wrong, and what would be right"},
         {"fnward validate api.json body.json --schema-dir https://example.com/=schemas",
          "with references to https://example.com/..., from files"},
         {"curl -s $URL | fnward validate schema.json - --quiet", "in a pipe"}},
    .run = run,
};
