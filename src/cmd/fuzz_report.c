/*
 * Findings for people and for programs, and the events that repeat them.
 */
#include "cmd/fuzz.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SHOWN_MAX = 200 }; /* bytes of an event in the report */

/* ---- files ---- */

static void file_name(const struct fuzz *f, unsigned n, char *to, size_t size)
{
    snprintf(to, size, "%.*s/%.*s-%u.json", STR_ARG(f->dir), STR_ARG(f->function->name), n);
}

/* Those of a run before would be taken for this one's. */
static void remove_old(const struct fuzz *f)
{
    char path[4096];

    for (unsigned n = 1; n <= FUZZ_FINDINGS_MAX; n++) {
        file_name(f, n, path, sizeof(path));
        if (unlink(path) < 0 && errno != ENOENT)
            return;
    }
}

void fuzz_write_events(struct fuzz *f)
{
    remove_old(f);
    for (unsigned i = 0; i < f->finding_count; i++) {
        struct fuzz_finding *one = &f->findings[i];
        struct err e = {0};

        file_name(f, i + 1, one->file, sizeof(one->file));
        if (file_replace(one->file, one->text, 0600, &e))
            continue;
        one->file[0] = 0;
        f->incomplete = "an event could not be written";
    }
}

/* ---- text ---- */

static void add_visible(struct buf *out, str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if ((unsigned char)text.at[i] < 0x20 || text.at[i] == 0x7f)
            buf_addf(out, "\\x%02x", (unsigned char)text.at[i]);
        else
            buf_addc(out, text.at[i]);
    }
}

/* What a shell takes for one word. */
static void add_word(struct buf *out, str word)
{
    bool plain = word.len > 0;

    for (size_t i = 0; i < word.len; i++) {
        char c = word.at[i], low = c | 0x20;

        plain &=
            (low >= 'a' && low <= 'z') || (c >= '0' && c <= '9') || (c && strchr("-_./", c));
    }
    if (plain) {
        buf_add(out, word);
        return;
    }
    buf_addc(out, '\'');
    for (size_t i = 0; i < word.len; i++)
        buf_add(out, word.at[i] == '\'' ? STR("'\\''") : str_sub(word, i, 1));
    buf_addc(out, '\'');
}

static void add_command(struct buf *out, const struct fuzz *f, const struct fuzz_finding *one)
{
    static const char *const passed_on[] = {"dir", "identity"};

    buf_addf(out, "fnward invoke %.*s --event ", STR_ARG(f->function->name));
    add_word(out, str_of(one->file));
    for (size_t i = 0; i < COUNT(passed_on); i++)
        if (cmd_value(f->line, passed_on[i])) {
            buf_addf(out, " --%s ", passed_on[i]);
            add_word(out, str_of(cmd_value(f->line, passed_on[i])));
        }
}

static void add_event(struct buf *out, const struct fuzz_finding *one)
{
    str text = one->document, shown = str_utf8_cut(text, SHOWN_MAX);

    add_visible(out, shown);
    if (shown.len < text.len)
        buf_addf(out, "... (%zu bytes)", text.len);
}

static void text_finding(struct buf *out, struct fuzz *f, unsigned i)
{
    const struct fuzz_finding *one = &f->findings[i];

    buf_addf(out, "%u. %s: ", i + 1, fuzz_kind_names[one->verdict.kind]);
    add_visible(out, one->verdict.what);
    buf_addf(out, "\n   by %.*s, first by event %u, %u %s\n   ",
             STR_ARG(fuzz_target_name(f->a, one->target)), one->event, one->count,
             one->count == 1 ? "time" : "times");
    add_event(out, one);
    if (one->file[0]) {
        buf_add(out, STR("\n   "));
        add_command(out, f, one);
    }
    buf_add(out, STR("\n\n"));
}

static void text_hints(struct buf *out, struct fuzz *f)
{
    if (!f->hint_count)
        return;
    buf_add(out, STR("The schema lets hostile text through here; a pattern, format or enum "
                     "would not:\n"));
    for (unsigned i = 0; i < f->hint_count; i++)
        buf_addf(out, "   %.*s %.*s: %s\n", STR_ARG(fuzz_target_name(f->a, f->hints[i].target)),
                 STR_ARG(f->hints[i].where.len ? f->hints[i].where : STR("the event")),
                 f->hints[i].kinds);
    buf_addc(out, '\n');
}

static void text_summary(struct buf *out, const struct fuzz *f)
{
    buf_addf(out, "%u events with seed %llu (%u valid, %u almost valid, %u hostile), ",
             f->events, (unsigned long long)f->seed, f->by_kind[GENERATE_VALID],
             f->by_kind[GENERATE_ALMOST], f->by_kind[GENERATE_HOSTILE]);
    buf_addf(out, "%u calls in all, %.1f s\n%u reached '%.*s', %u were refused by the gate: ",
             f->calls, (double)(f->ended_ns - f->started_ns) / 1e9, f->reached,
             STR_ARG(f->function->name), f->refused);
    buf_addf(out, "%u %s\n", f->finding_count, f->finding_count == 1 ? "finding" : "findings");
    if (f->unmade)
        buf_addf(out, "%u events could not be made: their schema asks for too much\n",
                 f->unmade);
}

static void report_text(struct buf *out, struct fuzz *f)
{
    for (unsigned i = 0; i < f->finding_count; i++)
        text_finding(out, f, i);
    text_hints(out, f);
    text_summary(out, f);
}

/* ---- JSON ---- */

static void json_member(struct buf *out, const char *name, str value)
{
    buf_addf(out, ",\"%s\":", name);
    json_write_str(out, value);
}

static void json_finding(struct buf *out, struct fuzz *f, unsigned i)
{
    const struct fuzz_finding *one = &f->findings[i];
    CLEANUP(buf_free) struct buf command = {0};

    buf_addf(out, "%s{\"kind\":\"%s\"", i ? "," : "", fuzz_kind_names[one->verdict.kind]);
    json_member(out, "what", one->verdict.what);
    json_member(out, "trigger", fuzz_target_name(f->a, one->target));
    buf_addf(out, ",\"first\":%u,\"count\":%u", one->event, one->count);
    json_member(out, "document", one->document);
    json_member(out, "event", one->text);
    if (one->file[0]) {
        add_command(&command, f, one);
        json_member(out, "file", str_of(one->file));
        json_member(out, "command", buf_str(&command));
    }
    buf_addc(out, '}');
}

static void report_json(struct buf *out, struct fuzz *f)
{
    buf_add(out, STR("{\"function\":"));
    json_write_str(out, f->function->name);
    buf_addf(out, ",\"seed\":%llu,\"events\":%u,\"calls\":%u,\"reached\":%u,\"refused\":%u",
             (unsigned long long)f->seed, f->events, f->calls, f->reached, f->refused);
    buf_addf(out, ",\"complete\":%s,\"findings\":[", f->incomplete ? "false" : "true");
    for (unsigned i = 0; i < f->finding_count; i++)
        json_finding(out, f, i);
    buf_add(out, STR("],\"hints\":["));
    for (unsigned i = 0; i < f->hint_count; i++) {
        buf_add(out, i ? STR(",{\"trigger\":") : STR("{\"trigger\":"));
        json_write_str(out, fuzz_target_name(f->a, f->hints[i].target));
        json_member(out, "where", f->hints[i].where);
        json_member(out, "kinds", str_of(f->hints[i].kinds));
        buf_addc(out, '}');
    }
    buf_add(out, STR("]}\n"));
}

int fuzz_report(struct fuzz *f)
{
    const char *format = cmd_value(f->line, "format");
    CLEANUP(buf_free) struct buf out = {.max = 64 << 20};

    if (format && strcmp(format, "json") == 0)
        report_json(&out, f);
    else
        report_text(&out, f);
    cmd_print(&out);
    if (f->incomplete)
        fprintf(stderr, "fnward fuzz: not finished: %s\n", f->incomplete);
    return f->incomplete ? EXIT_INCOMPLETE : f->finding_count ? EXIT_FINDINGS : EXIT_CLEAN;
}
