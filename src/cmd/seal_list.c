/*
 * fnward seal list: what is sealed for whom, and nothing of the values.
 */
#include "cmd/seal.h"
#include "json/json.h"

static void add_text(struct buf *b, const struct seal *s)
{
    char recipient[AGE_TEXT_MAX];

    for (size_t i = 0; i < seal_count(s); i++) {
        struct seal_entry e = seal_entry(s, i);

        buf_addf(b, "%-24.*s  %-16.*s  %.*s%s\n", STR_ARG(e.name), STR_ARG(e.function),
                 STR_ARG(e.changed),
                 e.rotate ? "  change this value: someone who knew it left" : "");
    }
    for (size_t i = 0; i < seal_recipient_count(s); i++) {
        age_recipient_text(seal_recipient(s, i), recipient);
        buf_addf(b, "%ssealed to %s\n", i ? "" : "\n", recipient);
    }
}

static void add_json(struct buf *b, const struct seal *s)
{
    char recipient[AGE_TEXT_MAX];

    buf_add(b, STR("{\"secrets\":["));
    for (size_t i = 0; i < seal_count(s); i++) {
        struct seal_entry e = seal_entry(s, i);

        buf_add(b, i ? STR(",{\"name\":") : STR("{\"name\":"));
        json_write_str(b, e.name);
        buf_add(b, STR(",\"function\":"));
        json_write_str(b, e.function);
        buf_add(b, STR(",\"changed\":"));
        json_write_str(b, e.changed);
        buf_addf(b, ",\"rotate\":%s}", e.rotate ? "true" : "false");
    }
    buf_add(b, STR("],\"recipients\":["));
    for (size_t i = 0; i < seal_recipient_count(s); i++) {
        age_recipient_text(seal_recipient(s, i), recipient);
        buf_addf(b, "%s\"%s\"", i ? "," : "", recipient);
    }
    buf_add(b, STR("]}\n"));
}

int seal_job_list(struct seal_job *j)
{
    CLEANUP(buf_free) struct buf b = {0};
    const char *format = cmd_value(j->line, "format");

    if (!format || strcmp(format, "text") == 0)
        add_text(&b, j->store);
    else if (strcmp(format, "json") == 0)
        add_json(&b, j->store);
    else
        return cmd_usage(j->line, "'%s' is not a format: text or json", format);
    if (!b.len)
        fprintf(stderr, "There are no secrets in '%s'.\n", j->path);
    return cmd_print(&b) ? EXIT_CLEAN : EXIT_INCOMPLETE;
}
