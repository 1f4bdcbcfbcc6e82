/*
 * may: what a function is permitted besides its own code and /tmp: files, programs, actions.
 */
#include "contract/read.h"

enum { ACTION_MAX = 256, RESOURCE_MAX = 2048 };

static const struct key rows[] = {
    {"read", read_paths_read, false}, {"write", read_paths_write, false},
    {"connect", read_connect, false}, {"run", read_programs, false},
    {"aws", read_aws, false},
};

static const struct hint hints[] = {
    {"network", "hosts stand under connect: [api.stripe.com:443]"},
    {"net", "hosts stand under connect: [api.stripe.com:443]"},
    {"hosts", "hosts stand under connect: [api.stripe.com:443]"},
    {"exec", "child programs stand under run: [/usr/bin/convert]"},
    {"iam", "AWS actions stand under aws: [\"dynamodb:PutItem arn:aws:...\"]"},
    {"env", "variables stand beside may, under env: {STAGE: prod}"},
    {"secrets", "secrets stand beside may: secrets: [STRIPE_KEY]"},
};

static const struct keys keys = {
    .what = "a permission",
    .example = "may: {read: [data/], connect: [api.stripe.com:443]}",
    .rows = rows,
    .count = COUNT(rows),
    .hints = hints,
    .hint_count = COUNT(hints),
};

bool read_may(struct reader *r, const struct yaml *map, void *function)
{
    return read_keys(r, map, map->at, &keys, function);
}

/* ---- AWS actions ---- */

static bool wrong_action(struct reader *r, const struct yaml *item, const char *what)
{
    err_at(r->e, item->at, "%s", what);
    return err_fix(r->e, "for example: \"dynamodb:PutItem "
                         "arn:aws:dynamodb:*:*:table/orders\"");
}

static bool is_arn(str text)
{
    str rest = text, part;
    unsigned parts = 0;

    while (parts < 6 && str_cut(&rest, ':', &part))
        parts++;
    return str_starts(text, STR("arn:")) && parts == 6 && part.len;
}

/* "service:Action resource", one space between. */
static bool read_action(struct reader *r, const struct yaml *item, void *into)
{
    str *ret = into, text, rest, action, service;

    if (!read_word(r, item, "an AWS action", "aws: [\"s3:GetObject arn:aws:s3:::menus/*\"]",
                   &text))
        return false;
    rest = text;
    if (!str_cut(&rest, ' ', &action) || !rest.at)
        return wrong_action(r, item, "an action needs the resource that it may touch");
    rest = str_trim(rest);
    *ret = arena_format(r->a, "%.*s %.*s", STR_ARG(action), STR_ARG(rest));
    if (!ret->at)
        return err_limit(r->e);
    if (!str_cut(&action, ':', &service) || !is_name(service, ACTION_MAX, "-") ||
        !is_name(action, ACTION_MAX, "*?"))
        return wrong_action(r, item, "an action is a service and its operation");
    if (str_is(action, "*"))
        return wrong_action(r, item, "every action of a service is more than a contract");
    if (rest.len > RESOURCE_MAX || str_find(rest, ' ') < rest.len ||
        (!str_is(rest, "*") && !is_arn(rest)))
        return wrong_action(r, item, "a resource is an ARN, or '*' where AWS knows none");
    return true;
}

bool read_aws(struct reader *r, const struct yaml *list, void *function)
{
    static const struct items items = {
        .what = "an AWS action",
        .example = "aws: [\"s3:GetObject arn:aws:s3:::menus/*\"]",
        .read = read_action,
        .size = sizeof(str),
        .max = CONTRACT_LIST_MAX,
    };
    struct function *f = function;

    return read_list(r, list, &items, &f->aws, &f->aws_count);
}
