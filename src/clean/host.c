/* The names of hosts, each in its one form. */
#include "clean/parts.h"

#include <arpa/inet.h>
#include <idn2.h>
#include <stdlib.h>

enum { DOMAIN_MAX = 253, LABEL_MAX = 63, HOST_GIVEN_MAX = 1024 };

static bool is_label(str label)
{
    if (!label.len || label.len > LABEL_MAX || label.at[0] == '-' ||
        label.at[label.len - 1] == '-')
        return false;
    for (size_t i = 0; i < label.len; i++) {
        char c = label.at[i];

        if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '-' && c != '_')
            return false;
    }
    return true;
}

static bool is_domain(str name)
{
    str rest = name, label;

    if (name.len > DOMAIN_MAX)
        return false;
    while (str_cut(&rest, '.', &label))
        if (!is_label(label))
            return false;
    return name.len > 0;
}

/* Lower-cased, and one dot off its end. */
static str plain_form(struct arena *a, str name)
{
    str copy = arena_str(a, name);

    for (size_t i = 0; copy.at && i < copy.len; i++)
        if (copy.at[i] >= 'A' && copy.at[i] <= 'Z')
            ((char *)(uintptr_t)copy.at)[i] |= 0x20;
    if (copy.len && copy.at[copy.len - 1] == '.')
        copy.len--;
    return copy;
}

static bool is_encoded(str name)
{
    str rest = name, label;

    while (str_cut(&rest, '.', &label))
        if (str_starts(label, STR("xn--")))
            return true;
    return false;
}

/* UTS 46 without its transition, then IDNA 2008; what is A-labels already is checked as well. */
static bool to_labels(struct arena *a, str name, str *ret)
{
    str given = arena_str(a, name);
    char *made = NULL;
    bool done = given.at && idn2_to_ascii_8z(given.at, &made, IDN2_NONTRANSITIONAL) == IDN2_OK;

    if (done)
        *ret = plain_form(a, str_of(made));
    idn2_free(made);
    return done && ret->at;
}

bool host_domain(struct arena *a, str name, str *ret)
{
    str plain, again;

    if (!name.len || name.len > HOST_GIVEN_MAX || str_find(name, '\0') < name.len)
        return false;
    if (ascii_prefix(name) < name.len) {
        if (!to_labels(a, name, &plain))
            return false;
    } else {
        plain = plain_form(a, name);
    }
    if (!plain.at || !is_domain(plain))
        return false;
    if (is_encoded(plain) && (!to_labels(a, plain, &again) || !str_equal(again, plain)))
        return false;
    *ret = plain;
    return true;
}

/* A last label of digits alone, or 0x and such, is meant as an address. */
static bool ends_in_number(str name)
{
    size_t dot = name.len;
    str last;

    while (dot && name.at[dot - 1] != '.')
        dot--;
    last = str_sub(name, dot, name.len);
    if (str_starts(last, STR("0x")))
        return true;
    for (size_t i = 0; i < last.len; i++)
        if (last.at[i] < '0' || last.at[i] > '9')
            return false;
    return last.len > 0;
}

static bool host_number(struct arena *a, str host, int family, str *ret)
{
    char text[INET6_ADDRSTRLEN], made[INET6_ADDRSTRLEN];
    unsigned char bytes[16];

    if (host.len >= sizeof(text))
        return false;
    memcpy(text, host.at, host.len);
    text[host.len] = 0;
    if (strlen(text) != host.len || inet_pton(family, text, bytes) != 1 ||
        !inet_ntop(family, bytes, made, sizeof(made)))
        return false;
    *ret = arena_format(a, family == AF_INET6 ? "[%s]" : "%s", made);
    return ret->at != NULL;
}

bool host_canonical(struct arena *a, str host, str *ret)
{
    str domain;

    if (host.len > 2 && host.at[0] == '[' && host.at[host.len - 1] == ']')
        return host_number(a, str_sub(host, 1, host.len - 2), AF_INET6, ret);
    if (!host_domain(a, host, &domain))
        return false;
    if (ends_in_number(domain))
        return host_number(a, domain, AF_INET, ret);
    *ret = domain;
    return true;
}
