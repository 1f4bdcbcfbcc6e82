/*
 * Building one record: always one valid line, never past its maximum, whatever is put in.
 */
#include "ledger/inside.h"

enum {
    END_ROOM = 64, /* for LEDGER_MEMBERS_DROPPED and the brace */
    SHORT_ROOM = 1024, /* for the short members behind a long text */
    SHORT = 128,
};

void ledger_begin(struct ledger_record *r, enum ledger_kind kind, uint64_t wall_ms)
{
    bool is_long = kind == LEDGER_QUARANTINED;
    char iso[25];

    buf_clear(&r->line);
    r->line.max = is_long ? LEDGER_QUARANTINED_MAX : LEDGER_RECORD_MAX;
    r->text_max = is_long ? LEDGER_PAYLOAD_MAX : LEDGER_TEXT_MAX;
    r->dropped = 0;
    /* All of it now, so that later only the length can stop an addition. */
    r->no_memory = !buf_reserve(&r->line, r->line.max);
    clock_iso(wall_ms, iso);
    buf_add(&r->line, STR(LINE_START));
    buf_add(&r->line, (str){iso, 24});
    buf_add(&r->line, STR("\",\"" LEDGER_KIND "\":\""));
    buf_add(&r->line, str_of(ledger_kind_name(kind)));
    buf_addc(&r->line, '"');
}

/* Names are constants of the program: nothing in them needs escaping. */
static void add_name(struct ledger_record *r, const char *name)
{
    buf_add(&r->line, STR(",\""));
    buf_add(&r->line, str_of(name));
    buf_add(&r->line, STR("\":"));
}

static void take_back(struct ledger_record *r, size_t before)
{
    r->line.len = before;
    r->line.failed = false;
}

/* A member without room is taken back whole, so that the line stays one valid object. */
static void end_member(struct ledger_record *r, size_t before)
{
    if (!r->line.failed && r->line.len + END_ROOM <= r->line.max)
        return;
    take_back(r, before);
    r->dropped++;
}

void ledger_number(struct ledger_record *r, const char *name, uint64_t value)
{
    size_t before = r->line.len;

    add_name(r, name);
    buf_add_u64(&r->line, value);
    end_member(r, before);
}

void ledger_millis(struct ledger_record *r, const char *name, uint64_t ns)
{
    size_t before = r->line.len;
    uint64_t us = ns / 1000;
    char decimals[4] = {'.', (char)('0' + us / 100 % 10), (char)('0' + us / 10 % 10),
                        (char)('0' + us % 10)};

    add_name(r, name);
    buf_add_u64(&r->line, us / 1000);
    buf_add(&r->line, (str){decimals, sizeof(decimals)});
    end_member(r, before);
}

void ledger_truth(struct ledger_record *r, const char *name, bool value)
{
    size_t before = r->line.len;

    add_name(r, name);
    buf_add(&r->line, value ? STR("true") : STR("false"));
    end_member(r, before);
}

/* The longest beginning of at most `max` bytes that does not end inside a character. */
static str cut_at_border(str s, size_t max)
{
    size_t n = max;

    if (s.len <= max)
        return s;
    while (n > 0 && max - n < 3 && ((unsigned char)s.at[n] & 0xc0) == 0x80)
        n--;
    return str_sub(s, 0, n);
}

/* The most that a byte can take when escaped: \u0001 for one, U+FFFD for what is not UTF-8. */
static size_t escaped_at_most(char c)
{
    unsigned char byte = (unsigned char)c;

    if (byte < 0x20 || byte == 0x7f)
        return 6;
    if (byte >= 0x80)
        return 3;
    return byte == '"' || byte == '\\' ? 2 : 1;
}

static str cut_to_room(str s, size_t room)
{
    size_t n = 0, taken = 2; /* the quotes */

    while (n < s.len && taken + escaped_at_most(s.at[n]) <= room)
        taken += escaped_at_most(s.at[n++]);
    return cut_at_border(s, n);
}

/* How far the line may grow by this text. */
static size_t text_end(const struct ledger_record *r, str value)
{
    return r->line.max - (value.len <= SHORT ? END_ROOM : SHORT_ROOM);
}

void ledger_text(struct ledger_record *r, const char *name, str value)
{
    size_t before = r->line.len, end = text_end(r, value), named;
    str kept = cut_at_border(value, r->text_max);
    char cut[96];

    add_name(r, name);
    named = r->line.len;
    json_write_str(&r->line, kept);
    if (r->line.failed || r->line.len > end) {
        take_back(r, named);
        kept = cut_to_room(kept, end > named ? end - named : 0);
        json_write_str(&r->line, kept);
    }
    end_member(r, before);
    if (kept.len == value.len)
        return;
    snprintf(cut, sizeof(cut), "%s_cut", name);
    ledger_number(r, cut, value.len - kept.len);
}

str ledger_end(struct ledger_record *r)
{
    if (r->no_memory)
        return (str){NULL, 0};
    if (r->dropped) {
        add_name(r, LEDGER_MEMBERS_DROPPED);
        buf_add_u64(&r->line, r->dropped);
    }
    buf_add(&r->line, STR("}\n"));
    return buf_str(&r->line);
}

void ledger_record_free(struct ledger_record *r)
{
    buf_free(&r->line);
}
