/*
 * change: values set and removed, recipients added and removed.
 */
#include "seal/parts.h"

static bool check_value(str value, struct err *e)
{
    if (value.len < SEAL_VALUE_MIN) {
        err_set(e, ERR_INPUT, "a value of %zu bytes is too short to be kept out of logs",
                value.len);
        return err_fix(e, "its every occurrence would be blanked out; use at least %d bytes",
                       SEAL_VALUE_MIN);
    }
    if (value.len > SEAL_VALUE_MAX)
        return err_set(e, ERR_LIMIT, "a value of %zu bytes is above the limit of %d", value.len,
                       SEAL_VALUE_MAX);
    if (memchr(value.at, 0, value.len))
        return err_set(e, ERR_INPUT,
                       "the value holds a zero byte, which no environment variable can");
    return true;
}

/* The store's key; a new store gets its own, sealed to ourselves. */
static bool open_or_create_key(struct seal *s, const struct age_identity *identities,
                               size_t count, struct secret *ret, struct err *e)
{
    if (s->key.len)
        return key_open(s, identities, count, ret, e);
    for (size_t i = 0; i < count; i++)
        seal_recipient_add(s, &identities[i].recipient);
    return key_create(s, ret, e);
}

/* Whether all entries but `except` are genuine. */
static bool check_entries(const struct seal *s, size_t except, const struct secret *key,
                          const struct age_identity *identities, size_t count, struct err *e)
{
    for (size_t i = 0; i < s->count; i++) {
        CLEANUP(secret_free) struct secret value = {0};

        if (i == except || value_open(s, &s->entries[i], key, identities, count, &value, e))
            continue;
        if (!e->fix[0])
            err_fix(e, "restore the file, or 'fnward seal remove' the secret");
        return false;
    }
    return true;
}

static bool copy_into(struct arena *a, str *s)
{
    *s = arena_str(a, *s);
    return s->at;
}

static bool insert(struct seal *s, size_t i, const struct sealed *entry, struct err *e)
{
    struct sealed copy = *entry;

    if (s->count == SEAL_ENTRIES_MAX)
        return err_set(e, ERR_LIMIT, "'%s' holds %d secrets already, which is the limit",
                       s->file, SEAL_ENTRIES_MAX);
    if (!copy_into(s->arena, &copy.entry.name) || !copy_into(s->arena, &copy.entry.function))
        return err_limit(e);
    memmove(s->entries + i + 1, s->entries + i, (s->count - i) * sizeof(*s->entries));
    s->entries[i] = copy;
    s->count++;
    return true;
}

/* Seals and stores; an entry whose mark stays the same keeps its bytes. */
static bool put(struct seal *s, size_t i, struct sealed *new, const struct secret *inside,
                enum seal_change *ret, struct err *e)
{
    bool is_old = seal_is_at(s, i, new->entry.function, new->entry.name);

    if (is_old && memcmp(s->entries[i].mark, new->mark, SEAL_MARK) == 0) {
        *ret = SEAL_UNCHANGED;
        return true;
    }
    if (!copy_into(s->arena, &new->entry.changed))
        return err_limit(e);
    if (!value_seal(s, inside, &new->cipher, e) || (!is_old && !insert(s, i, new, e)))
        return false;
    if (is_old) {
        new->entry.name = s->entries[i].entry.name;
        new->entry.function = s->entries[i].entry.function;
        s->entries[i] = *new;
    }
    *ret = is_old ? SEAL_CHANGED : SEAL_ADDED;
    return true;
}

bool seal_set(struct seal *s, const struct age_identity *identities, size_t count, str function,
              str name, str value, str date, enum seal_change *ret, struct err *e)
{
    CLEANUP(secret_free) struct secret key = {0};
    CLEANUP(secret_free) struct secret inside = {0};
    struct sealed new = {.entry = {name, function, date, false}};
    size_t i = seal_position(s, function, name);
    bool is_old = seal_is_at(s, i, function, name);

    if (!seal_name_check(name, e) || !seal_function_check(function, e) ||
        !check_value(value, e))
        return false;
    if (!seal_date_is_well_formed(date))
        return err_set(e, ERR_INPUT, "'%.*s' is not a date", STR_ARG(date));
    return open_or_create_key(s, identities, count, &key, e) &&
           check_entries(s, is_old ? i : SIZE_MAX, &key, identities, count, e) &&
           value_wrap(function, name, value, &inside, e) &&
           value_mark(&key, &inside, new.mark, e) && put(s, i, &new, &inside, ret, e);
}

bool seal_remove(struct seal *s, str function, str name, struct err *e)
{
    size_t i = seal_position(s, function, name);

    if (!seal_is_at(s, i, function, name))
        return err_set(e, ERR_INPUT, "there is no secret '%.*s' of function '%.*s' in '%s'",
                       STR_ARG(name), STR_ARG(function), s->file);
    s->count--;
    memmove(s->entries + i, s->entries + i + 1, (s->count - i) * sizeof(*s->entries));
    return true;
}

/* ---- recipients ---- */

static bool drop_recipients(struct seal *s, const struct seal_rotation *how, struct err *e)
{
    for (size_t i = 0; i < how->remove_count; i++) {
        char text[AGE_TEXT_MAX];

        if (seal_recipient_drop(s, &how->remove[i]))
            continue;
        age_recipient_text(&how->remove[i], text);
        return err_set(e, ERR_INPUT, "'%s' is not a recipient of '%s'", text, s->file);
    }
    return true;
}

static bool add_recipients(struct seal *s, const struct seal_rotation *how, struct err *e)
{
    for (size_t i = 0; i < how->add_count; i++) {
        if (s->recipient_count == AGE_RECIPIENTS_MAX)
            return err_set(e, ERR_LIMIT, "more than %d recipients", AGE_RECIPIENTS_MAX);
        seal_recipient_add(s, &how->add[i]);
    }
    return true;
}

/* Whoever rotates must be able to rotate back. */
static bool keeps_one_of(const struct seal *s, const struct age_identity *identities,
                         size_t count, struct err *e)
{
    for (size_t i = 0; i < s->recipient_count; i++)
        for (size_t k = 0; k < count; k++)
            if (memcmp(&s->recipients[i], &identities[k].recipient, sizeof(s->recipients[i])) ==
                0)
                return true;
    err_set(e, ERR_DENIED, "after this, you could not read '%s' any more", s->file);
    return err_fix(e, "let another recipient remove yours");
}

struct key_pair {
    struct secret old, new;
};

static void key_pair_free(struct key_pair *p)
{
    secret_free(&p->old);
    secret_free(&p->new);
}

static bool reseal(struct seal *s, struct sealed *entry, const struct key_pair *keys,
                   const struct age_identity *identities, size_t count, struct err *e)
{
    CLEANUP(secret_free) struct secret value = {0};
    CLEANUP(secret_free) struct secret inside = {0};

    return value_open(s, entry, &keys->old, identities, count, &value, e) &&
           value_wrap(entry->entry.function, entry->entry.name, secret_str(&value), &inside,
                      e) &&
           value_mark(&keys->new, &inside, entry->mark, e) &&
           value_seal(s, &inside, &entry->cipher, e);
}

bool seal_rotate(struct seal *s, const struct age_identity *identities, size_t count,
                 const struct seal_rotation *how, struct err *e)
{
    CLEANUP(key_pair_free) struct key_pair keys = {0};

    if (!open_or_create_key(s, identities, count, &keys.old, e) || !add_recipients(s, how, e) ||
        !drop_recipients(s, how, e) || !keeps_one_of(s, identities, count, e) ||
        !key_create(s, &keys.new, e))
        return false;
    for (size_t i = 0; i < s->count; i++) {
        if (!reseal(s, &s->entries[i], &keys, identities, count, e))
            return false;
        s->entries[i].entry.rotate |= how->remove_count > 0;
    }
    return true;
}
