/*
 * What one schema's documents cost, as JSON for validate.py: nanoseconds, the best of several.
 *
 *     measure_schema SCHEMA DOCUMENTS LOOP
 *
 * compile     from the schema's tree to what can be run
 * load        the same from a file of it, mapped, its patterns too
 * program     bytes of that file
 * from_bytes  a document read and validated, all of them in rotation
 * rotating    a document that has been read validated, all of them in rotation
 * documents   of each: whether it is valid, what it costs the first time (all have been read
 *             before any is validated), and in a hot loop: `timed` with a clock around every
 *             single call, as Blaze measures itself, `hot` with a clock around the loop
 * clock       what looking at the clock costs, which `first` and `timed` have in them
 */
#include "json/json.h"
#include "schema/schema.h"

#include <stdlib.h>
#include <sys/mman.h>

enum { ROUNDS = 20, COMPILATIONS = 10, CLOCKS = 1000 };

static const struct json_limits limits = {.bytes = 1 << 26, .depth = 200, .nodes = 1 << 24};
/* Others' schemas, judged as Blaze judges them by default. */
static const struct schema_options options = {
    .dialect = SCHEMA_DRAFT_7,
    .annotate_formats = true,
    .lenient = true,
};
static const size_t MEMORY = (size_t)1 << 30;

struct document {
    str text;
    const struct json *value;
    bool valid;
    double first, timed, hot;
};

struct set {
    struct document *list;
    size_t count;
};

static void fail(const struct err *e)
{
    CLEANUP(buf_free) struct buf b = {0};

    err_render(&b, e);
    fwrite(b.at, 1, b.len, stderr);
    exit(2);
}

static str load(struct arena *a, const char *path)
{
    struct err e = {0};
    str text;

    if (!file_read(a, path, limits.bytes, &text, &e))
        fail(&e);
    return text;
}

static struct json *read_json(struct arena *a, str text)
{
    struct err e = {0};
    struct json *v;

    if (!json_read(a, text, &limits, &v, &e))
        fail(&e);
    return v;
}

static struct set read_documents(struct arena *a, str text)
{
    struct set set = {0};
    size_t lines = 0;
    str line;

    for (str rest = text; str_cut(&rest, '\n', &line);)
        lines++;
    set.list = arena_array(a, lines, sizeof(*set.list));
    while (set.list && str_cut(&text, '\n', &line))
        if (line.len)
            set.list[set.count++] = (struct document){line, read_json(a, line)};
    return set;
}

static struct schema *compile(struct arena *a, const struct json *source)
{
    struct schema *s;
    struct err e = {0};
    uint32_t offset;

    if (!schema_compile(a, source, &options, &s, &offset, &e))
        fail(&e);
    return s;
}

static double least(double a, double b)
{
    return a < b ? a : b;
}

static double measure_compile(const struct json *source)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(MEMORY);
    double best = 1e18;

    for (unsigned i = 0; i < COMPILATIONS; i++) {
        uint64_t from = clock_mono_ns();
        struct schema *s = compile(a, source);

        best = least(best, (double)(clock_mono_ns() - from));
        schema_free(s);
        arena_reset(a);
    }
    return best;
}

/* A file of the compiled schema, as good as deleted. */
static int write_program(str program)
{
    int fd = memfd_create("program", MFD_CLOEXEC);
    struct err e = {0};

    if (fd < 0 || !fd_write_all(fd, program, &e))
        fail(&e);
    return fd;
}

static uint64_t load_once(struct arena *a, int fd, size_t len)
{
    uint64_t from = clock_mono_ns(), to;
    void *at = mmap(NULL, len, PROT_READ, MAP_PRIVATE, fd, 0);
    struct schema *s = NULL;
    struct err e = {0};

    if (at == MAP_FAILED || !schema_open(a, (str){at, len}, &s, &e) || !schema_prepare(s, &e))
        fail(&e);
    to = clock_mono_ns();
    schema_free(s);
    munmap(at, len);
    arena_reset(a);
    return to - from;
}

static double measure_load(const struct schema *s)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(MEMORY);
    str program = schema_program(s);
    CLEANUP(fd_closep) int fd = write_program(program);
    double best = 1e18;

    for (unsigned i = 0; i < COMPILATIONS; i++)
        best = least(best, (double)load_once(a, fd, program.len));
    return best;
}

static double measure_rotating(const struct schema *s, const struct set *set)
{
    double best = 1e18;

    for (unsigned i = 0; i < ROUNDS; i++) {
        uint64_t from = clock_mono_ns();

        for (size_t d = 0; d < set->count; d++)
            (void)schema_valid(s, set->list[d].value);
        best = least(best, (double)(clock_mono_ns() - from) / (double)set->count);
    }
    return best;
}

static double measure_from_bytes(const struct schema *s, const struct set *set)
{
    CLEANUP(arena_freep) struct arena *scratch = arena_new(0);
    double best = 1e18;

    for (unsigned i = 0; i < ROUNDS; i++) {
        uint64_t from = clock_mono_ns();

        for (size_t d = 0; d < set->count; d++) {
            (void)schema_valid(s, read_json(scratch, set->list[d].text));
            arena_reset(scratch);
        }
        best = least(best, (double)(clock_mono_ns() - from) / (double)set->count);
    }
    return best;
}

static double measure_clock(void)
{
    double best = 1e18;

    for (unsigned i = 0; i < ROUNDS; i++) {
        uint64_t sum = 0;

        for (unsigned n = 0; n < CLOCKS; n++) {
            uint64_t from = clock_mono_ns();

            sum += clock_mono_ns() - from;
        }
        best = least(best, (double)sum / CLOCKS);
    }
    return best;
}

static double measure_timed(const struct schema *s, const struct json *v, unsigned loop)
{
    uint64_t sum = 0;

    for (unsigned i = 0; i < loop; i++) {
        uint64_t from = clock_mono_ns();

        (void)schema_valid(s, v);
        sum += clock_mono_ns() - from;
    }
    return (double)sum / loop;
}

static double measure_hot(const struct schema *s, const struct json *v, unsigned loop)
{
    uint64_t from = clock_mono_ns();

    for (unsigned i = 0; i < loop; i++)
        (void)schema_valid(s, v);
    return (double)(clock_mono_ns() - from) / loop;
}

static void measure_documents(const struct schema *s, struct set *set, unsigned loop)
{
    for (size_t i = 0; i < set->count; i++) {
        struct document *d = &set->list[i];
        uint64_t from = clock_mono_ns();

        d->valid = schema_valid(s, d->value);
        d->first = (double)(clock_mono_ns() - from);
    }
    for (size_t i = 0; i < set->count; i++) {
        struct document *d = &set->list[i];

        d->timed = measure_timed(s, d->value, loop);
        d->hot = measure_hot(s, d->value, loop);
    }
}

static void print_documents(const struct set *set)
{
    printf("\"documents\":[");
    for (size_t i = 0; i < set->count; i++) {
        const struct document *d = &set->list[i];

        printf("%s{\"valid\":%s,\"first\":%.0f,\"timed\":%.1f,\"hot\":%.1f}", i ? "," : "",
               d->valid ? "true" : "false", d->first, d->timed, d->hot);
    }
    printf("]");
}

int main(int argc, char **argv)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(MEMORY);
    unsigned loop = argc == 4 ? (unsigned)atoi(argv[3]) : 0;
    const struct json *source;
    struct schema *s;
    struct set set;

    if (!loop) {
        fprintf(stderr, "measure_schema SCHEMA DOCUMENTS LOOP\n");
        return 2;
    }
    source = read_json(a, load(a, argv[1]));
    s = compile(a, source);
    set = read_documents(a, load(a, argv[2]));
    measure_documents(s, &set, loop);
    printf("{\"program\":%zu,\"load\":%.0f,", schema_program(s).len, measure_load(s));
    printf("\"compile\":%.0f,\"rotating\":%.1f,\"from_bytes\":%.1f,", measure_compile(source),
           measure_rotating(s, &set), measure_from_bytes(s, &set));
    printf("\"clock\":%.1f,", measure_clock());
    print_documents(&set);
    printf("}\n");
    schema_free(s);
    return 0;
}
