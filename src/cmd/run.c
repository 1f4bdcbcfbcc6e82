#include "cmd/cmd.h"

#include "cage/cage.h"
#include "cmd/identity.h"
#include "run/run.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PROTECTIONS_MAX = 64, WARM_MAX = 256, IDLE_MAX = 86400 };

/* ---- options ---- */

static int take_listen(const struct cmd_line *line, struct arena *a, struct run_options *o)
{
    const char *given = cmd_value(line, "listen");
    str text = given ? str_of(given) : STR("127.0.0.1:3000"), host;
    size_t colon = text.len;
    uint64_t port;

    while (colon && text.at[colon - 1] != ':')
        colon--;
    if (!colon || !str_to_u64(str_sub(text, colon, text.len), 65535, &port))
        return cmd_usage(line,
                         "--listen takes ADDRESS:PORT, as in 127.0.0.1:3000 or [::1]:3000");
    host = str_sub(text, 0, colon - 1);
    if (str_starts(host, STR("[")) && str_ends(host, STR("]")))
        host = str_sub(host, 1, host.len - 2);
    if (str_is(host, "localhost"))
        host = STR("127.0.0.1");
    o->address = arena_str(a, host).at;
    o->port = (uint16_t)port;
    return 0;
}

static int take_pool(const struct cmd_line *line, struct run_options *o)
{
    uint64_t warm = 1, idle = 300;
    int wrong = cmd_number(line, "warm", WARM_MAX, &warm);

    wrong = wrong ? wrong : cmd_number(line, "idle", IDLE_MAX, &idle);
    o->warm = (unsigned)warm;
    o->idle_ms = idle * 1000;
    return wrong;
}

int cmd_run_options(const struct cmd_line *line, struct arena *a, struct run_options *ret)
{
    ret->ledger = cmd_value(line, "ledger");
    ret->identity = cmd_identity_path(a, line);
    ret->runtimes = cmd_runtimes(a);
    ret->search = cmd_search_path();
    if (ret->runtimes)
        return 0;
    fputs("fnward: the runtime clients are not installed beside this program\n"
          "  fix: set FNWARD_RUNTIMES to their directory, or run 'make install'\n",
          stderr);
    return EXIT_INCOMPLETE;
}

/* ---- what protects ---- */

/* An ordinary user has control groups only where somebody delegated them: their limits have a
 * second line, or cost others time, but open nothing. */
static bool needs_control_groups(const struct cage_protection *p)
{
    static const char *const names[] = {"memory limit", "process limit", "processor limit"};

    for (size_t i = 0; i < COUNT(names); i++)
        if (strcmp(p->name, names[i]) == 0)
            return true;
    return false;
}

static bool is_required(const char *require, const struct cage_protection *p)
{
    str rest = str_of(require), name;

    if (str_is(rest, "kernel"))
        return p->state == CAGE_ABSENT && !needs_control_groups(p);
    if (str_is(rest, "all"))
        return true;
    while (str_cut(&rest, ',', &name))
        if (str_equal_nocase(str_trim(name), str_of(p->name)))
            return true;
    return false;
}

static int unknown_protection(const struct cmd_line *line, const char *require,
                              const struct cage_protection *all, size_t count)
{
    str rest = str_of(require), name;

    if (str_is(rest, "kernel") || str_is(rest, "all"))
        return 0;
    while (str_cut(&rest, ',', &name)) {
        bool known = false;

        for (size_t i = 0; i < count; i++)
            known |= str_equal_nocase(str_trim(name), str_of(all[i].name));
        if (!known)
            return cmd_usage(line,
                             "--require: there is no protection '%.*s'; see 'fnward status'",
                             STR_ARG(name));
    }
    return 0;
}

/* Refuses to serve with less than what is required; tells in short what there is. */
static int check_protections(const struct cmd_line *line, char *summary, size_t size)
{
    const char *require = cmd_value(line, "require");
    struct cage_protection all[PROTECTIONS_MAX];
    struct cage_machine *machine;
    size_t live = 0, missing = 0, count, used;
    int wrong;
    struct err e = {0};

    if (!cage_machine_probe(&machine, &e))
        return cmd_fail(&e);
    count = cage_protections(machine, all, PROTECTIONS_MAX);
    cage_machine_free(machine);
    if (!require)
        require = "kernel";
    wrong = unknown_protection(line, require, all, count);
    used = (size_t)snprintf(summary, size, "protections:");
    for (size_t i = 0; i < count; i++) {
        live += all[i].state == CAGE_LIVE;
        if (all[i].state != CAGE_LIVE && used < size)
            used += (size_t)snprintf(summary + used, size - used, " %s %s,", all[i].name,
                                     all[i].state == CAGE_DEGRADED ? "degraded" : "absent");
        if (all[i].state == CAGE_LIVE || !is_required(require, &all[i]))
            continue;
        missing++;
        fprintf(stderr, "fnward run: '%s' is required but not live: %s\n", all[i].name,
                all[i].proof);
        if (all[i].fix)
            fprintf(stderr, "  fix: %s\n", all[i].fix);
    }
    if (used < size)
        snprintf(summary + used, size - used, " %zu of %zu live ('fnward status' tells more)",
                 live, count);
    return wrong ? wrong : missing ? EXIT_INCOMPLETE : 0;
}

/* ---- serving ---- */

struct serving {
    const char *summary, *dir;
    bool quiet;
    pid_t logs; /* the process that shows the ledger as it grows */
};

/* `fnward logs -f` on the same terminal. */
static void follow_ledger(struct serving *s, const struct run_report *r)
{
    char since[25];
    sigset_t none;

    clock_iso(clock_wall_ms(), since);
    s->logs = fork();
    if (s->logs != 0)
        return;
    setpgid(0, 0); /* Ctrl-C is for the server, which ends us when all is told */
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    execl("/proc/self/exe", "fnward", "logs", "-f", "--ledger", r->ledger, "--since", since,
          (char *)NULL);
    _exit(127);
}

static void describe_function(struct buf *b, const struct function *f)
{
    buf_addf(b, "  %-16.*s %-9s", STR_ARG(f->name), runtime_name(f->runtime));
    for (size_t i = 0; i < f->trigger_count; i++) {
        const struct trigger *t = &f->triggers[i];

        buf_addf(b, "%s ", i ? "," : "");
        if (trigger_has_route(t->kind))
            buf_addf(b, "%.*s %.*s", STR_ARG(t->method), STR_ARG(t->path));
        else
            buf_add(b, str_of(trigger_name(t->kind)));
    }
    buf_addc(b, '\n');
}

static void started(void *self, const struct run_report *r)
{
    struct serving *s = self;
    CLEANUP(buf_free) struct buf b = {0};
    bool six = strchr(r->address, ':') != NULL;

    buf_addf(&b, "fnward " FNWARD_VERSION " serves %s on %s://%s%s%s:%u%s\n", s->dir,
             r->has_tls ? "https" : "http", six ? "[" : "", r->address, six ? "]" : "", r->port,
             r->has_token ? " (bearer token needed)" : "");
    for (size_t i = 0; i < r->contract->function_count; i++)
        describe_function(&b, &r->contract->functions[i]);
    buf_addf(&b, "%s\nledger: %s\n", s->summary, r->ledger);
    cmd_print(&b);
    if (!s->quiet)
        follow_ledger(s, r);
}

static void stop_following(pid_t logs)
{
    if (logs <= 0)
        return;
    usleep(300000); /* it looks five times a second: let it show the last records */
    kill(logs, SIGTERM);
    waitpid(logs, NULL, 0);
}

static int run(const struct cmd_line *line)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(0);
    struct run_options o = {
        .dir = line->count ? line->arguments[0] : ".",
        .is_public = cmd_flag(line, "public"),
        .token_file = cmd_value(line, "token-file"),
        .tls_cert = cmd_value(line, "tls-cert"),
        .tls_key = cmd_value(line, "tls-key"),
    };
    char summary[512];
    struct serving s = {
        .summary = summary, .dir = o.dir, .quiet = cmd_flag(line, "quiet") || !isatty(1)};
    struct err e = {0};
    int wrong;
    bool good;

    if (line->count > 1)
        return cmd_usage(line, "one directory at a time");
    wrong = cmd_run_options(line, a, &o);
    wrong = wrong ? wrong : take_listen(line, a, &o);
    wrong = wrong ? wrong : take_pool(line, &o);
    wrong = wrong ? wrong : check_protections(line, summary, sizeof(summary));
    if (wrong)
        return wrong;
    good = run_serve(&o, started, &s, &e);
    stop_following(s.logs);
    return good ? EXIT_CLEAN : cmd_fail(&e);
}

const struct command command_run = {
    .name = "run",
    .arguments = "[DIR] [--listen ADDRESS:PORT] [OPTION...]",
    .summary = "Serve the functions of a contract: HTTP routes and the Lambda Invoke API",
    .text =
        "Reads DIR/fnward.yaml (default: the current directory) and serves its functions, each\n"
        "instance in a cage of its own. Declared http: triggers are served at their routes as\n"
        "function URLs; every function also answers the Lambda API, so that\n"
        "'aws lambda invoke --endpoint-url http://127.0.0.1:3000' and the SDKs work.\n"
        "\n"
        "Own pages: /_fnward/health and /_fnward/metrics (Prometheus).\n"
        "\n"
        "Without --token-file only this machine may call, and only under a local name.\n"
        "--require says what must be live for serving to begin: 'kernel' is all but the limits\n"
        "that need control groups, 'all' is all, or names as 'fnward status' lists them.\n"
        "\n"
        "On a terminal the ledger is shown as it grows. SIGTERM and Ctrl-C let what is under\n"
        "way finish; a second one does not.\n",
    .options =
        {
            {"listen", "ADDRESS:PORT", 'l',
             "where to listen (default 127.0.0.1:3000; port 0: any)"},
            {"token-file", "FILE", 0, "callers must send its content as a bearer token"},
            {"public", NULL, 0, "let everybody call who reaches the port"},
            {"tls-cert", "FILE", 0, "serve HTTPS with this certificate chain (PEM)"},
            {"tls-key", "FILE", 0, "and this private key (PEM)"},
            {"identity", "FILE", 0, "the key that opens the secrets (see 'fnward help seal')"},
            {"ledger", "DIR", 0, "where the records are kept (default DIR/.fnward)"},
            {"warm", "N", 0, "instances of each function kept ready (default 1)"},
            {"idle", "SECONDS", 0, "others end after so long without an event (default 300)"},
            {"require", "WHAT", 0, "kernel (default), all, or names, by commas"},
            {"quiet", NULL, 'q', "do not show the ledger on the terminal"},
        },
    .examples =
        {
            {"fnward run", "serve the current directory on http://127.0.0.1:3000"},
            {"fnward run shop --listen 0.0.0.0:443 --token-file token --tls-cert c.pem --tls-key k.pem",
             "serve a network, with TLS and a bearer token"},
            {"aws lambda invoke --endpoint-url http://127.0.0.1:3000 --function-name orders "
             "--cli-binary-format raw-in-base64-out --payload '{}' /dev/stdout",
             "call a function with the AWS CLI"},
        },
    .run = run,
};
