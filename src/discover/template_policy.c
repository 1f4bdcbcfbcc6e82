/*
 * template_policy: what roles and policies of a template permit, as actions of the contract.
 */
#include "discover/find.h"

/* SAM's policy templates: a row for each kind of resource, with the actions that touch it. '%'
 * in a resource stands for the argument. */
static const struct {
    const char *name, *argument, *resource, *actions;
} templates[] = {
    {"DynamoDBCrudPolicy", "TableName", "arn:aws:dynamodb:*:*:table/%",
     "dynamodb:GetItem dynamodb:DeleteItem dynamodb:PutItem dynamodb:Scan dynamodb:Query "
     "dynamodb:UpdateItem dynamodb:BatchWriteItem dynamodb:BatchGetItem "
     "dynamodb:DescribeTable dynamodb:ConditionCheckItem"},
    {"DynamoDBCrudPolicy", "TableName", "arn:aws:dynamodb:*:*:table/%/index/*",
     "dynamodb:Scan dynamodb:Query"},
    {"DynamoDBReadPolicy", "TableName", "arn:aws:dynamodb:*:*:table/%",
     "dynamodb:GetItem dynamodb:Scan dynamodb:Query dynamodb:BatchGetItem "
     "dynamodb:DescribeTable"},
    {"DynamoDBReadPolicy", "TableName", "arn:aws:dynamodb:*:*:table/%/index/*",
     "dynamodb:Scan dynamodb:Query"},
    {"DynamoDBWritePolicy", "TableName", "arn:aws:dynamodb:*:*:table/%",
     "dynamodb:PutItem dynamodb:UpdateItem dynamodb:BatchWriteItem"},
    {"SQSSendMessagePolicy", "QueueName", "arn:aws:sqs:*:*:%", "sqs:SendMessage*"},
    {"SQSPollerPolicy", "QueueName", "arn:aws:sqs:*:*:%",
     "sqs:ChangeMessageVisibility sqs:DeleteMessage sqs:GetQueueAttributes "
     "sqs:ReceiveMessage"},
    {"SNSPublishMessagePolicy", "TopicName", "arn:aws:sns:*:*:%", "sns:Publish"},
    {"S3ReadPolicy", "BucketName", "arn:aws:s3:::%",
     "s3:ListBucket s3:GetBucketLocation s3:GetLifecycleConfiguration"},
    {"S3ReadPolicy", "BucketName", "arn:aws:s3:::%/*", "s3:GetObject s3:GetObjectVersion"},
    {"S3WritePolicy", "BucketName", "arn:aws:s3:::%", "s3:PutLifecycleConfiguration"},
    {"S3WritePolicy", "BucketName", "arn:aws:s3:::%/*", "s3:PutObject s3:PutObjectAcl"},
    {"S3CrudPolicy", "BucketName", "arn:aws:s3:::%",
     "s3:ListBucket s3:GetBucketLocation s3:GetLifecycleConfiguration "
     "s3:PutLifecycleConfiguration"},
    {"S3CrudPolicy", "BucketName", "arn:aws:s3:::%/*",
     "s3:GetObject s3:GetObjectVersion s3:PutObject s3:PutObjectAcl s3:DeleteObject"},
    {"LambdaInvokePolicy", "FunctionName", "arn:aws:lambda:*:*:function:%*",
     "lambda:InvokeFunction"},
    {"KinesisStreamReadPolicy", "StreamName", "arn:aws:kinesis:*:*:stream/%",
     "kinesis:DescribeStream kinesis:DescribeStreamSummary kinesis:GetRecords "
     "kinesis:GetShardIterator"},
    {"KinesisCrudPolicy", "StreamName", "arn:aws:kinesis:*:*:stream/%",
     "kinesis:DescribeStream kinesis:DescribeStreamSummary kinesis:GetShardIterator "
     "kinesis:PutRecord kinesis:PutRecords"},
    {"EventBridgePutEventsPolicy", "EventBusName", "arn:aws:events:*:*:event-bus/%",
     "events:PutEvents"},
    {"SSMParameterReadPolicy", "ParameterName", "arn:aws:ssm:*:*:parameter/%",
     "ssm:GetParameters ssm:GetParameter ssm:GetParametersByPath"},
    {"AWSSecretsManagerGetSecretValuePolicy", "SecretArn", "%",
     "secretsmanager:GetSecretValue"},
    {"StepFunctionsExecutionPolicy", "StateMachineName", "arn:aws:states:*:*:stateMachine:%",
     "states:StartExecution"},
    {"KMSDecryptPolicy", "KeyId", "arn:aws:kms:*:*:key/%", "kms:Decrypt"},
    {"KMSEncryptPolicy", "KeyId", "arn:aws:kms:*:*:key/%", "kms:Encrypt"},
    {"FirehoseWritePolicy", "DeliveryStreamName", "arn:aws:firehose:*:*:deliverystream/%",
     "firehose:PutRecord firehose:PutRecordBatch"},
    {"SESCrudPolicy", "IdentityName", "arn:aws:ses:*:*:identity/%",
     "ses:SendEmail ses:SendRawEmail"},
    {"CloudWatchPutMetricPolicy", NULL, "*", "cloudwatch:PutMetricData"},
    {"RekognitionDetectOnlyPolicy", NULL, "*",
     "rekognition:DetectFaces rekognition:DetectLabels rekognition:DetectModerationLabels "
     "rekognition:DetectText"},
};

/* Managed policies of what Lambda itself needs, which fnward does for the function. */
static const char *const needless[] = {
    "AWSLambdaBasicExecutionRole",    "AWSLambdaVPCAccessExecutionRole",
    "AWSLambdaSQSQueueExecutionRole", "AWSLambdaDynamoDBExecutionRole",
    "AWSLambdaKinesisExecutionRole",  "AWSXrayWriteOnlyAccess",
    "AWSXRayDaemonWriteAccess",       "VPCAccessPolicy",
};

static str fill(struct finder *f, str pattern, str argument)
{
    CLEANUP(buf_free) struct buf out = {0};
    str before, rest = pattern;

    while (str_cut(&rest, '%', &before)) {
        buf_add(&out, before);
        if (rest.at)
            buf_add(&out, argument);
    }
    return arena_str(f->a, buf_str(&out));
}

bool template_policy(struct stack *t, struct discover_function *fn, str name,
                     const struct yaml *arguments)
{
    bool found = false;

    for (size_t i = 0; i < COUNT(templates); i++) {
        str argument = STR("*"), actions = str_of(templates[i].actions), action, resource;

        if (!str_is(name, templates[i].name))
            continue;
        found = true;
        if (templates[i].argument)
            (void)template_text(t, yaml_get(arguments, templates[i].argument), true, &argument);
        resource = fill(t->finder, str_of(templates[i].resource), argument);
        while (str_cut(&actions, ' ', &action))
            add_action(t->finder, fn, action, resource);
    }
    return found;
}

/* ---- statements ---- */

static const struct yaml *first_of(const struct yaml *value)
{
    return value && value->kind == YAML_LIST && !value->tag.len ? value->first : value;
}

static const struct yaml *next_of(const struct yaml *list, const struct yaml *item)
{
    return list->kind == YAML_LIST && !list->tag.len ? item->next : NULL;
}

static bool is_carried(struct stack *t, struct discover_function *fn,
                       const struct yaml *statement)
{
    static const char *const unknown[] = {"NotAction", "NotResource", "Condition"};
    const struct yaml *effect = yaml_get(statement, "Effect");

    if (effect && str_is(effect->text, "Deny")) {
        note(t->finder, &fn->notes,
             "a Deny statement is not carried: what is not named is denied");
        return false;
    }
    for (size_t i = 0; i < COUNT(unknown); i++)
        if (yaml_get(statement, unknown[i])) {
            note(t->finder, &fn->notes, "a statement with %s is not carried", unknown[i]);
            return false;
        }
    return yaml_get(statement, "Action") && yaml_get(statement, "Resource");
}

static void add_statement(struct stack *t, struct discover_function *fn,
                          const struct yaml *statement)
{
    const struct yaml *actions = yaml_get(statement, "Action");
    const struct yaml *resources = yaml_get(statement, "Resource");

    for (const struct yaml *a = first_of(actions); a; a = next_of(actions, a)) {
        for (const struct yaml *r = first_of(resources); r; r = next_of(resources, r)) {
            str resource;

            if (str_starts(a->text, STR("logs:")) || str_starts(a->text, STR("xray:")))
                continue; /* fnward keeps the log itself */
            if (template_text(t, r, true, &resource))
                add_action(t->finder, fn, a->text, resource);
        }
    }
}

void template_statements(struct stack *t, struct discover_function *fn,
                         const struct yaml *statements)
{
    for (const struct yaml *s = first_of(statements); s; s = next_of(statements, s))
        if (is_carried(t, fn, s))
            add_statement(t, fn, s);
}

/* ---- policies ---- */

static void managed_policy(struct stack *t, struct discover_function *fn,
                           const struct yaml *policy)
{
    str name = str_sub(policy->text, 0, policy->text.len);
    size_t slash = name.len;

    while (slash && name.at[slash - 1] != '/')
        slash--;
    name = str_sub(name, slash, name.len);
    for (size_t i = 0; i < COUNT(needless); i++)
        if (str_is(name, needless[i]))
            return;
    if (!template_policy(t, fn, name, NULL))
        note(t->finder, &fn->notes, "the managed policy %.*s is not carried: name its actions",
             STR_ARG(template_source(t->finder, policy)));
}

static void add_policy(struct stack *t, struct discover_function *fn, const struct yaml *policy)
{
    const struct yaml *document = yaml_get(policy, "PolicyDocument");

    if (policy->kind != YAML_MAP || policy->tag.len)
        managed_policy(t, fn, policy);
    else if (yaml_get(document, "Statement"))
        template_statements(t, fn, yaml_get(document, "Statement"));
    else if (yaml_get(policy, "Statement"))
        template_statements(t, fn, yaml_get(policy, "Statement"));
    else if (policy->first &&
             !template_policy(t, fn, policy->first->text, policy->first->value))
        note(t->finder, &fn->notes, "the policy template %.*s is not carried: name its actions",
             STR_ARG(policy->first->text));
}

void template_policies(struct stack *t, struct discover_function *fn,
                       const struct yaml *policies)
{
    for (const struct yaml *p = first_of(policies); p; p = next_of(policies, p))
        add_policy(t, fn, p);
}
