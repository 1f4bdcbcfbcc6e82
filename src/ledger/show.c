/*
 * A record as text for people. Everything in it came from a function or a caller, so nothing of
 * it reaches the terminal as it is.
 */
#include "ledger/inside.h"

enum { TIME_FROM = 11, TIME_LEN = 12 }; /* 12:34:56.789 of the ISO time */

#define CONTINUED "\n             | "

enum colour { PLAIN, RED, GREEN, YELLOW, CYAN, DIM };

static const char *const colour_codes[] = {
    [PLAIN] = "",          [RED] = "\x1b[31m",  [GREEN] = "\x1b[32m",
    [YELLOW] = "\x1b[33m", [CYAN] = "\x1b[36m", [DIM] = "\x1b[2m",
};

/* Characters that move the cursor or turn the direction of text: ranges, all in the BMP. */
static bool is_hidden(unsigned c)
{
    static const struct {
        unsigned from, to;
    } ranges[] = {{0x00, 0x1f},     {0x7f, 0x9f},     {0x61c, 0x61c},  {0x200b, 0x200f},
                  {0x2028, 0x202e}, {0x2060, 0x206f}, {0xfeff, 0xfeff}};

    for (size_t i = 0; i < COUNT(ranges); i++)
        if (c >= ranges[i].from && c <= ranges[i].to)
            return true;
    return false;
}

/* The character at the start of `s`, which is valid UTF-8 as every JSON string is. */
static unsigned character(str s, size_t *len)
{
    unsigned char first = (unsigned char)s.at[0];
    unsigned c;

    *len = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    if (*len == 1 || *len > s.len)
        return first;
    c = first & (0x7fu >> *len);
    for (size_t i = 1; i < *len; i++)
        c = c << 6 | ((unsigned char)s.at[i] & 0x3f);
    return c;
}

/* `newline` stands for every line break. */
static void add_visible(struct buf *out, str s, const char *newline)
{
    while (s.len) {
        size_t len;
        unsigned c = character(s, &len);

        if (c == '\n')
            buf_add(out, str_of(newline));
        else if (c == '\t')
            buf_addc(out, ' ');
        else if (is_hidden(c))
            buf_addf(out, c < 0x80 ? "\\x%02x" : "\\u%04x", c);
        else
            buf_add(out, str_sub(s, 0, len));
        s = str_sub(s, len, s.len);
    }
}

/* Text, numbers and truths alike; empty when the record has no such member. */
static str value_of(const struct json *record, const char *name)
{
    const struct json *v = json_get(record, str_of(name));

    if (v && (v->kind == JSON_STRING || v->kind == JSON_NUMBER))
        return v->text;
    return v && v->kind == JSON_TRUE ? STR("true") : (str){NULL, 0};
}

/* " before VALUE after", or nothing. */
static void add_member(struct buf *out, const struct json *record, const char *before,
                       const char *name, const char *after)
{
    str value = value_of(record, name);

    if (!value.len)
        return;
    buf_addc(out, ' ');
    buf_add(out, str_of(before));
    add_visible(out, value, "\\n");
    buf_add(out, str_of(after));
}

static void add_duration(struct buf *out, const struct json *record, const char *before,
                         const char *name)
{
    const struct json *v = json_get(record, str_of(name));
    double ms;

    if (v && json_is_number(v, &ms))
        buf_addf(out, " %s%.1f ms", before, ms);
}

/* The method with the route, or the path where none matched. */
static void add_route(struct buf *out, const struct json *record)
{
    str route = value_of(record, LEDGER_HTTP_ROUTE);

    add_member(out, record, "", LEDGER_HTTP_METHOD, "");
    add_member(out, record, "", route.len ? LEDGER_HTTP_ROUTE : LEDGER_URL_PATH, "");
}

static void add_repeated(struct buf *out, const struct json *record)
{
    const struct json *v = json_get(record, STR(LEDGER_REPEATED));
    double times;

    if (v && json_is_number(v, &times) && times > 1)
        buf_addf(out, " %.0f times", times);
}

/* Outcomes and events that have a word of their own, at most 8 letters. */
struct word {
    const char *value, *word;
    enum colour colour;
};

static const struct word words[] = {
    {"error", "error", RED},        {"timeout", "timeout", RED},
    {"crash", "crash", RED},        {"failed", "failed", RED},
    {"invalid", "invalid", YELLOW}, {"throttled", "limited", YELLOW},
    {"denied", "denied", YELLOW},   {"start", "start", DIM},
    {"ready", "ready", DIM},        {"idle", "idle", DIM},
    {"recycle", "recycle", DIM},    {"exit", "exit", DIM},
    {"stop", "stop", DIM},          {"close", "close", CYAN},
};

/* NULL when it has none. */
static const struct word *word_for(str value)
{
    for (size_t i = 0; i < COUNT(words); i++)
        if (str_is(value, words[i].value))
            return &words[i];
    return NULL;
}

static void show_invocation(struct buf *out, const struct json *record)
{
    add_member(out, record, "", LEDGER_HTTP_STATUS, "");
    add_route(out, record);
    if (!value_of(record, LEDGER_HTTP_METHOD).len)
        add_member(out, record, "", LEDGER_FAAS_TRIGGER, "");
    add_duration(out, record, "", LEDGER_DURATION_MS);
    if (value_of(record, LEDGER_FAAS_COLDSTART).len) {
        buf_add(out, STR(" cold"));
        add_duration(out, record, "start ", LEDGER_INIT_DURATION_MS);
    }
    add_member(out, record, "", LEDGER_ERROR_TYPE, "");
    add_member(out, record, "", LEDGER_ERROR_MESSAGE, "");
}

static void show_denial(struct buf *out, const struct json *record)
{
    add_member(out, record, "", LEDGER_ACTION, "");
    add_route(out, record);
    add_member(out, record, "", LEDGER_SUBJECT, "");
    add_member(out, record, "(", LEDGER_REASON, ")");
    add_repeated(out, record);
}

static void show_connection(struct buf *out, const struct json *record)
{
    add_member(out, record, "", LEDGER_SERVER_ADDRESS, ":");
    add_visible(out, value_of(record, LEDGER_SERVER_PORT), "\\n");
    add_member(out, record, "at ", LEDGER_PEER_ADDRESS, "");
    add_member(out, record, "out ", LEDGER_BYTES_OUT, " bytes");
    add_member(out, record, "in ", LEDGER_BYTES_IN, " bytes");
    add_duration(out, record, "", LEDGER_DURATION_MS);
    add_member(out, record, "(", LEDGER_REASON, ")");
    add_repeated(out, record);
}

static void show_lifecycle(struct buf *out, const struct json *record)
{
    if (!word_for(value_of(record, LEDGER_EVENT)))
        add_member(out, record, "", LEDGER_EVENT, "");
    add_member(out, record, "instance ", LEDGER_FAAS_INSTANCE, "");
    add_member(out, record, "exit code ", LEDGER_EXIT_CODE, "");
    add_member(out, record, "signal ", LEDGER_EXIT_SIGNAL, "");
    add_duration(out, record, "", LEDGER_INIT_DURATION_MS);
    add_member(out, record, "", LEDGER_MESSAGE, "");
}

static void show_log(struct buf *out, const struct json *record)
{
    add_member(out, record, "(", LEDGER_DROPPED, " lines left out)");
    buf_add(out, STR(" | "));
    add_visible(out, value_of(record, LEDGER_MESSAGE), CONTINUED);
}

/* The beginning of what was sent tells what it was; --format json tells all. */
static void show_quarantine(struct buf *out, const struct json *record)
{
    enum { SHOWN = 400 };
    str payload = value_of(record, LEDGER_PAYLOAD), shown = str_utf8_cut(payload, SHOWN);

    add_member(out, record, "", LEDGER_FAAS_TRIGGER, "");
    add_member(out, record, "", LEDGER_MESSAGE_ID, "");
    add_member(out, record, "from ", LEDGER_DESTINATION, "");
    add_member(out, record, "(", LEDGER_REASON, ")");
    if (!shown.len)
        return;
    buf_add(out, STR(CONTINUED));
    add_visible(out, shown, CONTINUED);
    if (shown.len < payload.len)
        buf_add(out, STR(" ..."));
}

static const struct {
    const char *kind, *word;
    enum colour colour;
    void (*show)(struct buf *out, const struct json *record);
} kinds[] = {
    {"invocation", "invoked", GREEN, show_invocation},
    {"denial", "denied", YELLOW, show_denial},
    {"connection", "connect", CYAN, show_connection},
    {"lifecycle", "instance", DIM, show_lifecycle},
    {"quarantine", "kept", YELLOW, show_quarantine},
    {"log", "log", DIM, show_log},
};

static void add_word(struct buf *out, const char *word, enum colour colour, bool coloured)
{
    if (coloured)
        buf_addf(out, " %s%-8s\x1b[0m ", colour_codes[colour], word);
    else
        buf_addf(out, " %-8s ", word);
}

static void add_kind(struct buf *out, const struct json *record, size_t kind, bool coloured)
{
    const struct word *w = word_for(value_of(record, LEDGER_OUTCOME));

    if (!w)
        w = word_for(value_of(record, LEDGER_EVENT));
    if (w)
        add_word(out, w->word, w->colour, coloured);
    else
        add_word(out, kinds[kind].word, kinds[kind].colour, coloured);
}

void ledger_show(struct buf *out, const struct json *record, bool colour)
{
    str kind = value_of(record, LEDGER_KIND), name = value_of(record, LEDGER_FAAS_NAME);
    size_t i = 0;

    while (i < COUNT(kinds) - 1 && !str_is(kind, kinds[i].kind))
        i++;
    add_visible(out, str_sub(value_of(record, LEDGER_TIME), TIME_FROM, TIME_LEN), " ");
    add_kind(out, record, i, colour);
    add_visible(out, name.len ? name : STR("-"), " ");
    buf_addc(out, ' ');
    kinds[i].show(out, record);
    while (out->len && out->at[out->len - 1] == ' ')
        out->len--;
    if (value_of(record, LEDGER_STACKTRACE).len) {
        buf_add(out, STR(CONTINUED));
        add_visible(out, value_of(record, LEDGER_STACKTRACE), CONTINUED);
    }
    buf_addc(out, '\n');
}
