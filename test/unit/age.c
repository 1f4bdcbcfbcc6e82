#include "tap.h"

#include "age/age.h"

#include <dirent.h>
#include <openssl/evp.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zlib.h>

enum { VECTORS = 124, IDENTITIES_MAX = 4, VECTOR_MAX = 32 << 20 };

static bool to_buf(void *self, str plain, struct err *e)
{
    buf_add(self, plain);
    return ((struct buf *)self)->failed ? err_limit(e) : true;
}

static void sha256_hex(str text, char ret[65])
{
    unsigned char digest[32];

    EVP_Digest(text.at, text.len, digest, NULL, EVP_sha256(), NULL);
    hex_write(ret, digest, sizeof(digest));
    ret[64] = 0;
}

/* ---- the vectors that the authors of the format publish ---- */

struct vector {
    str expect, payload, file;
    struct age_identity identities[IDENTITIES_MAX];
    size_t count;
    str passphrase;
};

static const char *verdict_name(enum age_verdict v)
{
    static const char *const names[] = {
        [AGE_OK] = "success",          [AGE_HEADER] = "header failure",
        [AGE_ARMOR] = "armor failure", [AGE_NO_MATCH] = "no match",
        [AGE_HMAC] = "HMAC failure",   [AGE_PAYLOAD] = "payload failure",
        [AGE_FAILED] = "an error",
    };
    return names[v];
}

static str inflated(struct arena *a, str file)
{
    char *to = arena_alloc(a, VECTOR_MAX);
    uLongf n = VECTOR_MAX;

    if (!to || uncompress((Bytef *)to, &n, (const Bytef *)file.at, file.len) != Z_OK)
        return (str){0};
    return (str){to, n};
}

static bool read_field(struct vector *v, str name, str value, bool *compressed)
{
    struct err e = {0};

    if (str_is(name, "expect"))
        v->expect = value;
    else if (str_is(name, "payload"))
        v->payload = value;
    else if (str_is(name, "passphrase"))
        v->passphrase = value;
    else if (str_is(name, "compressed"))
        *compressed = true;
    else if (str_is(name, "identity"))
        return v->count < IDENTITIES_MAX &&
               age_identity_parse(value, &v->identities[v->count++], &e);
    return true;
}

static bool read_vector(struct arena *a, str text, struct vector *v)
{
    str line, name;
    bool compressed = false;

    while (str_cut(&text, '\n', &line) && line.len) {
        str_cut(&line, ':', &name);
        if (!read_field(v, name, str_trim(line), &compressed))
            return false;
    }
    v->file = compressed ? inflated(a, text) : text;
    return v->file.at || !compressed;
}

static bool passes(const struct vector *v, const char *name)
{
    CLEANUP(buf_free) struct buf plain = {.max = VECTOR_MAX};
    struct age_from from = {v->identities, v->count, v->passphrase, 0};
    struct age_sink sink = {to_buf, &plain};
    struct err e = {0};
    enum age_verdict got = age_decrypt(v->file, &from, &sink, &e);
    char digest[65];

    if (!str_is(v->expect, verdict_name(got))) {
        printf("# %s: %s instead of %.*s (%s)\n", name, verdict_name(got), STR_ARG(v->expect),
               e.what);
        return false;
    }
    sha256_hex(buf_str(&plain), digest);
    if (v->payload.len ? !str_is(v->payload, digest) : plain.len != 0) {
        printf("# %s: other bytes were released\n", name);
        return false;
    }
    return (got == AGE_OK) == (e.code == ERR_NONE);
}

static bool run_vector(const char *directory, const char *name)
{
    CLEANUP(arena_freep) struct arena *a = arena_new((size_t)128 << 20);
    struct vector v = {0};
    struct err e = {0};
    str path = arena_format(a, "%s/%s", directory, name), text;
    bool ok = file_read(a, path.at, VECTOR_MAX, &text, &e) && read_vector(a, text, &v) &&
              passes(&v, name);

    for (size_t i = 0; i < v.count; i++)
        age_identity_free(&v.identities[i]);
    return ok;
}

static void test_vectors(void)
{
    const char *suites = tap_suites();
    char directory[4096];
    unsigned count = 0, passed = 0;
    struct dirent *entry;
    DIR *d;

    snprintf(directory, sizeof(directory), "%s/age/testdata", suites ? suites : "");
    d = suites ? opendir(directory) : NULL;
    if (!d) {
        tap_skip("the vectors of the age format are not here (FNWARD_SUITES)");
        return;
    }
    while ((entry = readdir(d))) {
        /* Post-quantum keys are another format. */
        if (entry->d_name[0] == '.' || strstr(entry->d_name, "hybrid"))
            continue;
        count++;
        passed += run_vector(directory, entry->d_name);
    }
    closedir(d);
    CHECK(count == VECTORS && passed == count, "%u of %u vectors: verdict and released bytes",
          passed, count);
}

/* ---- keys ---- */

static const char known_identity[] =
    "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX";

static void test_identity_round_trip(void)
{
    CLEANUP(age_identity_free) struct age_identity made = {0}, read = {0};
    CLEANUP(secret_free) struct secret text = {0};
    char recipient[AGE_TEXT_MAX];
    struct age_recipient parsed;
    struct err e = {0};

    if (!CHECK(age_identity_generate(&made, &e) && secret_new(AGE_TEXT_MAX, &text, &e),
               "an identity is generated"))
        return;
    age_identity_text(&made, &text);
    CHECK(text.len == 74 && str_starts(secret_str(&text), STR("AGE-SECRET-KEY-1")),
          "its text has 74 characters");
    CHECK(age_identity_parse(secret_str(&text), &read, &e) &&
              memcmp(made.key.at, read.key.at, 32) == 0,
          "its text reads back");
    age_identity_free(&read);
    age_recipient_text(&made.recipient, recipient);
    CHECK(strlen(recipient) == 62 && str_starts(str_of(recipient), STR("age1")),
          "a recipient's text has 62 characters");
    CHECK(age_recipient_parse(str_of(recipient), &parsed, &e) &&
              memcmp(parsed.key, made.recipient.key, 32) == 0,
          "and reads back");
}

static void test_key_text(void)
{
    static const struct {
        const char *from, *to, *name;
    } rows[] = {
        {"AGE-SECRET-KEY-1G", "age-secret-key-1G", "a prefix in the other case"},
        {"GFPYYSJZ", "gfpyysjz", "mixed case"},
        {"Q4EGAEX", "Q4EGAEQ", "a wrong checksum"},
        {"PQ4EGAEX", "PPG0UGY5", "bits in the padding, the checksum right"},
        {"Q4EGAEX", "Q4EGAE", "a missing character"},
        {"Q4EGAEX", "Q4EGAEXQ", "one character more"},
        {"GFPYYSJZ", "GFPYBSJZ", "a character outside the alphabet"},
    };
    struct age_identity i;
    struct age_recipient r;
    struct err e = {0};

    CHECK(age_identity_parse(str_of(known_identity), &i, &e), "a known identity is read");
    age_identity_free(&i);
    for (size_t k = 0; k < COUNT(rows); k++) {
        char text[128];
        const char *at = strstr(known_identity, rows[k].from);
        struct err refused = {0};

        snprintf(text, sizeof(text), "%.*s%s%s", (int)(at - known_identity), known_identity,
                 rows[k].to, at + strlen(rows[k].from));
        CHECK(!age_identity_parse(str_of(text), &i, &refused) &&
                  !strstr(refused.what, "GFPYYSJZ"),
              "refused, and not quoted: %s", rows[k].name);
    }
    CHECK(!age_recipient_parse(str_of(known_identity), &r, &e) && !strstr(e.what, "GFPYYSJZ"),
          "an identity in a recipient's place is refused and not quoted");
}

/* ---- encrypting ---- */

static enum age_verdict decrypt(str file, const struct age_from *from, struct buf *plain)
{
    struct age_sink sink = {to_buf, plain};
    struct err e = {0};

    buf_clear(plain);
    return age_decrypt(file, from, &sink, &e);
}

static void test_sizes(const struct age_identity *i)
{
    static const size_t sizes[] = {0,     1,     47,    48,     49,     65535,
                                   65536, 65537, 65552, 131071, 131072, 131073};
    static char text[131073];
    struct age_to to = {.recipients = &i->recipient, .count = 1};
    struct age_from from = {.identities = i, .count = 1};
    CLEANUP(buf_free) struct buf file = {0};
    CLEANUP(buf_free) struct buf plain = {0};
    unsigned right = 0;

    for (size_t k = 0; k < sizeof(text); k++)
        text[k] = (char)(k * 31 + k / 251);
    for (size_t k = 0; k < 2 * COUNT(sizes); k++) {
        str expected = {text, sizes[k / 2]};
        struct err e = {0};

        buf_clear(&file);
        right += age_encrypt(expected, &to, k % 2, &file, &e) &&
                 decrypt(buf_str(&file), &from, &plain) == AGE_OK &&
                 str_equal(buf_str(&plain), expected);
    }
    CHECK(right == 2 * COUNT(sizes), "texts of every size around the borders of chunks");
}

static void test_several_recipients(const struct age_identity *mine)
{
    CLEANUP(age_identity_free) struct age_identity theirs = {0}, stranger = {0};
    CLEANUP(buf_free) struct buf file = {0};
    CLEANUP(buf_free) struct buf plain = {0};
    struct err e = {0};

    if (!CHECK(age_identity_generate(&theirs, &e) && age_identity_generate(&stranger, &e),
               "two more identities"))
        return;
    struct age_recipient both[] = {mine->recipient, theirs.recipient};
    struct age_to to = {.recipients = both, .count = 2};
    struct age_from from = {.identities = &theirs, .count = 1};
    struct age_from none = {.identities = &stranger, .count = 1};

    CHECK(age_encrypt(STR("hello"), &to, true, &file, &e), "encrypted to two recipients");
    CHECK(decrypt(buf_str(&file), &from, &plain) == AGE_OK, "the second one reads it");
    CHECK_STR(buf_str(&plain), "hello", "the text is the same");
    CHECK(decrypt(buf_str(&file), &none, &plain) == AGE_NO_MATCH && !plain.len,
          "a stranger does not");
    age_identity_free(&stranger);
}

static void test_passphrase(void)
{
    struct age_to to = {.passphrase = STR("correct horse"), .work_factor = 10};
    struct age_from from = {.passphrase = STR("correct horse")};
    struct age_from wrong = {.passphrase = STR("correct house")};
    struct age_from low = {.passphrase = STR("correct horse"), .work_factor_max = 9};
    struct age_to slow = {.passphrase = STR("correct horse"), .work_factor = 23};
    CLEANUP(buf_free) struct buf file = {0};
    CLEANUP(buf_free) struct buf plain = {0};
    struct err e = {0};

    CHECK(age_encrypt(STR("hello"), &to, false, &file, &e), "encrypted to a passphrase");
    CHECK(decrypt(buf_str(&file), &from, &plain) == AGE_OK && str_is(buf_str(&plain), "hello"),
          "which opens it");
    CHECK(decrypt(buf_str(&file), &wrong, &plain) == AGE_NO_MATCH, "another does not");
    CHECK(decrypt(buf_str(&file), &low, &plain) == AGE_HEADER,
          "a work factor past our limit is refused before it is computed");
    CHECK(!age_encrypt(STR("hello"), &slow, false, &file, &e) && e.code == ERR_LIMIT,
          "nor do we write a work factor that others would refuse");
}

/* Every single changed bit of a small file is noticed. */
static void test_tampering(const struct age_identity *i)
{
    struct age_to to = {.recipients = &i->recipient, .count = 1};
    struct age_from from = {.identities = i, .count = 1};
    CLEANUP(buf_free) struct buf file = {0};
    CLEANUP(buf_free) struct buf plain = {0};
    struct err e = {0};
    size_t noticed = 0, cut = 0;

    if (!CHECK(age_encrypt(STR("hello"), &to, false, &file, &e), "a file to damage"))
        return;
    for (size_t bit = 0; bit < 8 * file.len; bit++) {
        file.at[bit / 8] ^= (char)(1 << bit % 8);
        noticed += decrypt(buf_str(&file), &from, &plain) != AGE_OK && !plain.len;
        file.at[bit / 8] ^= (char)(1 << bit % 8);
    }
    for (size_t n = 0; n < file.len; n++)
        cut += decrypt((str){file.at, n}, &from, &plain) != AGE_OK;
    CHECK(noticed == 8 * file.len, "each of %zu flipped bits is noticed", 8 * file.len);
    CHECK(cut == file.len, "so is each place where it may be cut");
}

static bool refuse(void *self, str plain, struct err *e)
{
    (void)self;
    (void)plain;
    return err_set(e, ERR_SYSTEM, "disk full");
}

static void test_misuse(const struct age_identity *i)
{
    struct age_to nobody = {0};
    struct age_to both = {.recipients = &i->recipient, .count = 1, .passphrase = STR("x")};
    struct age_to to = {.recipients = &i->recipient, .count = 1};
    struct age_from from = {.identities = i, .count = 1};
    struct age_sink full = {refuse, NULL};
    struct age_recipient low_order = {{0}};
    struct age_to zero = {.recipients = &low_order, .count = 1};
    CLEANUP(buf_free) struct buf file = {0};
    CLEANUP(buf_free) struct buf small = {.max = 100};
    struct err e[5] = {{0}};

    CHECK(!age_encrypt(STR("x"), &nobody, false, &file, &e[0]), "nobody is no recipient");
    CHECK(!age_encrypt(STR("x"), &both, false, &file, &e[1]),
          "a passphrase stands alone, or it would prove nothing");
    CHECK(!age_encrypt(STR("x"), &zero, false, &file, &e[2]) && e[2].code == ERR_INPUT,
          "a recipient of low order is refused");
    CHECK(!age_encrypt(STR("x"), &to, true, &small, &e[3]) && e[3].code == ERR_LIMIT,
          "a full buffer is an error");
    buf_clear(&file);
    memset(e, 0, sizeof(e));
    CHECK(age_encrypt(STR("x"), &to, true, &file, &e[0]) &&
              age_decrypt(buf_str(&file), &from, &full, &e[1]) == AGE_FAILED &&
              strcmp(e[1].what, "disk full") == 0,
          "the sink's failure comes back as it was");
}

/* ---- secret memory ---- */

static int child_of(void (*run)(struct secret *), struct secret *s)
{
    int status = 0;
    pid_t pid = fork();

    if (pid == 0) {
        run(s);
        _exit(0);
    }
    waitpid(pid, &status, 0);
    return status;
}

static void expect_zeros(struct secret *s)
{
    _exit(s->at[0] == 0 && s->at[4] == 0 ? 7 : 8);
}

/* The sanitizers' handler would report the crash that is wanted here. */
static void step_past_the_end(struct secret *s)
{
    signal(SIGSEGV, SIG_DFL);
    ((volatile char *)s->at)[sysconf(_SC_PAGESIZE)] = 1;
}

static void step_before_the_start(struct secret *s)
{
    signal(SIGSEGV, SIG_DFL);
    ((volatile char *)s->at)[-1] = 1;
}

static void test_secret(void)
{
    CLEANUP(secret_free) struct secret s = {0}, read = {0};
    struct err e = {0};
    int status, pair[2];

    if (!CHECK(secret_new(100, &s, &e) && s.cap == 100 && !s.len, "secret memory"))
        return;
    memcpy(s.at, "hello", 5);
    s.len = 5;
    CHECK_STR(secret_str(&s), "hello", "holds what is put there");
    status = child_of(expect_zeros, &s);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 7, "a child sees zeros");
    status = child_of(step_past_the_end, &s);
    CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV, "a guard page lies behind");
    status = child_of(step_before_the_start, &s);
    CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV, "and one before");
    if (!CHECK(pipe(pair) == 0 && write(pair[1], "from a pipe", 11) == 11, "a pipe"))
        return;
    close(pair[1]);
    CHECK(secret_read_fd(pair[0], 11, &read, &e) && str_is(secret_str(&read), "from a pipe"),
          "secret memory is read from a descriptor, up to its maximum");
    close(pair[0]);
    secret_free(&read);
    CHECK(!read.at && !read.len, "freed, it is empty");
}

static void test_secret_read_limits(void)
{
    CLEANUP(secret_free) struct secret s = {0};
    struct err e = {0};
    int fd = memfd_create("long", MFD_CLOEXEC);
    static char text[20000];

    memset(text, 'x', sizeof(text));
    if (!CHECK(fd >= 0 && write(fd, text, sizeof(text)) == sizeof(text), "a long text"))
        return;
    lseek(fd, 0, SEEK_SET);
    CHECK(!secret_read_fd(fd, sizeof(text) - 1, &s, &e) && e.code == ERR_LIMIT && !s.at,
          "one byte more than the maximum is refused");
    lseek(fd, 0, SEEK_SET);
    CHECK(secret_read_fd(fd, sizeof(text), &s, &e) && s.len == sizeof(text) &&
              memcmp(s.at, text, s.len) == 0,
          "memory grows as it is read");
    close(fd);
}

int main(void)
{
    CLEANUP(age_identity_free) struct age_identity i = {0};
    struct err e = {0};

    test_secret();
    test_secret_read_limits();
    test_identity_round_trip();
    test_key_text();
    if (CHECK(age_identity_generate(&i, &e), "an identity")) {
        test_sizes(&i);
        test_several_recipients(&i);
        test_tampering(&i);
        test_misuse(&i);
    }
    test_passphrase();
    test_vectors();
    return tap_end();
}
