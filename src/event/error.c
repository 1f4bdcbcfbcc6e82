/*
 * How AWS words it: errors of the Invoke API, and the payloads of functions that failed without
 * an answer.
 */
#include "event/event.h"

#include <signal.h>
#include <sys/wait.h>

static const struct {
    unsigned status;
    const char *type;
    const char *before, *after; /* around the message */
} errors[EVENT_ERRORS] = {
    [EVENT_NOT_FOUND] = {404, "ResourceNotFoundException",
                         "{\"Type\":\"User\",\"Message\":", "}"},
    [EVENT_INVALID_CONTENT] = {400, "InvalidRequestContentException",
                               "{\"Type\":\"User\",\"message\":", "}"},
    [EVENT_INVALID_PARAMETER] = {400, "InvalidParameterValueException",
                                 "{\"Type\":\"User\",\"message\":", "}"},
    [EVENT_VALIDATION] = {400, "ValidationException", "{\"message\":", "}"},
    [EVENT_TOO_LARGE] = {413, "RequestTooLargeException",
                         "{\"Type\":\"User\",\"message\":", "}"},
    [EVENT_THROTTLED] = {429, "TooManyRequestsException",
                         "{\"Reason\":\"ReservedFunctionConcurrentInvocationLimitExceeded\","
                         "\"Type\":\"User\",\"message\":",
                         "}"},
    [EVENT_SERVICE] = {500, "ServiceException", "{\"Type\":\"Service\",\"Message\":", "}"},
};

unsigned event_error_status(enum event_error kind)
{
    return errors[kind].status;
}

const char *event_error_type(enum event_error kind)
{
    return errors[kind].type;
}

void event_error_body(struct buf *out, enum event_error kind, str message)
{
    buf_add(out, str_of(errors[kind].before));
    json_write_str(out, message);
    buf_add(out, str_of(errors[kind].after));
}

/* ---- failures ---- */

static void write_failure(struct buf *out, const char *type, str request_id, const char *what)
{
    char message[256];

    snprintf(message, sizeof(message), "RequestId: %.*s Error: %s", STR_ARG(request_id), what);
    buf_addf(out, "{\"errorType\":\"%s\",\"errorMessage\":", type);
    json_write_str(out, str_of(message));
    buf_addc(out, '}');
}

void event_failure_timeout(struct buf *out, str request_id, uint64_t timeout_ms)
{
    char what[64];

    snprintf(what, sizeof(what), "Task timed out after %llu.%02llu seconds",
             (unsigned long long)(timeout_ms / 1000),
             (unsigned long long)(timeout_ms % 1000 / 10));
    write_failure(out, "Sandbox.Timedout", request_id, what);
}

static const struct {
    int signal;
    const char *name;
} signals[] = {
    {SIGKILL, "killed"},
    {SIGSEGV, "segmentation fault"},
    {SIGABRT, "aborted"},
    {SIGTERM, "terminated"},
    {SIGBUS, "bus error"},
    {SIGILL, "illegal instruction"},
    {SIGFPE, "floating point exception"},
    {SIGSYS, "bad system call"},
    {SIGPIPE, "broken pipe"},
    {SIGHUP, "hangup"},
    {SIGINT, "interrupt"},
    {SIGQUIT, "quit"},
    {SIGTRAP, "trace/breakpoint trap"},
    {SIGALRM, "alarm clock"},
    {SIGXCPU, "CPU time limit exceeded"},
    {SIGXFSZ, "file size limit exceeded"},
};

static void describe_signal(char *what, size_t size, int number)
{
    for (size_t i = 0; i < COUNT(signals); i++)
        if (signals[i].signal == number) {
            snprintf(what, size, "Runtime exited with error: signal: %s", signals[i].name);
            return;
        }
    snprintf(what, size, "Runtime exited with error: signal: signal %d", number);
}

void event_failure_exit(struct buf *out, str request_id, int status)
{
    char what[128] = "Runtime exited without providing a reason";

    if (WIFSIGNALED(status))
        describe_signal(what, sizeof(what), WTERMSIG(status));
    else if (WEXITSTATUS(status))
        snprintf(what, sizeof(what), "Runtime exited with error: exit status %d",
                 WEXITSTATUS(status));
    write_failure(out, "Runtime.ExitError", request_id, what);
}

void event_failure_too_large(struct buf *out, size_t limit)
{
    buf_addf(out,
             "{\"errorMessage\":\"Response payload size exceeded maximum allowed payload size "
             "(%zu bytes).\",\"errorType\":\"Function.ResponseSizeTooLarge\"}",
             limit);
}
