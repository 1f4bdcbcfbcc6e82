#include "cmd/seal.h"
#include "cmd/identity.h"
#include "cmd/prompt.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NEEDS_IDENTITY = 1, NEEDS_VALUE = 2, NEEDS_STORE = 4, CHANGES = 8 };

static const size_t arena_limit = (size_t)256 << 20; /* the largest file, read and written */

/* ---- keygen ---- */

/* The directories above `path`, for nobody else. */
static bool make_parents(struct arena *a, const char *path, struct err *e)
{
    str copy = arena_str(a, str_of(path));
    char *at = (char *)copy.at;

    if (!at)
        return err_limit(e);
    for (size_t i = 1; i < copy.len; i++) {
        if (at[i] != '/')
            continue;
        at[i] = 0;
        if (mkdir(at, 0700) < 0 && errno != EEXIST)
            return err_sys(e, "cannot make the directory '%s'", at);
        at[i] = '/';
    }
    return true;
}

static void today(char ret[11])
{
    char now[25];

    clock_iso(clock_wall_ms(), now);
    memcpy(ret, now, 10);
    ret[10] = 0;
}

static int keygen(struct seal_job *j)
{
    struct age_recipient recipient;
    char date[11], text[AGE_TEXT_MAX];
    struct err e = {0};

    if (!j->identity_path)
        return cmd_usage(j->line, "HOME is not set: name a file with --identity FILE");
    today(date);
    if (!make_parents(j->a, j->identity_path, &e) ||
        !seal_identity_create(j->identity_path, str_of(date), &recipient, &e))
        return cmd_fail(&e);
    age_recipient_text(&recipient, text);
    fprintf(stderr, "The identity is in %s: keep a copy, nothing else opens what is sealed.\n",
            j->identity_path);
    printf("%s\n", text);
    return EXIT_CLEAN;
}

/* ---- set, get, remove ---- */

static bool read_value(const char *name, struct secret *ret, struct err *e)
{
    char what[SEAL_NAME_MAX + 16];

    if (isatty(STDIN_FILENO)) {
        snprintf(what, sizeof(what), "Value of %.*s", SEAL_NAME_MAX, name);
        return prompt_secret(what, ret, e);
    }
    if (!secret_read_fd(STDIN_FILENO, SEAL_VALUE_MAX + 1, ret, e))
        return err_wrap(e, "the value on standard input");
    /* What 'echo' and editors put behind a value is not part of it. */
    if (ret->len && ret->at[ret->len - 1] == '\n')
        ret->len--;
    return true;
}

static bool save(struct seal_job *j, struct err *e)
{
    return seal_write(j->store, j->path, e);
}

static int tell_set(const struct seal_job *j, size_t length, enum seal_change change)
{
    static const char *const done[] = {
        [SEAL_ADDED] = "added", [SEAL_CHANGED] = "changed", [SEAL_UNCHANGED] = "unchanged"};

    if (length < SEAL_VALUE_SHORT)
        fprintf(stderr,
                "fnward seal: warning: a value of %zu bytes is easily guessed, and ordinary "
                "text that holds it is blanked out\n",
                length);
    printf("%s %s in %s\n", j->arguments[0], done[change], j->path);
    return EXIT_CLEAN;
}

static int set(struct seal_job *j)
{
    enum seal_change change;
    char date[11];
    struct err e = {0};

    today(date);
    if (!seal_set(j->store, j->identities.items, j->identities.count, j->function,
                  str_of(j->arguments[0]), secret_str(&j->value), str_of(date), &change, &e) ||
        (change != SEAL_UNCHANGED && !save(j, &e)))
        return cmd_fail(&e);
    return tell_set(j, j->value.len, change);
}

static int get(struct seal_job *j)
{
    CLEANUP(secret_free) struct secret value = {0};
    struct err e = {0};

    if (!seal_open(j->store, j->identities.items, j->identities.count, j->function,
                   str_of(j->arguments[0]), &value, &e) ||
        !fd_write_all(STDOUT_FILENO, secret_str(&value), &e) ||
        (isatty(STDOUT_FILENO) && !fd_write_all(STDOUT_FILENO, STR("\n"), &e)))
        return cmd_fail(&e);
    return EXIT_CLEAN;
}

static int remove_secret(struct seal_job *j)
{
    struct err e = {0};

    if (!seal_remove(j->store, j->function, str_of(j->arguments[0]), &e) || !save(j, &e))
        return cmd_fail(&e);
    printf("%s removed from %s\n", j->arguments[0], j->path);
    return EXIT_CLEAN;
}

/* ---- the subcommands ---- */

static const struct subcommand {
    const char *name;
    size_t least, most; /* arguments */
    unsigned needs;
    const char *options; /* beside --dir and --identity */
    const char *form;
    int (*run)(struct seal_job *j);
} subcommands[] = {
    {"keygen", 0, 0, 0, "", "keygen", keygen},
    {"set", 1, 1, NEEDS_IDENTITY | NEEDS_VALUE | NEEDS_STORE | CHANGES, "function",
     "set NAME [--function F] < VALUE", set},
    {"get", 1, 1, NEEDS_IDENTITY | NEEDS_STORE, "function", "get NAME [--function F]", get},
    {"list", 0, 0, NEEDS_STORE, "format", "list [--format json]", seal_job_list},
    {"remove", 1, 1, NEEDS_STORE | CHANGES, "function", "remove NAME [--function F]",
     remove_secret},
    {"rotate", 0, 0, NEEDS_IDENTITY | NEEDS_STORE | CHANGES, "", "rotate", seal_job_rotate},
    {"add-recipient", 1, CMD_ARGUMENTS_MAX, NEEDS_IDENTITY | NEEDS_STORE | CHANGES, "",
     "add-recipient AGE1...", seal_job_add_recipient},
    {"remove-recipient", 1, CMD_ARGUMENTS_MAX, NEEDS_IDENTITY | NEEDS_STORE | CHANGES, "",
     "remove-recipient AGE1...", seal_job_remove_recipient},
    {"exec", 1, CMD_ARGUMENTS_MAX, NEEDS_IDENTITY | NEEDS_STORE, "function secret",
     "exec [--function F] [--secret A,B] -- COMMAND...", seal_job_exec},
};

static const struct subcommand *find_subcommand(const char *name)
{
    for (size_t i = 0; i < COUNT(subcommands); i++)
        if (strcmp(subcommands[i].name, name) == 0)
            return &subcommands[i];
    return NULL;
}

static int missing_subcommand(const struct cmd_line *line)
{
    CLEANUP(buf_free) struct buf b = {0};

    for (size_t i = 0; i < COUNT(subcommands); i++)
        buf_addf(&b, "%s%s", i ? ", " : "", subcommands[i].name);
    return cmd_usage(line, "a subcommand is missing: %.*s", STR_ARG(buf_str(&b)));
}

static int unknown_subcommand(const struct cmd_line *line)
{
    const char *names[COUNT(subcommands)], *near;

    for (size_t i = 0; i < COUNT(subcommands); i++)
        names[i] = subcommands[i].name;
    near = did_you_mean(str_of(line->arguments[0]), names, COUNT(names));
    return cmd_usage(line, "there is no subcommand '%s'%s%s%s", line->arguments[0],
                     near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
}

static bool takes_option(const struct subcommand *sub, const char *name)
{
    str rest = str_of(sub->options), option;

    if (strcmp(name, "dir") == 0 || strcmp(name, "identity") == 0)
        return true;
    while (str_cut(&rest, ' ', &option))
        if (str_is(option, name))
            return true;
    return false;
}

/* The options and arguments against the subcommand's row; non-zero is an exit code. */
static int check_line(const struct cmd_line *line, const struct subcommand *sub)
{
    size_t count = line->count - 1;

    for (size_t i = 0; i < CMD_OPTIONS_MAX && line->command->options[i].name; i++)
        if (line->values[i] && !takes_option(sub, line->command->options[i].name))
            return cmd_usage(line, "'%s' takes no --%s: fnward seal %s", sub->name,
                             line->command->options[i].name, sub->form);
    if (sub->needs & NEEDS_VALUE && count > sub->most)
        return cmd_usage(line,
                         "the value is not an argument: it would stay in the shell's history "
                         "and be seen\nin the list of processes; give it on standard input, or "
                         "type it when asked");
    if (count < sub->least || count > sub->most)
        return cmd_usage(line, "'%s' is used like this: fnward seal %s", sub->name, sub->form);
    return 0;
}

static void job_free(struct seal_job *j)
{
    secret_free(&j->value);
    seal_identities_free(&j->identities);
    arena_free(j->a);
    fd_closep(&j->lock);
}

/* Two changes at once would lose one of them: whoever comes second waits. */
static bool lock_directory(const char *dir, int *ret, struct err *e)
{
    int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (fd < 0)
        return err_sys(e, "cannot open the directory '%s'", dir);
    if (flock(fd, LOCK_EX) < 0) {
        err_sys(e, "cannot lock the directory '%s'", dir);
        close(fd);
        return false;
    }
    *ret = fd;
    return true;
}

static bool job_start(struct seal_job *j, const struct subcommand *sub, struct err *e)
{
    const char *dir = cmd_value(j->line, "dir"), *function = cmd_value(j->line, "function");

    j->a = arena_new(arena_limit);
    if (!j->a)
        return err_limit(e);
    j->function = str_of(function ? function : SEAL_EVERY_FUNCTION);
    j->path = path_join(j->a, str_of(dir ? dir : "."), STR(SEAL_FILE)).at;
    j->identity_path = cmd_identity_path(j->a, j->line);
    if (!j->path)
        return err_limit(e);
    if (sub->needs & NEEDS_IDENTITY &&
        !seal_identities_load(j->identity_path, &j->identities, e))
        return false;
    /* Nobody is kept waiting by a value that is still being typed. */
    if (sub->needs & NEEDS_VALUE && !read_value(j->arguments[0], &j->value, e))
        return false;
    if (sub->needs & CHANGES && !lock_directory(dir ? dir : ".", &j->lock, e))
        return false;
    return !(sub->needs & NEEDS_STORE) || seal_read(j->a, j->path, &j->store, e);
}

static int run(const struct cmd_line *line)
{
    CLEANUP(job_free)
    struct seal_job j = {.line = line, .arguments = line->arguments + 1, .lock = -1};
    const struct subcommand *sub;
    struct err e = {0};
    int wrong;

    if (!line->count)
        return missing_subcommand(line);
    sub = find_subcommand(line->arguments[0]);
    if (!sub)
        return unknown_subcommand(line);
    wrong = check_line(line, sub);
    if (wrong)
        return wrong;
    j.count = line->count - 1;
    /* No core file shows what we open, nor can another process of this user look into us. */
    prctl(PR_SET_DUMPABLE, 0);
    return job_start(&j, sub, &e) ? sub->run(&j) : cmd_fail(&e);
}

const struct command command_seal = {
    .name = "seal",
    .arguments = "SUBCOMMAND [NAME] [OPTION...] [-- COMMAND...]",
    .summary = "Keep secrets encrypted in the repository, for the functions that declare them",
    .text =
        "Secrets stand in fnward.secrets beside the contract: one age ciphertext per value, bound\n"
        "to its name and function, so that the file can be committed and its diffs stay small.\n"
        "\n"
        "  keygen                     make an identity and print its recipient (age1...)\n"
        "  set NAME                   seal a value, from standard input or typed without echo\n"
        "  get NAME                   print a value\n"
        "  list                       names, functions and dates; never values\n"
        "  remove NAME                remove a value\n"
        "  add-recipient AGE1...      let others open everything\n"
        "  remove-recipient AGE1...   seal everything anew without them, and mark every value as\n"
        "                             to be changed, for they have known it\n"
        "  rotate                     seal everything anew\n"
        "  exec -- COMMAND...         run a command with the values in its environment\n"
        "\n"
        "A secret is for every function that declares it, or by --function for one, whose own\n"
        "value then goes first. The identity is --identity, else FNWARD_IDENTITY, else\n"
        "fnward/identity in XDG_CONFIG_HOME or ~/.config. Values have 4 bytes to 64 KB.\n",
    .options =
        {
            {"dir", "DIR", 0, "where fnward.secrets is (default: the current directory)"},
            CMD_IDENTITY_OPTION,
            {"function", "NAME", 0, "the secret of this function only"},
            {"secret", "NAMES", 0, "exec: only these, separated by commas"},
            {"format", "FORMAT", 0, "list: text or json (default: text)"},
        },
    .examples =
        {
            {"fnward seal keygen", "once, on each machine that opens secrets"},
            {"fnward seal set STRIPE_KEY", "asks for the value"},
            {"pass show stripe | fnward seal set STRIPE_KEY --function orders",
             "for one function, from a password manager"},
            {"fnward seal exec --secret DATABASE_URL -- ./migrate", "a command that needs one"},
        },
    .rest_is_a_command = true,
    .run = run,
};
