/*
 * Responses, written.
 */
#include "http/head.h"

static const struct {
    unsigned status;
    const char *reason;
} reasons[] = {
    {200, "OK"},
    {100, "Continue"},
    {101, "Switching Protocols"},
    {103, "Early Hints"},
    {201, "Created"},
    {202, "Accepted"},
    {203, "Non-Authoritative Information"},
    {204, "No Content"},
    {205, "Reset Content"},
    {206, "Partial Content"},
    {300, "Multiple Choices"},
    {301, "Moved Permanently"},
    {302, "Found"},
    {303, "See Other"},
    {304, "Not Modified"},
    {307, "Temporary Redirect"},
    {308, "Permanent Redirect"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {402, "Payment Required"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {407, "Proxy Authentication Required"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {411, "Length Required"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {416, "Range Not Satisfiable"},
    {417, "Expectation Failed"},
    {418, "I'm a teapot"},
    {421, "Misdirected Request"},
    {422, "Unprocessable Content"},
    {423, "Locked"},
    {424, "Failed Dependency"},
    {425, "Too Early"},
    {426, "Upgrade Required"},
    {428, "Precondition Required"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {451, "Unavailable For Legal Reasons"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
    {505, "HTTP Version Not Supported"},
    {507, "Insufficient Storage"},
    {511, "Network Authentication Required"},
};

const char *http_reason(unsigned status)
{
    for (size_t i = 0; i < COUNT(reasons); i++)
        if (reasons[i].status == status)
            return reasons[i].reason;
    return "Unknown";
}

void http_write_status(struct buf *out, unsigned status)
{
    buf_add(out, STR("HTTP/1.1 "));
    buf_add_u64(out, status);
    buf_addc(out, ' ');
    buf_add(out, str_of(http_reason(status)));
    buf_add(out, STR("\r\n"));
}

bool http_header_valid(str name, str value)
{
    const char *end = value.at + value.len;

    if (!name.len || !http_all(name, HTTP_TOKEN))
        return false;
    return !value.len || http_value_end(value.at, end) == end;
}

bool http_write_header(struct buf *out, str name, str value)
{
    if (!http_header_valid(name, value))
        return false;
    buf_add(out, name);
    buf_add(out, STR(": "));
    buf_add(out, value);
    buf_add(out, STR("\r\n"));
    return true;
}

void http_write_end(struct buf *out)
{
    buf_add(out, STR("\r\n"));
}

void http_write_body(struct buf *out, str body)
{
    buf_add(out, STR("Content-Length: "));
    buf_add_u64(out, body.len);
    buf_add(out, STR("\r\n\r\n"));
    buf_add(out, body);
}
