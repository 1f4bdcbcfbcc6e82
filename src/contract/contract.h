/*
 * contract: fnward.yaml read into structs, and checked.
 *
 * Closed by default: what is not named is not permitted, a limit that is not given has the safe
 * default of its row in the table of limits. A mistake is one error with its place, the line,
 * carets and the fix. Nothing is started from a contract that did not read to the end.
 */
#pragma once

#include "base/base.h"
#include "json/json.h"

enum { CONTRACT_FUNCTIONS_MAX = 256, CONTRACT_TRIGGERS_MAX = 64, CONTRACT_LIST_MAX = 64 };

enum runtime { RUNTIME_NODEJS, RUNTIME_PYTHON, RUNTIME_PROVIDED };

enum trigger_kind {
    TRIGGER_HTTP,
    TRIGGER_INVOKE,
    TRIGGER_SQS,
    TRIGGER_SNS,
    TRIGGER_S3,
    TRIGGER_EVENTBRIDGE,
    TRIGGER_DYNAMODB,
    TRIGGER_KINESIS,
    TRIGGER_SCHEDULE,
    TRIGGER_CLOUDEVENT,
    TRIGGER_KAFKA,
    TRIGGER_MQ,
    TRIGGER_LOGS,
    TRIGGER_FIREHOSE,
    TRIGGER_WEBSOCKET,
    TRIGGER_AUTHORIZER,
    TRIGGER_COGNITO,
    TRIGGER_SES,
};

/* What becomes of records that are not what the contract says. */
enum bad_records {
    BAD_QUARANTINE, /* written down with the reason, and reported as consumed */
    BAD_FAIL, /* reported as failed: they come back, as the source's own policy says */
};

enum { TRIGGER_LAYERS_MAX = 3 };

/* A JSON Schema that the contract names or holds. `source` is NULL where there is none. */
struct contract_schema {
    const struct json *source;
    str name; /* "schemas/order.json", or the contract's file for one written inline */
    struct place at; /* in the contract */
};

struct trigger {
    enum trigger_kind kind;
    struct place at;
    /* http, cloudevent: `method` is upper case or "ANY"; `path` is a pattern as API Gateway's:
     * "/orders/{id}", "/files/{name+}". */
    str method, path;
    struct contract_schema body; /* http: the body; all others: the event or each payload */
    struct contract_schema query; /* http only: an object of strings, coerced by its types */
    struct contract_schema headers; /* http only: an object of strings, lower-case names */
    struct contract_schema params; /* http only: the path's parameters */
    enum bad_records bad_records; /* batches only */
    /* sqs and sns: the envelopes that each message comes in, outermost first: "sns", "s3",
     * "eventbridge". Not given: those that are recognised. */
    bool unwrap_given;
    str unwrap[TRIGGER_LAYERS_MAX];
    size_t unwrap_count;
    str *types; /* cloudevent: the types that pass; none: all */
    size_t type_count;
    bool batch; /* cloudevent: several in one request pass as well */
};

struct limits {
    uint64_t timeout_ms; /* 100 ms to 900 s, default 3 s */
    uint64_t memory, body, tmp; /* bytes; default 128 MB, 64 KB, 64 MB (units are of 1024) */
    unsigned concurrency; /* instances at once, default 8 */
    unsigned queue; /* callers waiting past that, default 64 */
    unsigned processes; /* default 16 */
    unsigned cpu_percent; /* of one core, default 100 */
    uint64_t rate, rate_per_ms; /* calls per period; rate 0: no limit of rate */
};

struct pair {
    str name, value;
};

struct returns_rule {
    uint16_t status; /* 200 to 599, or 2 to 5 for all that begin so */
    struct contract_schema schema;
};

struct cookie_rule { /* what is added where the function does not say it */
    str name;
    bool http_only, secure;
    str same_site; /* "Strict", "Lax" or "None" */
};

/* What may leave a function besides its result. */
struct answers {
    bool full_errors; /* the caller is told an error's stack and paths too */
    str *headers; /* of a response, besides those that always pass */
    size_t header_count;
    struct cookie_rule *cookies; /* those whose attributes are not the usual ones */
    size_t cookie_count;
};

struct connect_rule {
    str host; /* a name, lower case, or an IPv4 or IPv6 address */
    uint16_t port;
    struct place at;
};

struct path_rule {
    str path; /* absolute and clean */
    struct place at;
};

struct function {
    str name;
    struct place at;
    str code; /* absolute path of its directory; may be the contract's own */
    struct place code_at;
    enum runtime runtime;
    str handler; /* "app.handler"; provided: "bootstrap" where none is given */
    struct place handler_at;
    struct trigger *triggers;
    size_t trigger_count;
    struct contract_schema returns; /* for every result; over HTTP for those of 2xx */
    struct returns_rule
        *returns_by_status; /* instead of `returns`; what no row names is wrong */
    size_t returns_count;
    struct answers answers;
    struct limits limits;
    struct pair *env;
    size_t env_count;
    str *secrets;
    size_t secret_count;
    struct path_rule *read, *write, *run;
    size_t read_count, write_count, run_count;
    struct connect_rule *connect;
    size_t connect_count;
    str *aws; /* "action resource" */
    size_t aws_count;
};

struct contract {
    const char *file; /* as named in messages */
    str root; /* absolute path of the directory that it stands in */
    const struct json *source; /* the whole of it, for the published schema */
    struct function *functions;
    size_t function_count;
};

/* Reads `DIR/fnward.yaml` (or .yml, .json), and every schema file that it names, from `files`.
 * `dir` is absolute. Schema files must stand below `dir`. A source tells that a file is absent
 * by ERR_SYSTEM with ENOENT, or with no errno. Nothing but `files` is looked at: what a path
 * leads to is for the next function. */
bool contract_read(struct arena *a, const struct file_source *files, const char *dir,
                   struct contract **ret, struct err *e) MUST_USE;

/* The first process also looks at the disk: whether code, handlers, programs and permitted
 * files are there, and whether a symbolic link leads any of them to where it must not lead. */
bool contract_check_files(const struct contract *c, struct err *e) MUST_USE;
/* Whether an entry of the contract's own directory is hidden from a function whose code is that
 * directory: the contract, the ledger, the repository, keys. */
bool contract_is_private(str name);
/* Whether `path`, WHAT ("the identity"), lies outside of all that a function can see. */
bool contract_keeps_out(const struct contract *c, const char *path, const char *what,
                        struct err *e) MUST_USE;

/* The row that says it most exactly, NULL when none does. */
const struct returns_rule *contract_returns(const struct function *f, unsigned status);

/* NULL when there is none. */
const struct function *contract_function(const struct contract *c, str name);
const char *runtime_name(enum runtime r);
const char *trigger_name(enum trigger_kind k);
bool trigger_has_route(enum trigger_kind k); /* a method and a path of fnward's own */
bool trigger_is_batch(enum trigger_kind k); /* its events may hold many records */
bool trigger_takes_type(const struct trigger *t, str type); /* of a CloudEvent */

/* For those who write contracts: what a contract has against this, NULL when nothing. */
const char *contract_variable_fault(str name);
const char *contract_path_fault(str path); /* of a route */
const char *contract_action_fault(str action); /* "s3:GetObject arn:aws:s3:::menus/x" */
bool contract_handler_fits(enum runtime runtime, str handler);

/* The published JSON Schema of the contract: fnward.schema.json. */
extern const str contract_schema_text;
