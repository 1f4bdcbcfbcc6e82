/*
 * serverless_event: what calls a function of a serverless.yml.
 */
#include "discover/serverless.h"

static const struct {
    const char *event, *trigger;
} events[] = {
    {"sqs", "sqs"},
    {"sns", "sns"},
    {"s3", "s3"},
    {"schedule", "schedule"},
    {"eventBridge", "eventbridge"},
    {"cloudwatchEvent", "eventbridge"},
    {"cloudwatchLog", "logs"},
    {"msk", "kafka"},
    {"kafka", "kafka"},
    {"activemq", "mq"},
    {"rabbitmq", "mq"},
    {"cognitoUserPool", "cognito"},
    {"websocket", "websocket"},
};

/* "POST /orders", "POST orders" or {method, path}; "*" is every route. */
static void add_http(struct serverless *s, struct discover_function *fn,
                     const struct yaml *value)
{
    str method = STR("ANY"), path = STR("/{proxy+}"), text;

    if (value->kind == YAML_MAP) {
        (void)serverless_text(s, yaml_get(value, "method"), &method);
        (void)serverless_text(s, yaml_get(value, "path"), &path);
    } else if (serverless_text(s, value, &text) && !str_is(text, "*")) {
        str_cut(&text, ' ', &method);
        path = str_trim(text);
    }
    if (str_is(path, "*"))
        path = STR("/{proxy+}");
    if (!path.len || path.at[0] != '/')
        path = arena_format(s->finder->a, "/%.*s", STR_ARG(path));
    add_route(s->finder, fn, method, path);
}

/* An ARN as text, or the kind of stream by its name. */
static void add_stream(struct serverless *s, struct discover_function *fn,
                       const struct yaml *value)
{
    const struct yaml *type = yaml_get(value, "type"), *arn = yaml_get(value, "arn");
    str text = value->text;

    if (type)
        text = type->text;
    else if (arn)
        (void)template_text(&s->template, arn, true, &text);
    if (str_find_str(text, STR("kinesis")) < text.len)
        add_trigger(s->finder, fn, "kinesis");
    else
        add_trigger(s->finder, fn, "dynamodb");
}

static void add_event(struct serverless *s, struct discover_function *fn, str name,
                      const struct yaml *value)
{
    if (str_is(name, "http") || str_is(name, "httpApi")) {
        add_http(s, fn, value);
        return;
    }
    if (str_is(name, "stream")) {
        add_stream(s, fn, value);
        return;
    }
    for (size_t i = 0; i < COUNT(events); i++) {
        if (!str_is(name, events[i].event))
            continue;
        add_trigger(s->finder, fn, events[i].trigger);
        return;
    }
    note(s->finder, &fn->notes, "the event '%.*s' is not carried", STR_ARG(name));
}

void serverless_events(struct serverless *s, struct discover_function *fn,
                       const struct yaml *list)
{
    for (const struct yaml *item = list && list->kind == YAML_LIST ? list->first : NULL; item;
         item = item->next) {
        if (item->kind == YAML_MAP && item->first)
            add_event(s, fn, item->first->text, item->first->value);
        else
            add_event(s, fn, item->text, item);
    }
}
