/* E-mail addresses: the local part is the other side's business and stays as it is. */
#include "clean/parts.h"

enum { ADDRESS_MAX = 254, LOCAL_MAX = 64 };

/* The letters of a dot-atom (RFC 5322), and what RFC 6531 adds that can be seen. */
static bool is_local_code(uint32_t code)
{
    if (code < 0x80)
        return (code >= 'a' && code <= 'z') || (code >= 'A' && code <= 'Z') ||
               (code >= '0' && code <= '9') ||
               (code && strchr("!#$%&'*+-/=?^_`{|}~", (int)code));
    return code >= 0xa1 && code != 0xad && !is_space_code(code) &&
           !(code >= 0x200b && code <= 0x206f) && code != 0xfeff;
}

static bool is_local(str local)
{
    str rest = local, atom;

    if (!local.len || local.len > LOCAL_MAX)
        return false;
    while (str_cut(&rest, '.', &atom)) {
        if (!atom.len)
            return false;
        for (size_t i = 0; i < atom.len;) {
            uint32_t code;

            i += code_at(atom, i, &code);
            if (!is_local_code(code))
                return false;
        }
    }
    return true;
}

enum cleaned clean_email(struct cleaning *c, str text, str *ret)
{
    CLEANUP(buf_free) struct buf out = {.max = CLEAN_TEXT_MAX};
    str address = text, domain;
    size_t at = text.len;

    clean_trim(c, text, &address);
    at = str_find(address, '@');
    if (!is_local(str_sub(address, 0, at)) ||
        !host_domain(c->a, str_sub(address, at + 1, address.len), &domain))
        return cleaned_refuse(c, "is no e-mail address");
    if (at + 1 + domain.len > ADDRESS_MAX)
        return cleaned_refuse(c, "is an e-mail address that is too long");
    buf_add(&out, str_sub(address, 0, at + 1));
    buf_add(&out, domain);
    return cleaned_as(c, text, &out, ret);
}
