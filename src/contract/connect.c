/*
 * connect: the hosts a function may connect to, "api.stripe.com:443".
 */
#include "contract/read.h"

#include <arpa/inet.h>

enum { HOST_MAX = 253, LABEL_MAX = 63, RUNTIME_PORT = 9001 };

static const char example[] = "connect: [api.stripe.com:443]";

static bool wrong(struct reader *r, const struct yaml *item, const char *what, const char *fix)
{
    err_at(r->e, item->at, "%s", what);
    return err_fix(r->e, "%s", fix);
}

/* "host:443" or "[::1]:443". */
static bool split(struct reader *r, const struct yaml *item, str text, str *host, str *port)
{
    size_t colon = text.len;

    while (colon && text.at[colon - 1] != ':')
        colon--;
    if (str_find_str(text, STR("://")) < text.len)
        return wrong(r, item, "this must be a host and a port, not a URL",
                     "for example: api.stripe.com:443");
    if (text.at[0] == '[') {
        size_t end = str_find(text, ']');

        *host = str_sub(text, 1, end - 1);
        *port = str_sub(text, end + 2, text.len);
        if (end + 1 < text.len && text.at[end + 1] == ':')
            return true;
        return wrong(r, item, "an IPv6 address needs its port behind the brackets",
                     "for example: '[2001:db8::1]:443'");
    }
    if (!colon)
        return wrong(r, item, "the port is missing", "for example: api.stripe.com:443");
    *host = str_sub(text, 0, colon - 1);
    *port = str_sub(text, colon, text.len);
    if (str_find(*host, ':') < host->len)
        return wrong(r, item, "an IPv6 address must stand in brackets",
                     "for example: '[2001:db8::1]:443'");
    return true;
}

static bool read_port(struct reader *r, const struct yaml *item, str text, uint16_t *ret)
{
    uint64_t port;

    if (!str_to_u64(text, 65535, &port) || port == 0)
        return wrong(r, item, "a port is a number from 1 to 65535",
                     "for example: api.stripe.com:443");
    *ret = (uint16_t)port;
    return true;
}

/* ---- addresses ---- */

/* Where machines keep their keys, and what no connection can mean. */
static const struct {
    const char *text;
    unsigned bits;
    const char *why;
} refused[] = {
    {"169.254.0.0", 16, "link-local: cloud keys and metadata live there"},
    {"fe80::", 10, "link-local"},
    {"fd00:ec2::", 32, "cloud keys and metadata live there"},
    {"100.100.100.200", 32, "cloud keys and metadata live there"},
    {"168.63.129.16", 32, "cloud metadata lives there"},
    {"0.0.0.0", 8, "not an address to connect to"},
    {"::", 128, "not an address to connect to"},
    {"::ffff:0:0", 96, "an IPv4 address in IPv6's clothes: write it as IPv4"},
    {"64:ff9b::", 96, "an IPv4 address in IPv6's clothes: write it as IPv4"},
    {"224.0.0.0", 4, "multicast"},
    {"240.0.0.0", 4, "not an address to connect to"},
    {"ff00::", 8, "multicast"},
    {"198.18.0.0", 15, "fnward uses these addresses itself"},
};

static const str refused_names[] = {
    STR_INIT("metadata.google.internal"),
    STR_INIT("metadata"),
    STR_INIT("instance-data"),
    STR_INIT("instance-data.ec2.internal"),
};

struct address {
    int family;
    unsigned char bytes[16];
};

static bool parse_address(const char *text, struct address *ret)
{
    ret->family = strchr(text, ':') ? AF_INET6 : AF_INET;
    return inet_pton(ret->family, text, ret->bytes) == 1;
}

static bool is_within(const struct address *address, const char *block, unsigned bits)
{
    struct address b = {0};

    if (!parse_address(block, &b) || b.family != address->family)
        return false;
    for (unsigned i = 0; i < bits; i++)
        if ((address->bytes[i / 8] ^ b.bytes[i / 8]) >> (7 - i % 8) & 1)
            return false;
    return true;
}

static bool check_address(struct reader *r, const struct yaml *item,
                          const struct address *address)
{
    for (size_t i = 0; i < COUNT(refused); i++) {
        if (!is_within(address, refused[i].text, refused[i].bits))
            continue;
        err_at(r->e, item->at, "'%.*s' cannot be permitted", STR_ARG(item->text));
        return err_fix(r->e, "remove it: %s", refused[i].why);
    }
    return true;
}

static bool is_loopback(const struct connect_rule *rule)
{
    return str_is(rule->host, "localhost") || str_is(rule->host, "::1") ||
           str_starts(rule->host, STR("127."));
}

/* In its one canonical spelling. */
static bool take_address(struct reader *r, const struct yaml *item,
                         const struct address *address, str *ret)
{
    char text[INET6_ADDRSTRLEN] = "";

    if (!check_address(r, item, address))
        return false;
    inet_ntop(address->family, address->bytes, text, sizeof(text));
    *ret = arena_str(r->a, str_of(text));
    return ret->at || err_limit(r->e);
}

/* ---- names ---- */

static bool is_label(str label)
{
    return is_name(label, LABEL_MAX, "-_") && label.at[0] != '-' &&
           label.at[label.len - 1] != '-';
}

/* Resolvers take "2852039166" and "0xa9.254.43518" for addresses, so no name may end so. */
static bool is_numeric(str label)
{
    bool hex = label.len >= 2 && label.at[0] == '0' && label.at[1] == 'x';

    for (size_t i = hex ? 2 : 0; i < label.len; i++)
        if (!memchr("0123456789abcdef", label.at[i], hex ? 16 : 10))
            return false;
    return true;
}

static bool take_name(struct reader *r, const struct yaml *item, str host, str *ret)
{
    str name = arena_str(r->a, host), rest, label = {0};
    bool good = host.len && host.len <= HOST_MAX;

    if (!name.at)
        return err_limit(r->e);
    for (size_t i = 0; i < name.len; i++)
        if (name.at[i] >= 'A' && name.at[i] <= 'Z')
            ((char *)name.at)[i] |= 0x20;
    rest = name;
    while (good && str_cut(&rest, '.', &label))
        good = is_label(label);
    if (!good || is_numeric(label))
        return wrong(r, item, "this is neither a host's name nor an IP address",
                     "for example: api.stripe.com:443, or 192.0.2.7:5432");
    for (size_t i = 0; i < COUNT(refused_names); i++)
        if (str_equal(name, refused_names[i]))
            return wrong(r, item, "this host cannot be permitted",
                         "remove it: cloud keys and metadata live there");
    *ret = name;
    return true;
}

static bool take_host(struct reader *r, const struct yaml *item, str host, bool brackets,
                      str *ret)
{
    struct address address = {0};
    str text = arena_str(r->a, host);

    if (!text.at)
        return err_limit(r->e);
    if (str_find(host, '*') < host.len)
        return wrong(r, item, "a host's name cannot have a wildcard, not yet",
                     "name each host, as in api.stripe.com:443");
    if (parse_address(text.at, &address))
        return take_address(r, item, &address, ret);
    if (brackets)
        return wrong(r, item, "this is not an IPv6 address",
                     "for example: '[2001:db8::1]:443'");
    return take_name(r, item, host, ret);
}

static bool read_rule(struct reader *r, const struct yaml *item, void *into)
{
    struct connect_rule *rule = into;
    str text, host, port;

    if (!read_word(r, item, "a host to connect to", example, &text) ||
        !split(r, item, text, &host, &port) || !read_port(r, item, port, &rule->port) ||
        !take_host(r, item, host, text.at[0] == '[', &rule->host))
        return false;
    rule->at = item->at;
    if (is_loopback(rule) && rule->port == RUNTIME_PORT)
        return wrong(r, item, "port 9001 of the function's loopback is its Runtime API",
                     "let the service listen at another port");
    return true;
}

/* "API.example:443" and "api.example:443" differ in the text only. */
static bool rules_unique(struct reader *r, const struct function *f)
{
    for (size_t i = 0; i < f->connect_count; i++) {
        for (size_t k = 0; k < i; k++) {
            if (f->connect[i].port != f->connect[k].port ||
                !str_equal(f->connect[i].host, f->connect[k].host))
                continue;
            err_at(r->e, f->connect[i].at, "this host and port stand here twice");
            return err_fix(r->e, "remove one of them");
        }
    }
    return true;
}

bool read_connect(struct reader *r, const struct yaml *list, void *function)
{
    static const struct items items = {
        .what = "a host",
        .example = example,
        .read = read_rule,
        .size = sizeof(struct connect_rule),
        .max = CONTRACT_LIST_MAX,
    };
    struct function *f = function;

    return read_list(r, list, &items, &f->connect, &f->connect_count) && rules_unique(r, f);
}
