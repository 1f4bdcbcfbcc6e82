/* Documents: from files, from stdin, one to a file or one to a line. */
#include "cmd/validate.h"

#include "yaml/yaml.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LINE_MAX_BYTES = 64 << 20, SLACK = 1 << 20 };

static const size_t DOCUMENT_BYTES_MAX = (size_t)1 << 30;

static const struct json_limits limits = {
    .bytes = (size_t)1 << 30,
    .depth = 200,
    .nodes = 64 << 20,
};

/* ---- one document ---- */

static bool is_yaml_name(str file)
{
    return str_ends(file, STR(".yaml")) || str_ends(file, STR(".yml"));
}

/* Without an ending that tells: what does not begin as JSON does. */
static bool looks_like_yaml(str file, str text)
{
    str begin = str_trim(str_sub(text, 0, 4096));

    return !str_ends(file, STR(".json")) && begin.len && !strchr("{[\"", begin.at[0]);
}

static bool parse_yaml(struct arena *a, str text, const char *file, struct json **ret,
                       struct err *e)
{
    struct yaml *y;

    return yaml_read(a, text, file, &y, e) && yaml_to_json(a, y, ret, e);
}

bool validate_parse(struct arena *a, str text, const char *file, struct json **ret,
                    struct err *e)
{
    struct err not_json = {0};

    if (is_yaml_name(str_of(file)))
        return parse_yaml(a, text, file, ret, e);
    if (json_read(a, text, &limits, ret, &not_json))
        return true;
    if (not_json.code == ERR_INPUT && looks_like_yaml(str_of(file), text))
        return parse_yaml(a, text, file, ret, e);
    *e = not_json;
    e->at.file = file;
    return false;
}

static void take_document(struct validator *v, const char *file, str text)
{
    struct validate_document d = {.file = file, .text = text};
    struct json *root;
    struct err e = {0};

    if (validate_parse(v->document_arena, text, file, &root, &e)) {
        d.root = root;
        validate_judge(v, &d);
    } else {
        validate_unreadable(v, &d, &e);
    }
    arena_reset(v->document_arena);
}

/* ---- one a line ---- */

static void take_line(struct validator *v, const char *file, str text, unsigned line)
{
    struct validate_document d = {.file = file, .text = text, .line = line};
    struct json *root;
    struct err e = {0};

    if (!str_trim(text).len)
        return;
    if (json_read(v->document_arena, text, &limits, &root, &e)) {
        d.root = root;
        validate_judge(v, &d);
    } else {
        e.at.file = file;
        e.at.skipped = line - 1;
        e.at.line += line - 1;
        validate_unreadable(v, &d, &e);
    }
    arena_reset(v->document_arena);
}

/* The whole lines of what was read; returns how many bytes they were. */
static size_t take_lines(struct validator *v, const char *file, str text, unsigned *line)
{
    size_t done = 0;

    while (done < text.len && !v->deaf) {
        const char *from = text.at + done, *end = memchr(from, '\n', text.len - done);

        if (!end)
            break;
        take_line(v, file, (str){from, (size_t)(end - from)}, (*line)++);
        done = (size_t)(end - text.at) + 1;
    }
    return done;
}

static bool read_lines(struct validator *v, const char *file, int fd, struct err *e)
{
    CLEANUP(buf_free) struct buf b = {.max = (size_t)LINE_MAX_BYTES + SLACK};
    unsigned line = 1;
    bool ended = false;

    while (!ended && !v->deaf) {
        if (!cmd_read_more(fd, &b, &ended, e))
            return err_wrap(e, "line %u of '%s'", line, file);
        buf_drop(&b, take_lines(v, file, buf_str(&b), &line));
    }
    if (b.len && !v->deaf)
        take_line(v, file, buf_str(&b), line);
    return true;
}

/* ---- files ---- */

static bool read_whole(struct validator *v, const char *file, int fd, struct err *e)
{
    CLEANUP(buf_free) struct buf b = {.max = DOCUMENT_BYTES_MAX + SLACK};
    bool ended = false;

    while (!ended)
        if (!cmd_read_more(fd, &b, &ended, e))
            return err_wrap(e, "'%s'", file);
    take_document(v, file, buf_str(&b));
    return true;
}

static bool open_file(const char *file, int *ret, struct err *e)
{
    struct stat st;

    if (strcmp(file, "-") == 0) {
        *ret = STDIN_FILENO;
        return true;
    }
    *ret = open(file, O_RDONLY | O_CLOEXEC);
    if (*ret < 0)
        return err_sys(e, "cannot open '%s'", file);
    if (fstat(*ret, &st) == 0 && S_ISDIR(st.st_mode)) {
        err_set(e, ERR_INPUT, "'%s' is a directory", file);
        return err_fix(e, "name the files: %s/*.json", file);
    }
    return true;
}

static bool has_lines(const struct validator *v, str file)
{
    return v->lines || str_ends(file, STR(".jsonl")) || str_ends(file, STR(".ndjson"));
}

bool validate_file(struct validator *v, const char *file)
{
    CLEANUP(fd_closep) int fd = -1;
    const char *name = strcmp(file, "-") == 0 ? "stdin" : file;
    struct validate_document d = {.file = name};
    struct err e = {0};

    if (!open_file(file, &fd, &e) ||
        !(has_lines(v, str_of(file)) ? read_lines(v, name, fd, &e)
                                     : read_whole(v, name, fd, &e)))
        validate_unreadable(v, &d, &e);
    return !v->deaf;
}
