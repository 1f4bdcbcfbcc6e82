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

static bool is_arn(str text)
{
    str rest = text, part;
    unsigned parts = 0;

    while (parts < 6 && str_cut(&rest, ':', &part))
        parts++;
    return str_starts(text, STR("arn:")) && parts == 6 && part.len;
}

/* "service:Action resource", one space between. */
const char *contract_action_fault(str text)
{
    str resource = text, action, service;

    if (!str_cut(&resource, ' ', &action) || !resource.at)
        return "an action needs the resource that it may touch";
    if (!str_cut(&action, ':', &service) || !is_name(service, ACTION_MAX, "-") ||
        !is_name(action, ACTION_MAX, "*?"))
        return "an action is a service and its operation";
    if (str_is(action, "*"))
        return "every action of a service is more than a contract permits";
    if (resource.len > RESOURCE_MAX || str_find(resource, ' ') < resource.len ||
        (!str_is(resource, "*") && !is_arn(resource)))
        return "a resource is an ARN, or '*' where AWS knows none";
    return NULL;
}

static bool read_action(struct reader *r, const struct yaml *item, void *into)
{
    str *ret = into, text, action;
    const char *fault;

    if (!read_word(r, item, "an AWS action", "aws: [\"s3:GetObject arn:aws:s3:::menus/*\"]",
                   &text))
        return false;
    *ret = text;
    if (str_find(text, ' ') < text.len) { /* as many spaces as are written */
        str_cut(&text, ' ', &action);
        *ret = arena_format(r->a, "%.*s %.*s", STR_ARG(action), STR_ARG(str_trim(text)));
    }
    if (!ret->at)
        return err_limit(r->e);
    fault = contract_action_fault(*ret);
    if (!fault)
        return true;
    err_at(r->e, item->at, "%s", fault);
    return err_fix(r->e, "for example: \"dynamodb:PutItem "
                         "arn:aws:dynamodb:*:*:table/orders\"");
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
