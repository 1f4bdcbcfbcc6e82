/*
 * template_value: what a value of a CloudFormation template says before there is a stack.
 */
#include "discover/find.h"

enum { DEPTH_MAX = 8 };

struct resolver {
    struct stack *t;
    bool pattern; /* what only the stack knows is '*' */
    struct buf *out;
};

static bool resolve(struct resolver *r, const struct yaml *value, unsigned depth);

/* ---- intrinsic functions: "!Ref X" and "Ref: X" ---- */

struct intrinsic {
    str name; /* "Ref", "Sub", "GetAtt", ... */
    const struct yaml *argument; /* its own tag does not count */
};

static bool read_intrinsic(const struct yaml *value, struct intrinsic *ret)
{
    if (value->tag.len > 1) {
        *ret = (struct intrinsic){str_sub(value->tag, 1, value->tag.len), value};
        return true;
    }
    if (value->kind != YAML_MAP || value->count != 1)
        return false;
    if (str_is(value->first->text, "Ref")) {
        *ret = (struct intrinsic){value->first->text, value->first->value};
        return true;
    }
    *ret = (struct intrinsic){str_sub(value->first->text, 4, value->first->text.len),
                              value->first->value};
    return str_starts(value->first->text, STR("Fn::"));
}

static bool is_scalar(const struct yaml *value)
{
    return value->kind != YAML_MAP && value->kind != YAML_LIST;
}

/* "X.Arn" or [X, Arn]: the part before the dot. */
static str attribute_owner(const struct yaml *argument)
{
    if (argument->kind == YAML_LIST)
        return argument->first ? argument->first->text : (str){"", 0};
    return str_sub(argument->text, 0, str_find(argument->text, '.'));
}

str template_target(struct stack *t, const struct yaml *value)
{
    struct intrinsic in;

    (void)t;
    if (!value || !read_intrinsic(value, &in))
        return (str){"", 0};
    if (str_is(in.name, "Ref") && is_scalar(in.argument))
        return in.argument->text;
    return str_is(in.name, "GetAtt") ? attribute_owner(in.argument) : (str){"", 0};
}

const struct yaml *template_resource(const struct stack *t, str logical)
{
    if (!t->resources || t->resources->kind != YAML_MAP)
        return NULL;
    for (const struct yaml *key = t->resources->first; key; key = key->next)
        if (str_equal(key->text, logical))
            return key->value;
    return NULL;
}

str template_type(const struct yaml *resource)
{
    const struct yaml *type = yaml_get(resource, "Type");

    return type && type->kind == YAML_STRING ? type->text : (str){"", 0};
}

/* ---- what a name stands for ---- */

static const struct {
    const char *type, *name; /* the property that gives its physical name */
    const char *arn; /* before that name */
} resources[] = {
    {"AWS::DynamoDB::Table", "TableName", "arn:aws:dynamodb:*:*:table/"},
    {"AWS::Serverless::SimpleTable", "TableName", "arn:aws:dynamodb:*:*:table/"},
    {"AWS::SQS::Queue", "QueueName", "arn:aws:sqs:*:*:"},
    {"AWS::SNS::Topic", "TopicName", "arn:aws:sns:*:*:"},
    {"AWS::S3::Bucket", "BucketName", "arn:aws:s3:::"},
    {"AWS::Lambda::Function", "FunctionName", "arn:aws:lambda:*:*:function:"},
    {"AWS::Serverless::Function", "FunctionName", "arn:aws:lambda:*:*:function:"},
    {"AWS::Kinesis::Stream", "Name", "arn:aws:kinesis:*:*:stream/"},
    {"AWS::Events::EventBus", "Name", "arn:aws:events:*:*:event-bus/"},
    {"AWS::SecretsManager::Secret", "Name", "arn:aws:secretsmanager:*:*:secret:"},
    {"AWS::KMS::Key", "KeyId", "arn:aws:kms:*:*:key/"},
    {"AWS::SSM::Parameter", "Name", "arn:aws:ssm:*:*:parameter"},
    {"AWS::StepFunctions::StateMachine", "StateMachineName",
     "arn:aws:states:*:*:stateMachine:"},
    {"AWS::Serverless::StateMachine", "Name", "arn:aws:states:*:*:stateMachine:"},
    {"AWS::KinesisFirehose::DeliveryStream", "DeliveryStreamName",
     "arn:aws:firehose:*:*:deliverystream/"},
};

static const struct {
    const char *name, *pattern;
} pseudo[] = {
    {"AWS::Partition", "aws"}, {"AWS::URLSuffix", "amazonaws.com"},
    {"AWS::Region", NULL},     {"AWS::AccountId", NULL},
    {"AWS::StackName", NULL},  {"AWS::StackId", NULL},
};

static bool unknown(struct resolver *r)
{
    if (r->pattern)
        buf_addc(r->out, '*');
    return r->pattern;
}

static bool add_plain(struct resolver *r, str text)
{
    if (r->t->expand)
        return r->t->expand(r->t, text, r->pattern, r->out);
    buf_add(r->out, text);
    return true;
}

/* CloudFormation names what has no name STACK-LOGICAL-RANDOM, S3 in lower case. */
static bool add_generated(struct resolver *r, str logical, bool lower)
{
    if (!r->pattern)
        return false;
    buf_add(r->out, STR("*-"));
    for (size_t i = 0; i < logical.len; i++) {
        char c = logical.at[i];

        buf_addc(r->out, lower && c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c);
    }
    buf_add(r->out, STR("-*"));
    return true;
}

static bool add_resource(struct resolver *r, str logical, bool arn, unsigned depth)
{
    const struct yaml *resource = template_resource(r->t, logical), *name;
    str type = template_type(resource);
    size_t i = 0;

    while (i < COUNT(resources) && !str_is(type, resources[i].type))
        i++;
    if (i == COUNT(resources))
        return unknown(r);
    if (arn && !r->pattern)
        return false;
    name = yaml_get(yaml_get(resource, "Properties"), resources[i].name);
    if (arn)
        buf_add(r->out, str_of(resources[i].arn));
    return name ? resolve(r, name, depth + 1)
                : add_generated(r, logical, str_is(type, "AWS::S3::Bucket"));
}

/* The name of a parameter, a pseudo parameter or a resource. */
static bool add_reference(struct resolver *r, str name, unsigned depth)
{
    const struct yaml *parameter = NULL, *usual;

    for (size_t i = 0; i < COUNT(pseudo); i++) {
        if (!str_is(name, pseudo[i].name))
            continue;
        if (!pseudo[i].pattern)
            return unknown(r);
        buf_add(r->out, str_of(pseudo[i].pattern));
        return true;
    }
    for (const struct yaml *key = r->t->parameters && r->t->parameters->kind == YAML_MAP
                                      ? r->t->parameters->first
                                      : NULL;
         key; key = key->next)
        if (str_equal(key->text, name))
            parameter = key->value;
    if (!parameter)
        return add_resource(r, name, false, depth);
    usual = yaml_get(parameter, "Default");
    if (!usual || !is_scalar(usual) || !usual->text.len || yaml_get(parameter, "NoEcho"))
        return unknown(r);
    buf_add(r->out, usual->text);
    return true;
}

/* ---- the functions themselves ---- */

/* One "${...}" of !Sub. */
static bool add_placeholder(struct resolver *r, str name, const struct yaml *values,
                            unsigned depth)
{
    if (name.len && name.at[0] == '!') {
        buf_addf(r->out, "${%.*s}", STR_ARG(str_sub(name, 1, name.len)));
        return true;
    }
    for (const struct yaml *key = values && values->kind == YAML_MAP ? values->first : NULL;
         key; key = key->next)
        if (str_equal(key->text, name))
            return resolve(r, key->value, depth + 1);
    if (str_find(name, ':') < name.len && !str_starts(name, STR("AWS::")))
        return add_plain(r, arena_format(r->t->finder->a, "${%.*s}", STR_ARG(name)));
    if (str_find(name, '.') < name.len)
        return str_ends(name, STR(".Arn"))
                   ? add_resource(r, str_sub(name, 0, str_find(name, '.')), true, depth)
                   : unknown(r);
    return add_reference(r, name, depth);
}

static bool add_sub(struct resolver *r, const struct yaml *argument, unsigned depth)
{
    const struct yaml *format = argument->kind == YAML_LIST ? argument->first : argument;
    str rest = format ? format->text : (str){"", 0};

    while (rest.len) {
        size_t at = str_find_str(rest, STR("${"));
        str name = str_sub(rest, at + 2, rest.len);

        buf_add(r->out, str_sub(rest, 0, at));
        if (at == rest.len)
            break;
        name = str_sub(name, 0, str_find(name, '}'));
        if (!add_placeholder(r, str_trim(name),
                             argument->kind == YAML_LIST ? format->next : NULL, depth))
            return false;
        rest = str_sub(rest, at + 2 + name.len + 1, rest.len);
    }
    return true;
}

static bool add_join(struct resolver *r, const struct yaml *argument, unsigned depth)
{
    const struct yaml *between = argument->kind == YAML_LIST ? argument->first : NULL;
    const struct yaml *list = between ? between->next : NULL;

    if (!list || list->kind != YAML_LIST || list->tag.len)
        return unknown(r);
    for (const struct yaml *item = list->first; item; item = item->next) {
        if (!resolve(r, item, depth + 1))
            return false;
        if (item->next)
            buf_add(r->out, between->text);
    }
    return true;
}

static bool resolve(struct resolver *r, const struct yaml *value, unsigned depth)
{
    struct intrinsic in;

    if (depth > DEPTH_MAX)
        return unknown(r);
    if (!read_intrinsic(value, &in)) {
        if (!is_scalar(value))
            return unknown(r);
        return add_plain(r, value->text);
    }
    if (str_is(in.name, "Ref") && is_scalar(in.argument))
        return add_reference(r, in.argument->text, depth);
    if (str_is(in.name, "Sub"))
        return add_sub(r, in.argument, depth);
    if (str_is(in.name, "Join"))
        return add_join(r, in.argument, depth);
    if (str_is(in.name, "GetAtt") &&
        (in.argument->kind != YAML_STRING || str_ends(in.argument->text, STR(".Arn"))))
        return add_resource(r, attribute_owner(in.argument), true, depth);
    return unknown(r);
}

bool template_text(struct stack *t, const struct yaml *value, bool pattern, str *ret)
{
    CLEANUP(buf_free) struct buf out = {.max = 16 << 10};
    struct resolver r = {.t = t, .pattern = pattern, .out = &out};
    str text;

    if (!value || value->kind == YAML_NULL || !resolve(&r, value, 0) || out.failed)
        return false;
    text = arena_str(t->finder->a, buf_str(&out));
    if (!text.at)
        return false;
    *ret = text;
    return true;
}

str template_source(struct finder *f, const struct yaml *value)
{
    struct intrinsic in;

    if (!read_intrinsic(value, &in))
        return is_scalar(value) ? value->text : STR("(a list or map)");
    return arena_format(
        f->a, "!%.*s %.*s", STR_ARG(in.name),
        STR_ARG(is_scalar(in.argument) ? in.argument->text : attribute_owner(in.argument)));
}
