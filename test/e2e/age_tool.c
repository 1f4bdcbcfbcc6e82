/*
 * A filter around age_encrypt() and age_decrypt(), for tests against other programs.
 *
 *     age_tool encrypt binary|armor age1...       < plain > file
 *     age_tool encrypt-passphrase binary|armor WORDS
 *     age_tool decrypt IDENTITY                   < file > plain
 *     age_tool decrypt-passphrase WORDS
 *
 * Exits with the verdict, or 100 when something else failed.
 */
#include "age/age.h"

#include <unistd.h>

enum { FAILED = 100, INPUT_MAX = 64 << 20 };

static int failed(const struct err *e)
{
    fprintf(stderr, "age_tool: %s\n", e->what);
    return FAILED;
}

static bool to_stdout(void *self, str plain, struct err *e)
{
    (void)self;
    return fd_write_all(STDOUT_FILENO, plain, e);
}

static int encrypt(str input, const struct age_to *to, bool armor)
{
    CLEANUP(buf_free) struct buf file = {.max = 2 * (size_t)INPUT_MAX};
    struct err e = {0};

    if (!age_encrypt(input, to, armor, &file, &e) ||
        !fd_write_all(STDOUT_FILENO, buf_str(&file), &e))
        return failed(&e);
    return AGE_OK;
}

static int decrypt(str input, const struct age_from *from)
{
    struct age_sink sink = {to_stdout, NULL};
    struct err e = {0};
    enum age_verdict v = age_decrypt(input, from, &sink, &e);

    if (v != AGE_OK)
        failed(&e);
    return (int)v;
}

static int run(const char *what, const char *key, bool armor, str input)
{
    CLEANUP(age_identity_free) struct age_identity identity = {0};
    struct age_recipient recipient;
    struct err e = {0};

    if (strcmp(what, "encrypt-passphrase") == 0)
        return encrypt(input, &(struct age_to){.passphrase = str_of(key), .work_factor = 12},
                       armor);
    if (strcmp(what, "decrypt-passphrase") == 0)
        return decrypt(input, &(struct age_from){.passphrase = str_of(key)});
    if (strcmp(what, "encrypt") == 0)
        return age_recipient_parse(str_of(key), &recipient, &e)
                   ? encrypt(input, &(struct age_to){.recipients = &recipient, .count = 1},
                             armor)
                   : failed(&e);
    return age_identity_parse(str_of(key), &identity, &e)
               ? decrypt(input, &(struct age_from){.identities = &identity, .count = 1})
               : failed(&e);
}

int main(int argc, char **argv)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(3 * (size_t)INPUT_MAX);
    struct err e = {0};
    str input;

    if (argc < 3)
        return FAILED;
    if (!fd_read_all(a, STDIN_FILENO, INPUT_MAX, &input, &e))
        return failed(&e);
    return run(argv[1], argv[argc - 1], strcmp(argv[2], "armor") == 0, input);
}
