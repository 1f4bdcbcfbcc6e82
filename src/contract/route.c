/*
 * route: "POST /orders/{id}", with the paths of API Gateway's HTTP APIs.
 */
#include "contract/read.h"

enum { PATH_MAX_BYTES = 512, PARAM_MAX = 64, PARAMS_MAX = 16 };

static const char *const methods[] = {
    "GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "ANY",
};

/* What fnward itself answers. */
static const struct {
    str path;
    const char *why;
} reserved[] = {
    {STR_INIT("/_fnward"), "belongs to fnward's own health and metrics"},
    {STR_INIT("/2015-03-31"), "belongs to the Lambda Invoke API"},
};

/* What can be wrong with a path, and the way out of it. */
struct fault {
    const char *what, *fix;
};

static const struct fault no_slash = {"must start with '/'",
                                      "for example: http: POST /orders/{id}"},
                          too_long = {"is longer than 512 bytes", "shorten it"},
                          empty_segment = {"has an empty segment", "remove the extra '/'"},
                          dots = {"must not hold '.' or '..'", "write the path that is meant"},
                          not_last = {"has a '{name+}' before its end",
                                      "only the last segment can take the rest of the path"},
                          no_name = {"has a parameter without a proper name",
                                     "name it with letters, digits, '_' or '-': /orders/{id}"},
                          not_whole = {"has a parameter that is not a whole segment",
                                       "let it stand between slashes: /orders/{id}"},
                          bad_character = {"holds a character that a path cannot hold",
                                           "use letters, digits and -_.~!$&'()*+,;=:@"},
                          too_many = {"has more than 16 parameters", "use fewer"},
                          twice = {"has two parameters of the same name", "rename one"};

static bool read_method(struct reader *r, const struct yaml *value, str word, str *ret)
{
    struct yaml method = *value;

    method.text = word;
    method.at.width = (unsigned)word.len;
    for (size_t i = 0; i < COUNT(methods); i++) {
        if (!str_is(word, methods[i]))
            continue;
        *ret = str_of(methods[i]);
        return true;
    }
    return unknown_word(r, &method, "a method", methods, COUNT(methods));
}

/* "{id}" or, at the end, "{rest+}". */
static const struct fault *param_fault(str segment, bool last)
{
    str name = str_sub(segment, 1, segment.len - 2);
    bool greedy = name.len && name.at[name.len - 1] == '+';

    if (greedy && !last)
        return &not_last;
    if (greedy)
        name.len--;
    return is_name(name, PARAM_MAX, "_-") ? NULL : &no_name;
}

static const struct fault *segment_fault(str segment, bool last)
{
    if (!segment.len)
        return &empty_segment;
    if (str_is(segment, ".") || str_is(segment, ".."))
        return &dots;
    if (segment.at[0] == '{' && segment.at[segment.len - 1] == '}')
        return param_fault(segment, last);
    if (str_find(segment, '{') < segment.len || str_find(segment, '}') < segment.len)
        return &not_whole;
    return is_name(segment, PATH_MAX_BYTES, "-_.~!$&'()*+,;=:@") ? NULL : &bad_character;
}

/* Of a path whose segments are good. */
static const struct fault *params_fault(str path)
{
    str rest = str_sub(path, 1, path.len), segment, seen[PARAMS_MAX];
    size_t n = 0;

    while (str_cut(&rest, '/', &segment)) {
        if (!segment.len || segment.at[0] != '{')
            continue;
        segment = str_sub(segment, 1, str_find(segment, '}') - 1);
        if (segment.at[segment.len - 1] == '+')
            segment.len--;
        if (n == PARAMS_MAX)
            return &too_many;
        for (size_t i = 0; i < n; i++)
            if (str_equal(seen[i], segment))
                return &twice;
        seen[n++] = segment;
    }
    return NULL;
}

static const struct fault *path_fault(str path)
{
    str rest = str_sub(path, 1, path.len), segment;

    if (!path.len || path.at[0] != '/')
        return &no_slash;
    if (path.len > PATH_MAX_BYTES)
        return &too_long;
    while (path.len > 1 && str_cut(&rest, '/', &segment)) {
        const struct fault *fault = segment_fault(segment, !rest.at);

        if (fault)
            return fault;
    }
    return params_fault(path);
}

/* Who answers below this path already, or NULL. */
static const char *path_owner(str path)
{
    for (size_t i = 0; i < COUNT(reserved); i++)
        if (path_is_below(path, reserved[i].path))
            return reserved[i].why;
    return NULL;
}

const char *contract_path_fault(str path)
{
    const struct fault *fault = path_fault(path);

    return fault ? fault->what : path_owner(path);
}

static bool check_path(struct reader *r, const struct yaml *value, str path)
{
    const struct fault *fault = path_fault(path);

    if (fault) {
        err_at(r->e, value->at, "the path %s", fault->what);
        return err_fix(r->e, "%s", fault->fix);
    }
    if (!path_owner(path))
        return true;
    err_at(r->e, value->at, "the path '%.*s' %s", STR_ARG(str_sub(path, 0, 80)),
           path_owner(path));
    return err_fix(r->e, "choose another path");
}

bool read_route(struct reader *r, const struct yaml *value, struct trigger *t)
{
    str rest, method;

    if (!read_word(r, value, "a route", "http: POST /orders/{id}", &rest))
        return false;
    if (!str_cut(&rest, ' ', &method) || !rest.at) {
        err_at(r->e, value->at, "a route is a method and a path");
        return err_fix(r->e, "for example: http: POST /orders/{id}");
    }
    rest = str_trim(rest);
    if (!read_method(r, value, method, &t->method) || !check_path(r, value, rest))
        return false;
    t->path = rest;
    return true;
}

/* ---- over all functions ---- */

/* The method and path with its parameters' names left out: they differ by place, not by name. */
static str shape_of(struct arena *a, const struct trigger *t)
{
    char *out = arena_alloc(a, t->method.len + t->path.len + 1);
    size_t n = t->method.len;

    if (!out)
        return (str){NULL, 0};
    memcpy(out, t->method.at, n);
    for (size_t i = 0; i < t->path.len; i++) {
        out[n++] = t->path.at[i];
        if (t->path.at[i] == '{')
            while (t->path.at[i + 1] != '}' && t->path.at[i + 1] != '+')
                i++;
    }
    return (str){out, n};
}

struct claim {
    str shape;
    const struct trigger *trigger;
    const struct function *owner;
};

/* Open addressing, at most half full. */
struct claims {
    struct claim *slots;
    size_t mask;
};

static bool claim(struct reader *r, struct claims *all, const struct function *f,
                  const struct trigger *t)
{
    struct claim mine = {.shape = shape_of(r->a, t), .trigger = t, .owner = f};
    size_t i = str_hash(mine.shape, (uintptr_t)all->slots) & all->mask;

    if (!mine.shape.at)
        return err_limit(r->e);
    for (; all->slots[i].trigger; i = (i + 1) & all->mask) {
        const struct claim *other = &all->slots[i];

        if (!str_equal(other->shape, mine.shape))
            continue;
        err_at(r->e, t->at, "this route belongs to '%.*s' already, by line %u",
               STR_ARG(other->owner->name), other->trigger->at.line);
        return err_fix(r->e, "one method and path can have one function");
    }
    all->slots[i] = mine;
    return true;
}

static size_t trigger_total(const struct contract *c)
{
    size_t n = 0;

    for (size_t i = 0; i < c->function_count; i++)
        n += c->functions[i].trigger_count;
    return n;
}

bool routes_unique(struct reader *r)
{
    const struct contract *c = r->contract;
    size_t size = 16;
    struct claims all;

    while (size < 2 * trigger_total(c))
        size *= 2;
    all = (struct claims){arena_array(r->a, size, sizeof(*all.slots)), size - 1};
    if (!all.slots)
        return err_limit(r->e);
    for (size_t i = 0; i < c->function_count; i++) {
        const struct function *f = &c->functions[i];

        for (size_t k = 0; k < f->trigger_count; k++)
            if (trigger_has_route(f->triggers[k].kind) && !claim(r, &all, f, &f->triggers[k]))
                return false;
    }
    return true;
}
