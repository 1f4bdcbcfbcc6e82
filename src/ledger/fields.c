/*
 * The members of a record and what they mean. docs/ledger.md shows the same table.
 */
#include "ledger/ledger.h"

const struct ledger_field ledger_fields[] = {
    {LEDGER_TIME, "when, UTC, ISO 8601 with milliseconds; always the first member"},
    {LEDGER_KIND, "invocation, denial, connection, lifecycle, log or quarantine"},
    {LEDGER_FAAS_NAME, "the function"},
    {LEDGER_FAAS_VERSION, "digest of the function's code"},
    {LEDGER_FAAS_INSTANCE, "the instance that did it"},
    {LEDGER_FAAS_INVOCATION_ID, "the request"},
    {LEDGER_FAAS_TRIGGER, "what called it, as the contract names it: http, invoke, sqs, ..."},
    {LEDGER_FAAS_COLDSTART, "whether the instance was started for this request"},
    {LEDGER_OUTCOME, "ok, error, timeout, crash, invalid, throttled, denied or failed"},
    {LEDGER_DURATION_MS, "from dispatch to answer, or how long a connection lasted"},
    {LEDGER_INIT_DURATION_MS, "from the start of the instance until it was ready"},
    {LEDGER_QUEUE_MS, "how long the request waited for an instance"},
    {LEDGER_MEMORY_BYTES, "the most memory that the instance held"},
    {LEDGER_HTTP_METHOD, "method of the request"},
    {LEDGER_HTTP_ROUTE, "the path of the contract that matched"},
    {LEDGER_HTTP_STATUS, "status of the response"},
    {LEDGER_REQUEST_BYTES, "bytes of the request's body"},
    {LEDGER_RESPONSE_BYTES, "bytes of the response's body"},
    {LEDGER_URL_PATH, "the path as it was asked for"},
    {LEDGER_CLIENT_ADDRESS, "address of the caller"},
    {LEDGER_ERROR_TYPE, "name of the error that the function raised"},
    {LEDGER_ERROR_MESSAGE, "its text"},
    {LEDGER_STACKTRACE, "its stack, lines apart"},
    {LEDGER_ACTION, "what was refused: open, exec, connect, syscall, input, route, ..."},
    {LEDGER_SUBJECT, "on what: a path, an address, the name of a system call"},
    {LEDGER_REASON, "why it was refused"},
    {LEDGER_REPEATED, "how often, when one record stands for several"},
    {LEDGER_SERVER_ADDRESS, "the host that was connected to"},
    {LEDGER_SERVER_PORT, "its port"},
    {LEDGER_PEER_ADDRESS, "the address that its name led to"},
    {LEDGER_BYTES_OUT, "bytes that the function sent"},
    {LEDGER_BYTES_IN, "bytes that it received"},
    {LEDGER_EVENT, "start, ready, crash, timeout, recycle or stop"},
    {LEDGER_PID, "process of the instance, as the machine numbers it"},
    {LEDGER_EXIT_CODE, "exit code of a process that ended by itself"},
    {LEDGER_EXIT_SIGNAL, "number of the signal that ended it"},
    {LEDGER_MESSAGE, "what the function printed, or words about the event"},
    {LEDGER_SEVERITY, "TRACE, DEBUG, INFO, WARN, ERROR or FATAL"},
    {LEDGER_CLEANED, "how many values of the event were changed by cleaning it"},
    {LEDGER_CHANGES, "the first of them: where, and by which rule; never the value"},
    {LEDGER_REDACTED, "how many secrets were taken out of this record"},
    {LEDGER_DROPPED, "how many lines of a flood were left out before this one"},
    {LEDGER_HEADERS_DROPPED, "how many headers of the response did not pass"},
    {LEDGER_HEADERS_DROPPED_NAMES, "which"},
    {LEDGER_MEMBERS_DROPPED, "how many members found no room in the record"},
    {LEDGER_MESSAGE_ID, "a record of a batch, as its source names it"},
    {LEDGER_DESTINATION, "the queue, topic, stream, table or bucket that it came from"},
    {LEDGER_PAYLOAD, "what was sent, as it was sent, secrets taken out"},
    {LEDGER_PAYLOAD_ENCODING, "base64, when the payload is not text"},
    {NULL, NULL},
};

static const char *const kind_names[LEDGER_KINDS] = {
    [LEDGER_INVOCATION] = "invocation",
    [LEDGER_DENIAL] = "denial",
    [LEDGER_CONNECTION] = "connection",
    [LEDGER_LIFECYCLE] = "lifecycle",
    [LEDGER_LOG] = "log",
    [LEDGER_QUARANTINED] = "quarantine",
};

const char *ledger_kind_name(enum ledger_kind kind)
{
    return kind_names[kind];
}
