/*
 * Which records a reader asked for.
 */
#include "ledger/inside.h"

static bool is_one_of(str word, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_is(word, words[i]))
            return true;
    return false;
}

static bool is_error(const struct json *record)
{
    static const char *const words[] = {"error",  "timeout", "crash",
                                        "failed", "ERROR",   "FATAL"};

    return is_one_of(json_get_str(record, STR(LEDGER_OUTCOME)), words, COUNT(words)) ||
           is_one_of(json_get_str(record, STR(LEDGER_EVENT)), words, COUNT(words)) ||
           is_one_of(json_get_str(record, STR(LEDGER_SEVERITY)), words, COUNT(words));
}

static bool is_denial(const struct json *record)
{
    static const char *const words[] = {"invalid", "throttled", "denied"};

    str kind = json_get_str(record, STR(LEDGER_KIND));

    return str_is(kind, ledger_kind_name(LEDGER_DENIAL)) ||
           str_is(kind, ledger_kind_name(LEDGER_QUARANTINED)) ||
           is_one_of(json_get_str(record, STR(LEDGER_OUTCOME)), words, COUNT(words));
}

bool filter_passes(const struct json *record, const struct ledger_filter *f)
{
    char since[25];

    if (f->function.len && !str_equal(f->function, json_get_str(record, STR(LEDGER_FAAS_NAME))))
        return false;
    if (f->request.len &&
        !str_equal(f->request, json_get_str(record, STR(LEDGER_FAAS_INVOCATION_ID))))
        return false;
    if (f->since_ms) {
        clock_iso(f->since_ms, since);
        if (str_compare(json_get_str(record, STR(LEDGER_TIME)), str_of(since)) < 0)
            return false;
    }
    if (!f->errors && !f->denials)
        return true;
    return (f->errors && is_error(record)) || (f->denials && is_denial(record));
}
