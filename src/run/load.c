/*
 * What the keeper reads before it starts anything. All that is wrong is found here, while
 * nothing runs yet.
 */
#include "run/codebase.h"
#include "run/keeper.h"
#include "schema/schema.h"

#include <arpa/inet.h>
#include <errno.h>
#include <limits.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

enum { KEEPER_MEMORY = 512 << 20, PEM_MAX = 1 << 20, TOKEN_MAX = 4096, TOKEN_SHORTEST = 16 };

/* ---- the contract ---- */

/* The contract's own reader and its published schema must agree: editors show what the schema
 * says, and a file that passes one of them only would surprise somebody. */
static bool check_published_schema(struct keeper *k, struct err *e)
{
    struct json_limits limits = json_limits_event;
    struct schema_problem problem;
    struct json *source;
    struct schema *schema;
    uint32_t offset;
    bool fits;

    limits.bytes = contract_schema_text.len;
    if (!json_read(k->arena, contract_schema_text, &limits, &source, e) ||
        !schema_compile(k->arena, source, NULL, &schema, &offset, e))
        return err_wrap(e, "the contract's published schema");
    fits = schema_valid(schema, k->contract->source);
    if (!fits && schema_problems(schema, k->contract->source, k->arena, &problem, 1))
        err_set(e, ERR_INPUT, "%s: %.*s: %.*s", k->contract->file, STR_ARG(problem.where),
                STR_ARG(problem.why));
    schema_free(schema);
    return fits;
}

static bool read_contract(struct keeper *k, struct err *e)
{
    struct snapshot_recorder recorder = {.arena = k->arena, .into = &k->snapshot};
    struct file_source source = snapshot_recording(&recorder);

    if (!contract_read(k->arena, &source, k->dir, &k->contract, e) ||
        !contract_check_files(k->contract, e))
        return false;
    return check_published_schema(k, e);
}

/* What the functions must never see lies outside of what the contract shows them. */
static bool check_private_files(struct keeper *k, struct err *e)
{
    const struct run_options *o = k->options;
    const struct {
        const char *path, *what;
    } rows[] = {
        {o->identity, "the identity"},
        {o->token_file, "the token file"},
        {o->tls_key, "the TLS key"},
        {k->ledger_dir, "the ledger"},
    };

    for (size_t i = 0; i < COUNT(rows); i++)
        if (rows[i].path && file_exists(rows[i].path) &&
            !contract_keeps_out(k->contract, rows[i].path, rows[i].what, e))
            return false;
    return true;
}

static bool make_plans(struct keeper *k, struct err *e)
{
    size_t n = k->contract->function_count;
    struct snapshot *s = &k->snapshot;

    k->plans = arena_array(k->arena, n, sizeof(*k->plans));
    s->functions = arena_array(k->arena, n, sizeof(*s->functions));
    if (!k->plans || !s->functions)
        return err_limit(e);
    s->function_count = n;
    for (size_t i = 0; i < n; i++) {
        const struct function *f = &k->contract->functions[i];

        if (!plan_make(k->arena, k->contract, f, k->options->runtimes, k->options->search,
                       &k->plans[i], e) ||
            !codebase_look(k->arena, f->code, &s->functions[i], e))
            return false;
    }
    return true;
}

static bool open_secrets(struct keeper *k, struct err *e)
{
    str store = arena_format(k->arena, "%s/" SEAL_FILE, k->dir);

    if (!store.at)
        return err_limit(e);
    return secrets_open(k->arena, k->contract, store.at, k->options->identity, &k->secrets,
                        e) &&
           secrets_mark(k->arena, k->secrets, &k->snapshot, e);
}

/* ---- who may call ---- */

static bool read_token(struct keeper *k, struct err *e)
{
    struct snapshot_settings *s = &k->snapshot.settings;
    str token;

    if (!k->options->token_file)
        return true;
    if (!file_read(k->arena, k->options->token_file, TOKEN_MAX, &token, e))
        return false;
    token = str_trim(token);
    if (token.len < TOKEN_SHORTEST) {
        err_set(e, ERR_INPUT, "the token in '%s' is shorter than %d characters",
                k->options->token_file, TOKEN_SHORTEST);
        return err_fix(e, "head -c 32 /dev/urandom | base64 > %s", k->options->token_file);
    }
    if (EVP_Digest(token.at, token.len, s->token_sha256, NULL, EVP_sha256(), NULL) != 1)
        return err_set(e, ERR_SYSTEM, "cannot hash the token");
    memory_wipe((char *)(uintptr_t)token.at, token.len);
    s->has_token = true;
    return true;
}

static bool read_tls(struct keeper *k, struct err *e)
{
    const struct run_options *o = k->options;

    if (!o->tls_cert && !o->tls_key)
        return true;
    if (!o->tls_cert || !o->tls_key)
        return err_set(e, ERR_USAGE, "--tls-cert and --tls-key go together");
    k->snapshot.settings.has_tls = true;
    return file_read(k->arena, o->tls_cert, PEM_MAX, &k->snapshot.tls_cert, e) &&
           file_read(k->arena, o->tls_key, PEM_MAX, &k->snapshot.tls_key, e);
}

bool keeper_load(struct keeper *k, const struct run_options *o, struct err *e)
{
    char path[PATH_MAX];

    k->options = o;
    k->listener = k->snapshot_fd = k->ledger.fd = k->quarantine.fd = -1;
    k->arena = arena_new(KEEPER_MEMORY);
    if (!k->arena)
        return err_limit(e);
    if (!realpath(o->dir, path))
        return err_sys(e, "cannot find '%s'", o->dir);
    k->dir = arena_str(k->arena, str_of(path)).at;
    k->ledger_dir = o->ledger ? o->ledger : arena_format(k->arena, "%s/.fnward", k->dir).at;
    if (!k->dir || !k->ledger_dir)
        return err_limit(e);
    k->snapshot.directory = str_of(k->dir);
    k->snapshot.settings.warm = o->warm;
    k->snapshot.settings.idle_ns = o->idle_ms * 1000000;
    if (!read_contract(k, e) || !ledger_open(k->ledger_dir, LEDGER_RECORDS, &k->ledger, e) ||
        !ledger_open(k->ledger_dir, LEDGER_QUARANTINE, &k->quarantine, e) ||
        !check_private_files(k, e) || !read_token(k, e) || !read_tls(k, e) ||
        !cage_machine_probe(&k->machine, e) || !make_plans(k, e) || !open_secrets(k, e))
        return false;
    return loop_new(&k->loop, e);
}

void keeper_unload(struct keeper *k)
{
    secrets_close(k->secrets);
    cage_spare_free(k->spare);
    cage_machine_free(k->machine);
    ledger_close(&k->ledger);
    ledger_close(&k->quarantine);
    ledger_record_free(&k->record);
    fd_closep(&k->listener);
    fd_closep(&k->snapshot_fd);
    loop_free(k->loop);
    arena_free(k->arena);
}

/* ---- the port ---- */

static bool is_loopback(const struct sockaddr_storage *at)
{
    const struct sockaddr_in *four = (const void *)at;
    const struct sockaddr_in6 *six = (const void *)at;

    if (at->ss_family == AF_INET)
        return ntohl(four->sin_addr.s_addr) >> 24 == 127;
    return IN6_IS_ADDR_LOOPBACK(&six->sin6_addr);
}

static bool parse_address(const struct run_options *o, struct sockaddr_storage *ret,
                          socklen_t *len, struct err *e)
{
    struct sockaddr_in *four = (void *)ret;
    struct sockaddr_in6 *six = (void *)ret;

    *ret = (struct sockaddr_storage){0};
    if (inet_pton(AF_INET, o->address, &four->sin_addr) == 1) {
        four->sin_family = AF_INET;
        four->sin_port = htons(o->port);
        *len = sizeof(*four);
        return true;
    }
    if (inet_pton(AF_INET6, o->address, &six->sin6_addr) == 1) {
        six->sin6_family = AF_INET6;
        six->sin6_port = htons(o->port);
        *len = sizeof(*six);
        return true;
    }
    err_set(e, ERR_USAGE, "'%s' is not an IPv4 or IPv6 address", o->address);
    return err_fix(e, "--listen 127.0.0.1:3000");
}

static bool bind_port(struct keeper *k, const struct sockaddr_storage *at, socklen_t len,
                      struct err *e)
{
    CLEANUP(fd_closep)
    int fd = socket(at->ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    struct sockaddr_storage bound = {0};
    socklen_t bound_len = sizeof(bound);

    if (fd < 0)
        return err_sys(e, "cannot make a socket");
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &(int){1}, sizeof(int));
    if (bind(fd, (const struct sockaddr *)at, len) < 0) {
        err_sys(e, "cannot listen on %s port %u", k->options->address, k->options->port);
        return err_fix(e, "choose another: --listen %s:0 takes any free port",
                       k->options->address);
    }
    if (listen(fd, SOMAXCONN) < 0 || getsockname(fd, (struct sockaddr *)&bound, &bound_len) < 0)
        return err_sys(e, "cannot listen");
    k->snapshot.settings.port =
        ntohs(bound.ss_family == AF_INET ? ((struct sockaddr_in *)(void *)&bound)->sin_port
                                         : ((struct sockaddr_in6 *)(void *)&bound)->sin6_port);
    k->listener = fd_steal(&fd);
    return true;
}

bool keeper_listen(struct keeper *k, struct err *e)
{
    const struct run_options *o = k->options;
    struct sockaddr_storage at;
    socklen_t len;
    bool local;

    if (!parse_address(o, &at, &len, e))
        return false;
    local = is_loopback(&at);
    if (!local && !k->snapshot.settings.has_token && !o->is_public) {
        err_set(e, ERR_USAGE, "others could call your functions on %s without a token",
                o->address);
        return err_fix(e, "give --token-file FILE, or --public when everybody may call");
    }
    k->snapshot.settings.loopback_only =
        local && !k->snapshot.settings.has_token && !o->is_public;
    return bind_port(k, &at, len, e);
}
