/*
 * ledger: whatever text goes into a record, the record is one line that can be read and shown;
 * whatever stands in a file, the reader reads it to its end.
 */
#include "ledger/ledger.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

static void require(bool ok)
{
    if (!ok)
        abort();
}

/* Only our own line breaks, each followed by the mark of a continued line. */
static void check_shown(str text)
{
    str rest = text, line;

    require(str_ends(text, STR("\n")));
    str_cut(&rest, '\n', &line);
    while (str_cut(&rest, '\n', &line) && rest.len)
        require(str_starts(line, STR("             | ")));
    for (size_t i = 0; i < text.len; i++)
        require(text.at[i] == '\n' ||
                ((unsigned char)text.at[i] >= 0x20 && text.at[i] != 0x7f));
}

/* The input's lines are the members' texts, the names in turn. */
static void fuzz_record(struct arena *a, str input)
{
    static const char *const names[] = {LEDGER_MESSAGE, LEDGER_FAAS_NAME, LEDGER_SUBJECT,
                                        LEDGER_STACKTRACE, LEDGER_ERROR_MESSAGE};
    static const struct json_limits limits = {
        .bytes = LEDGER_RECORD_MAX, .depth = 1, .nodes = 100};
    CLEANUP(ledger_record_free) struct ledger_record r = {0};
    CLEANUP(buf_free) struct buf shown = {0};
    struct json *record;
    struct err e = {0};
    str line, part;

    ledger_begin(&r, (enum ledger_kind)(input.len % LEDGER_KINDS), input.len);
    for (size_t i = 0; i < COUNT(names) && str_cut(&input, '\n', &part); i++)
        ledger_text(&r, names[i], i + 1 < COUNT(names) ? part : input);
    ledger_number(&r, LEDGER_REPEATED, input.len);
    line = ledger_end(&r);
    require(line.len <= LEDGER_RECORD_MAX && str_find(line, '\n') == line.len - 1);
    require(json_read(a, str_sub(line, 0, line.len - 1), &limits, &record, &e));
    ledger_show(&shown, record, false);
    check_shown(buf_str(&shown));
}

struct scratch {
    char dir[32], file[64];
};

static struct scratch scratch_make(str content)
{
    struct scratch s = {.dir = "/tmp/fnward-fuzz-XXXXXX"};
    CLEANUP(fd_closep) int fd = -1;
    struct err e = {0};

    require(mkdtemp(s.dir) != NULL);
    snprintf(s.file, sizeof(s.file), "%s/ledger.jsonl", s.dir);
    fd = open(s.file, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    require(fd >= 0 && fd_write_all(fd, content, &e));
    return s;
}

static void scratch_remove(struct scratch *s)
{
    unlink(s->file);
    rmdir(s->dir);
}

static void fuzz_reader(str input)
{
    static const struct ledger_filter filter = {.denials = true, .errors = true};
    CLEANUP(scratch_remove) struct scratch s = scratch_make(input);
    CLEANUP(ledger_reader_freep) struct ledger_reader *r = NULL;
    CLEANUP(buf_free) struct buf shown = {0};
    const struct json *record = NULL;
    struct err e = {0};
    str line;

    require(ledger_reader_open(s.dir, LEDGER_RECORDS, &r, &e));
    do {
        require(ledger_reader_next(r, &filter, &record, &line, &e));
        buf_clear(&shown);
        if (record)
            ledger_show(&shown, record, false);
        if (record)
            check_shown(buf_str(&shown));
    } while (record);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(0);
    str input = {(const char *)data, size};

    fuzz_record(a, input);
    fuzz_reader(input);
    return 0;
}
