/*
 * template_event: what calls a function of a template.
 */
#include "discover/find.h"

/* The types of SAM's events. NULL: known, but nothing that fnward takes in yet. */
static const struct {
    const char *type, *trigger;
} events[] = {
    {"SQS", "sqs"},
    {"SNS", "sns"},
    {"S3", "s3"},
    {"DynamoDB", "dynamodb"},
    {"Kinesis", "kinesis"},
    {"MSK", "kafka"},
    {"SelfManagedKafka", "kafka"},
    {"MQ", "mq"},
    {"CloudWatchLogs", "logs"},
    {"Cognito", "cognito"},
    {"Schedule", "schedule"},
    {"ScheduleV2", "schedule"},
    {"EventBridgeRule", "eventbridge"},
    {"CloudWatchEvent", "eventbridge"},
};

static void add_api(struct stack *t, struct discover_function *fn,
                    const struct yaml *properties)
{
    str method = STR("ANY"), path = STR("/{proxy+}");

    (void)template_text(t, yaml_get(properties, "Method"), false, &method);
    (void)template_text(t, yaml_get(properties, "Path"), false, &path);
    if (str_is(path, "$default"))
        path = STR("/{proxy+}");
    add_route(t->finder, fn, method, path);
}

static void add_event(struct stack *t, struct discover_function *fn, const struct yaml *event)
{
    str type = template_type(event);

    if (str_is(type, "Api") || str_is(type, "HttpApi")) {
        add_api(t, fn, yaml_get(event, "Properties"));
        return;
    }
    for (size_t i = 0; i < COUNT(events); i++) {
        if (!str_is(type, events[i].type))
            continue;
        add_trigger(t->finder, fn, events[i].trigger);
        return;
    }
    note(t->finder, &fn->notes, "an event of type %.*s is not carried", STR_ARG(type));
}

void template_events(struct stack *t, struct discover_function *fn, const struct yaml *map)
{
    for (const struct yaml *key = map && map->kind == YAML_MAP ? map->first : NULL; key;
         key = key->next)
        add_event(t, fn, key->value);
}
