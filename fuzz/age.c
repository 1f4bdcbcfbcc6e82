/*
 * age files from a stranger: whatever they are, they are judged, and nothing that was not
 * encrypted to us comes out. Armor and keys have one text each.
 */
#include "age/parts.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char known_identity[] =
    "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX";

static void expect(bool ok)
{
    if (!ok)
        abort();
}

static bool to_buf(void *self, str plain, struct err *e)
{
    (void)e;
    buf_add(self, plain);
    return true;
}

static void decrypt(str file)
{
    CLEANUP(age_identity_free) struct age_identity identity = {0};
    CLEANUP(buf_free) struct buf plain = {.max = file.len + 1};
    struct age_sink sink = {to_buf, &plain};
    struct err ignored = {0}, e = {0};
    enum age_verdict v;

    expect(age_identity_parse(STR(known_identity), &identity, &ignored));
    v = age_decrypt(file,
                    &(struct age_from){.identities = &identity,
                                       .count = 1,
                                       .passphrase = STR("password"),
                                       .work_factor_max = 4},
                    &sink, &e);
    expect((v == AGE_OK) == (e.code == ERR_NONE) && v != AGE_FAILED);
    expect(plain.len < file.len || !plain.len);
}

static void armor(str text)
{
    CLEANUP(buf_free) struct buf binary = {.max = text.len + 64};
    CLEANUP(buf_free) struct buf again = {.max = 2 * text.len + 256};
    struct err e = {0};
    size_t at = 0;

    if (armor_read(text, &binary, &e) != AGE_OK)
        return;
    armor_write(buf_str(&binary), &again);
    /* But for white space outside and CR at the ends of lines, it is the same text. */
    text = str_trim(text);
    for (size_t i = 0; i < text.len; i++)
        if (text.at[i] != '\r')
            expect(at < again.len && again.at[at++] == text.at[i]);
    expect(at + 1 == again.len);
}

static void keys(str text)
{
    struct age_recipient r;
    char again[AGE_TEXT_MAX];
    struct err e = {0};

    if (!age_recipient_parse(text, &r, &e))
        return;
    age_recipient_text(&r, again);
    expect(str_is(text, again));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    str input = {(const char *)data, size};

    decrypt(input);
    armor(input);
    keys(input);
    return 0;
}
