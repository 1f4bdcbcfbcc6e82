#include "seal/parts.h"

/* ---- names ---- */

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_name(str s, const char *also)
{
    for (size_t i = 0; i < s.len; i++)
        if (!is_letter(s.at[i]) && !(s.at[i] >= '0' && s.at[i] <= '9') &&
            !(s.at[i] && strchr(also, s.at[i])))
            return false;
    return s.len > 0 && s.len <= SEAL_NAME_MAX;
}

bool seal_name_check(str name, struct err *e)
{
    if (is_name(name, "") && is_letter(name.at[0]))
        return true;
    err_set(e, ERR_INPUT, "'%.*s' can't be the name of a secret",
            STR_ARG(str_sub(name, 0, SEAL_NAME_MAX)));
    return err_fix(e, "a name is that of an environment variable: letters, digits and _, as in "
                      "STRIPE_KEY");
}

bool seal_function_check(str function, struct err *e)
{
    if (str_is(function, SEAL_EVERY_FUNCTION) || is_name(function, "-"))
        return true;
    return err_set(e, ERR_INPUT, "'%.*s' can't be the name of a function",
                   STR_ARG(str_sub(function, 0, SEAL_NAME_MAX)));
}

bool seal_date_is_well_formed(str date)
{
    static const char form[] = "0000-00-00";

    for (size_t i = 0; i < SEAL_DATE && date.len == SEAL_DATE; i++)
        if (form[i] == '-' ? date.at[i] != '-' : date.at[i] < '0' || date.at[i] > '9')
            return false;
    return date.len == SEAL_DATE;
}

/* ---- the list of recipients ---- */

static size_t recipient_position(const struct seal *s, const struct age_recipient *r)
{
    size_t i = 0;

    while (i < s->recipient_count && memcmp(&s->recipients[i], r, sizeof(*r)) < 0)
        i++;
    return i;
}

static bool recipient_is_at(const struct seal *s, size_t i, const struct age_recipient *r)
{
    return i < s->recipient_count && memcmp(&s->recipients[i], r, sizeof(*r)) == 0;
}

bool seal_recipient_add(struct seal *s, const struct age_recipient *r)
{
    size_t i = recipient_position(s, r);

    if (recipient_is_at(s, i, r) || s->recipient_count == AGE_RECIPIENTS_MAX)
        return false;
    memmove(s->recipients + i + 1, s->recipients + i, (s->recipient_count - i) * sizeof(*r));
    s->recipients[i] = *r;
    s->recipient_count++;
    return true;
}

bool seal_recipient_drop(struct seal *s, const struct age_recipient *r)
{
    size_t i = recipient_position(s, r);

    if (!recipient_is_at(s, i, r))
        return false;
    s->recipient_count--;
    memmove(s->recipients + i, s->recipients + i + 1, (s->recipient_count - i) * sizeof(*r));
    return true;
}

size_t seal_recipient_count(const struct seal *s)
{
    return s->recipient_count;
}

const struct age_recipient *seal_recipient(const struct seal *s, size_t i)
{
    return &s->recipients[i];
}

/* ---- entries ---- */

size_t seal_position(const struct seal *s, str function, str name)
{
    size_t i = 0;

    for (; i < s->count; i++) {
        int order = str_compare(s->entries[i].entry.name, name);

        if (order > 0 ||
            (order == 0 && str_compare(s->entries[i].entry.function, function) >= 0))
            break;
    }
    return i;
}

bool seal_is_at(const struct seal *s, size_t i, str function, str name)
{
    return i < s->count && str_equal(s->entries[i].entry.name, name) &&
           str_equal(s->entries[i].entry.function, function);
}

size_t seal_count(const struct seal *s)
{
    return s->count;
}

struct seal_entry seal_entry(const struct seal *s, size_t i)
{
    return s->entries[i].entry;
}

static const struct sealed *find(const struct seal *s, str function, str name)
{
    const str candidates[] = {function, STR(SEAL_EVERY_FUNCTION)};

    for (size_t k = 0; k < COUNT(candidates); k++) {
        size_t i = seal_position(s, candidates[k], name);

        if (seal_is_at(s, i, candidates[k], name))
            return &s->entries[i];
    }
    return NULL;
}

/* Of the name for any function at all, or NULL. */
static const struct sealed *find_name(const struct seal *s, str name)
{
    for (size_t i = 0; i < s->count; i++)
        if (str_equal(s->entries[i].entry.name, name))
            return &s->entries[i];
    return NULL;
}

static bool is_absent(const struct seal *s, str function, str name, struct err *e)
{
    bool shared = str_is(function, SEAL_EVERY_FUNCTION);
    const struct sealed *other = find_name(s, name);

    err_set(e, ERR_INPUT, "there is no secret '%.*s' for %s%.*s%s in '%s'", STR_ARG(name),
            shared ? "" : "'", STR_ARG(shared ? STR("every function") : function),
            shared ? "" : "'", s->file);
    if (other)
        return err_fix(e, "there is one for '%.*s': --function %.*s",
                       STR_ARG(other->entry.function), STR_ARG(other->entry.function));
    return err_fix(e, "fnward seal set %.*s", STR_ARG(name));
}

bool seal_open(const struct seal *s, const struct age_identity *identities, size_t count,
               str function, str name, struct secret *ret, struct err *e)
{
    CLEANUP(secret_free) struct secret key = {0};
    const struct sealed *from = find(s, function, name);

    if (!from)
        return is_absent(s, function, name, e);
    return key_open(s, identities, count, &key, e) &&
           value_open(s, from, &key, identities, count, ret, e);
}
