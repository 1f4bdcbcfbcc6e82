/*
 * identity: the file that holds the private half of our keys.
 */
#include "seal/seal.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { IDENTITY_FILE_MAX = 64 << 10 };

void seal_identities_free(struct seal_identities *i)
{
    for (size_t k = 0; k < i->count; k++)
        age_identity_free(&i->items[k]);
    i->count = 0;
}

static bool is_private(int fd, const char *path, struct err *e)
{
    struct stat st;

    if (fstat(fd, &st) < 0)
        return err_sys(e, "cannot inspect '%s'", path);
    if (!S_ISREG(st.st_mode))
        return err_set(e, ERR_INPUT, "'%s' is not a regular file", path);
    if (!(st.st_mode & (S_IRWXG | S_IRWXO)))
        return true;
    err_set(e, ERR_DENIED, "the identity file '%s' is open to others than its owner", path);
    return err_fix(e, "chmod 600 '%s', and rotate if others may have read it", path);
}

static bool read_lines(str text, struct seal_identities *ret, struct err *e)
{
    str rest = text, line;

    for (unsigned number = 1; str_cut(&rest, '\n', &line); number++) {
        line = str_trim(line);
        if (!line.len || line.at[0] == '#')
            continue;
        if (ret->count == SEAL_IDENTITIES_MAX)
            return err_set(e, ERR_LIMIT, "more than %d identities", SEAL_IDENTITIES_MAX);
        if (!age_identity_parse(line, &ret->items[ret->count], e))
            return err_wrap(e, "line %u", number);
        ret->count++;
    }
    return ret->count || err_set(e, ERR_INPUT, "it holds no identity");
}

static bool read_from(int fd, struct seal_identities *ret, struct err *e)
{
    CLEANUP(secret_free) struct secret text = {0};
    struct seal_identities found = {0};

    if (!secret_read_fd(fd, IDENTITY_FILE_MAX, &text, e))
        return false;
    if (!read_lines(secret_str(&text), &found, e)) {
        seal_identities_free(&found);
        return false;
    }
    *ret = found;
    return true;
}

static bool no_identity(struct err *e, const char *path)
{
    if (path)
        err_set(e, ERR_INPUT, "there is no identity at '%s', so that no secret can be opened",
                path);
    else
        err_set(e, ERR_INPUT, "no secret can be opened without an identity file");
    return err_fix(e, "'fnward seal keygen' makes one; --identity FILE names another");
}

bool seal_identities_load(const char *path, struct seal_identities *ret, struct err *e)
{
    CLEANUP(fd_closep) int fd = path ? open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK) : -1;

    if (!path || (fd < 0 && errno == ENOENT))
        return no_identity(e, path);
    if (fd < 0)
        return err_sys(e, "cannot open the identity file '%s'", path);
    if (!is_private(fd, path, e))
        return false;
    if (!read_from(fd, ret, e))
        return err_wrap(e, "the identity file '%s'", path);
    return true;
}

static bool write_identity(int fd, const struct age_identity *i, str date, struct err *e)
{
    CLEANUP(secret_free) struct secret text = {0};
    char recipient[AGE_TEXT_MAX], comment[256];
    int n;

    age_recipient_text(&i->recipient, recipient);
    n = snprintf(comment, sizeof(comment), "# created: %.*s\n# public key: %s\n", STR_ARG(date),
                 recipient);
    if (!secret_new(AGE_TEXT_MAX, &text, e))
        return false;
    age_identity_text(i, &text);
    if (!fd_write_all(fd, (str){comment, (size_t)n}, e) ||
        !fd_write_all(fd, secret_str(&text), e) || !fd_write_all(fd, STR("\n"), e))
        return false;
    return fsync(fd) == 0 || err_sys(e, "cannot sync");
}

static bool exists(struct err *e, const char *path)
{
    err_set(e, ERR_DENIED, "there is an identity at '%s' already", path);
    return err_fix(e, "it may be the only key to sealed secrets: move it away to make another");
}

bool seal_identity_create(const char *path, str date, struct age_recipient *ret, struct err *e)
{
    CLEANUP(age_identity_free) struct age_identity i = {0};
    CLEANUP(fd_closep) int fd = -1;

    if (!age_identity_generate(&i, e))
        return false;
    fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return errno == EEXIST ? exists(e, path) : err_sys(e, "cannot write '%s'", path);
    if (!write_identity(fd, &i, date, e)) {
        unlink(path);
        return err_wrap(e, "'%s'", path);
    }
    *ret = i.recipient;
    return true;
}
