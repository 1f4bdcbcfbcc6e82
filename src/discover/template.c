/*
 * template: the functions of a SAM or CloudFormation template.
 */
#include "discover/find.h"

static const char *const file_names[] = {
    "template.yaml", "template.yml", "template.json", "sam.yaml", "sam.yml",
};

struct subject {
    struct stack *t;
    str logical;
    const struct yaml *properties, *globals; /* of the function; for all functions */
    bool sam;
    struct discover_function *fn;
};

static const struct yaml *property(const struct subject *s, const char *name)
{
    const struct yaml *own = yaml_get(s->properties, name);

    return own ? own : yaml_get(s->globals, name);
}

static bool text_property(const struct subject *s, const char *name, str *ret)
{
    return template_text(s->t, property(s, name), false, ret);
}

/* ---- what a function is ---- */

/* A path on this machine. What lies in S3 was once made from files that may be here. */
static bool take_code(struct subject *s)
{
    const struct yaml *code = property(s, s->sam ? "CodeUri" : "Code");
    str path = STR(".");

    if (property(s, "InlineCode") || yaml_get(code, "ZipFile"))
        return false;
    if (!code && s->sam)
        return true;
    if (template_text(s->t, code, false, &path) && set_code(s->t->finder, s->fn, path))
        return true;
    note(s->t->finder, &s->fn->notes, "its code is not told as a directory: '.' is assumed");
    return true;
}

static bool take_handler(struct subject *s)
{
    str handler;

    if (s->fn->runtime == RUNTIME_PROVIDED)
        return true;
    return text_property(s, "Handler", &handler) && set_handler(s->t->finder, s->fn, handler);
}

/* ---- what it is given ---- */

static void take_variables(struct subject *s, const struct yaml *environment)
{
    const struct yaml *map = yaml_get(environment, "Variables");

    for (const struct yaml *key = map && map->kind == YAML_MAP ? map->first : NULL; key;
         key = key->next) {
        str value;

        if (template_text(s->t, key->value, false, &value) &&
            str_find_str(value, STR("{{resolve:")) == value.len)
            add_env(s->t->finder, s->fn, key->text, value);
        else
            add_unknown_env(s->t->finder, s->fn, key->text,
                            template_source(s->t->finder, key->value));
    }
}

#define FIELD(name) offsetof(struct discover_function, name)
static const struct number numbers[] = {
    {"Timeout", "timeout", 1, 900, FIELD(timeout_s)},
    {"MemorySize", "memory", 128, 10240, FIELD(memory_mb)},
    {"ReservedConcurrentExecutions", "concurrency", 1, 1000, FIELD(concurrency)},
};
static const struct number storage = {"Size", "size of /tmp", 512, 10240, FIELD(tmp_mb)};
#undef FIELD

static void take_limits(struct subject *s)
{
    str text;

    for (size_t i = 0; i < COUNT(numbers); i++)
        if (text_property(s, numbers[i].name, &text))
            set_number(s->t->finder, s->fn, &numbers[i], text);
    if (template_text(s->t, yaml_get(property(s, "EphemeralStorage"), storage.name), false,
                      &text))
        set_number(s->t->finder, s->fn, &storage, text);
}

/* The inline policies of a role that the template holds as well. */
static void take_role(struct subject *s)
{
    const struct yaml *role = property(s, "Role"), *resource, *properties;

    if (!role)
        return;
    resource = template_resource(s->t, template_target(s->t, role));
    if (!str_is(template_type(resource), "AWS::IAM::Role")) {
        note(s->t->finder, &s->fn->notes, "the role is not in the template: name its actions");
        return;
    }
    properties = yaml_get(resource, "Properties");
    template_policies(s->t, s->fn, yaml_get(properties, "Policies"));
    template_policies(s->t, s->fn, yaml_get(properties, "ManagedPolicyArns"));
}

/* ---- what calls it ---- */

/* Plain CloudFormation ties functions to their callers by resources of their own. */
static const struct {
    const char *type, *property, *contains, *trigger;
} callers[] = {
    {"AWS::Lambda::EventSourceMapping", "EventSourceArn", "sqs", "sqs"},
    {"AWS::Lambda::EventSourceMapping", "EventSourceArn", "dynamodb", "dynamodb"},
    {"AWS::Lambda::EventSourceMapping", "EventSourceArn", "kinesis", "kinesis"},
    {"AWS::Lambda::EventSourceMapping", "EventSourceArn", "kafka", "kafka"},
    {"AWS::Lambda::EventSourceMapping", "EventSourceArn", ":mq:", "mq"},
    {"AWS::Lambda::Permission", "Principal", "logs.amazonaws.com", "logs"},
    {"AWS::Lambda::Permission", "Principal", "cognito-idp.amazonaws.com", "cognito"},
    {"AWS::Lambda::Permission", "Principal", "s3.amazonaws.com", "s3"},
    {"AWS::Lambda::Permission", "Principal", "sns.amazonaws.com", "sns"},
    {"AWS::Lambda::Permission", "Principal", "events.amazonaws.com", "eventbridge"},
    {"AWS::Lambda::Permission", "Principal", "scheduler.amazonaws.com", "schedule"},
};

/* A stream's ARN is an attribute of a table, which template_text() does not know. */
static str caller_text(struct subject *s, const struct yaml *value)
{
    str type = template_type(template_resource(s->t, template_target(s->t, value))), text;

    if (str_is(type, "AWS::DynamoDB::Table"))
        return STR("dynamodb");
    return value && template_text(s->t, value, true, &text) ? text : (str){"", 0};
}

static void take_caller(struct subject *s, const struct yaml *resource)
{
    const struct yaml *properties = yaml_get(resource, "Properties");
    str type = template_type(resource);

    for (size_t i = 0; i < COUNT(callers); i++) {
        str text = str_is(type, callers[i].type)
                       ? caller_text(s, yaml_get(properties, callers[i].property))
                       : (str){"", 0};

        if (str_find_str(text, str_of(callers[i].contains)) < text.len)
            add_trigger(s->t->finder, s->fn, callers[i].trigger);
    }
    if (str_is(type, "AWS::Lambda::Url"))
        add_route(s->t->finder, s->fn, STR("ANY"), STR("/{proxy+}"));
    if (str_is(type, "AWS::Lambda::Permission") &&
        str_is(caller_text(s, yaml_get(properties, "Principal")), "apigateway.amazonaws.com"))
        note(s->t->finder, &s->fn->notes,
             "API Gateway calls this function: add its routes as http triggers");
}

static void take_callers(struct subject *s)
{
    for (const struct yaml *key = s->t->resources->first; key; key = key->next) {
        const struct yaml *properties = yaml_get(key->value, "Properties");
        const struct yaml *name = yaml_get(properties, "FunctionName");

        name = name ? name : yaml_get(properties, "TargetFunctionArn");
        if (name && str_equal(template_target(s->t, name), s->logical))
            take_caller(s, key->value);
    }
}

static void take_rest(struct subject *s)
{
    take_limits(s);
    take_variables(s, yaml_get(s->properties, "Environment"));
    take_variables(s, yaml_get(s->globals, "Environment"));
    template_policies(s->t, s->fn, property(s, "Policies"));
    take_role(s);
    template_events(s->t, s->fn, yaml_get(s->properties, "Events"));
    if (property(s, "FunctionUrlConfig"))
        add_route(s->t->finder, s->fn, STR("ANY"), STR("/{proxy+}"));
    take_callers(s);
    if (property(s, "Layers"))
        note(s->t->finder, &s->fn->notes,
             "layers are not carried: put their files into the code");
    complete(s->t->finder, s->fn);
}

static void take_function(struct subject *s)
{
    struct finder *f = s->t->finder;
    str runtime = {"", 0};

    if (property(s, "ImageUri") || yaml_get(property(s, "Code"), "ImageUri"))
        drop_function(f, s->fn, "it is a container image", runtime);
    else if (!text_property(s, "Runtime", &runtime) || !set_runtime(s->fn, runtime))
        drop_function(f, s->fn, "fnward does not run",
                      runtime.len ? runtime : STR("its runtime"));
    else if (!take_code(s))
        drop_function(f, s->fn, "its code stands in the template itself: put it into a file",
                      (str){"", 0});
    else if (!take_handler(s))
        drop_function(f, s->fn, "its handler is not told", (str){"", 0});
    else
        take_rest(s);
}

static void take_resource(struct stack *t, const struct yaml *key, const struct yaml *globals)
{
    str type = template_type(key->value), name = key->text;
    bool sam = str_is(type, "AWS::Serverless::Function");
    struct subject s = {
        .t = t,
        .logical = key->text,
        .properties = yaml_get(key->value, "Properties"),
        .globals = sam ? globals : NULL,
        .sam = sam,
    };

    if (!sam && !str_is(type, "AWS::Lambda::Function"))
        return;
    (void)text_property(&s, "FunctionName", &name);
    s.fn = add_function(t->finder, name);
    if (s.fn)
        take_function(&s);
}

/* ---- the file ---- */

static bool read_template(struct finder *f, const char *name, str text, struct err *e)
{
    struct stack t = {.finder = f};
    const struct yaml *globals;
    struct yaml *root;

    if (!yaml_read(f->a, text, name, &root, e))
        return false;
    t.resources = yaml_get(root, "Resources");
    t.parameters = yaml_get(root, "Parameters");
    globals = yaml_get(yaml_get(root, "Globals"), "Function");
    if (!t.resources || t.resources->kind != YAML_MAP)
        return true;
    for (const struct yaml *key = t.resources->first; key; key = key->next)
        take_resource(&t, key, globals);
    return true;
}

bool find_templates(struct finder *f, struct err *e)
{
    return read_first(f, file_names, COUNT(file_names), read_template, e);
}
