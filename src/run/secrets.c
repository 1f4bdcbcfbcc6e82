#include "run/secrets.h"

struct opened {
    size_t function;
    str name;
    struct secret value;
};

struct secrets {
    struct opened *all;
    size_t count;
};

static size_t declared(const struct contract *c)
{
    size_t n = 0;

    for (size_t i = 0; i < c->function_count; i++)
        n += c->functions[i].secret_count;
    return n;
}

static bool open_function(const struct contract *c, size_t index, const struct seal *store,
                          const struct seal_identities *identities, struct secrets *s,
                          struct err *e)
{
    const struct function *f = &c->functions[index];

    for (size_t i = 0; i < f->secret_count; i++) {
        struct opened *o = &s->all[s->count];

        if (!seal_open(store, identities->items, identities->count, f->name, f->secrets[i],
                       &o->value, e))
            return err_wrap(e, "the secret %.*s of '%.*s'", STR_ARG(f->secrets[i]),
                            STR_ARG(f->name));
        o->function = index;
        o->name = f->secrets[i];
        s->count++;
    }
    return true;
}

static bool open_all(struct arena *a, const struct contract *c, const char *path,
                     const char *identity, struct secrets *s, struct err *e)
{
    CLEANUP(seal_identities_free) struct seal_identities identities = {0};
    struct seal *store;

    if (!seal_identities_load(identity, &identities, e) || !seal_read(a, path, &store, e))
        return false;
    for (size_t i = 0; i < c->function_count; i++)
        if (!open_function(c, i, store, &identities, s, e))
            return false;
    return true;
}

bool secrets_open(struct arena *a, const struct contract *c, const char *store,
                  const char *identity, struct secrets **ret, struct err *e)
{
    struct secrets *s = arena_alloc(a, sizeof(*s));
    size_t n = declared(c);

    if (!s || !(s->all = arena_array(a, n, sizeof(*s->all))))
        return err_limit(e);
    if (n && !open_all(a, c, store, identity, s, e)) {
        secrets_close(s);
        return false;
    }
    *ret = s;
    return true;
}

void secrets_close(struct secrets *s)
{
    for (size_t i = 0; s && i < s->count; i++)
        secret_free(&s->all[i].value);
}

bool secrets_mark(struct arena *a, const struct secrets *s, struct snapshot *into,
                  struct err *e)
{
    size_t made;

    random_bytes(into->redact_key.bytes, sizeof(into->redact_key.bytes));
    into->marks = arena_array(a, s->count * REDACT_FORMS_MAX, sizeof(*into->marks));
    into->secret_names = arena_array(a, s->count, sizeof(*into->secret_names));
    if (!into->marks || !into->secret_names)
        return err_limit(e);
    for (size_t i = 0; i < s->count; i++) {
        if (into->mark_count + REDACT_FORMS_MAX > REDACT_MARKS_MAX)
            return err_set(e, ERR_LIMIT,
                           "the contract declares more secrets than can be redacted");
        made = redact_marks(&into->redact_key, secret_str(&s->all[i].value), (uint32_t)i,
                            into->marks + into->mark_count);
        if (!made)
            return err_set(e, ERR_INPUT,
                           "the secret %.*s can't be kept out of the output: it has "
                           "fewer than %d or more than %d bytes",
                           STR_ARG(s->all[i].name), REDACT_SHORTEST, REDACT_LONGEST);
        into->mark_count += made;
        into->secret_names[i] = arena_str(a, s->all[i].name).at;
        if (!into->secret_names[i])
            return err_limit(e);
    }
    into->secret_count = s->count;
    return true;
}

static size_t environment_size(const struct secrets *s, size_t function)
{
    size_t n = 0;

    for (size_t i = 0; i < s->count; i++)
        if (s->all[i].function == function)
            n += s->all[i].name.len + s->all[i].value.len + 2;
    return n;
}

bool secrets_environment(const struct secrets *s, size_t function, struct buf *b,
                         const char **ret, size_t max, size_t *count, struct err *e)
{
    size_t n = 0;

    /* All at once: a buffer that grows leaves copies behind, and `ret` points into it. */
    if (!buf_reserve(b, environment_size(s, function) + 1))
        return err_limit(e);
    for (size_t i = 0; i < s->count; i++) {
        if (s->all[i].function != function)
            continue;
        if (n == max)
            return err_set(e, ERR_LIMIT, "more secrets than fit an environment");
        ret[n++] = b->at + b->len;
        buf_add(b, s->all[i].name);
        buf_addc(b, '=');
        buf_add(b, secret_str(&s->all[i].value));
        buf_addc(b, 0);
    }
    *count = n;
    return true;
}
