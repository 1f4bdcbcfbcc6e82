/*
 * ledger: appending through crashes, full disks, many processes and rotation.
 */
#include "tap.h"
#include "ledger.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

enum { RECORDS = 2000, WRITERS = 4, ROUNDS = 60, SAMPLE_BYTES = 84 };

/* Shared with children: how many records each was told are safe. */
static atomic_size_t *shared_counts(void)
{
    void *at = mmap(NULL, sizeof(atomic_size_t) * WRITERS, PROT_READ | PROT_WRITE,
                    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    if (at == MAP_FAILED)
        abort();
    return at;
}

static int wait_for(pid_t pid)
{
    int status;

    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            abort();
    return status;
}

static void open_ledger(const char *dir, struct ledger *l)
{
    struct err e = {0};

    if (!ledger_open(dir, LEDGER_RECORDS, l, &e)) {
        printf("# %s\n", e.what);
        abort();
    }
}

static size_t mark_all(const char *dir, const char *function, bool *seen, size_t max,
                       size_t *damaged)
{
    struct ledger_reader *r;
    struct err e = {0};
    size_t n;

    if (!ledger_reader_open(dir, LEDGER_RECORDS, &r, &e))
        abort();
    n = ledger_mark(r, function, seen, max);
    *damaged = ledger_reader_damaged(r);
    ledger_reader_free(r);
    return n;
}

static void test_opening(void)
{
    CLEANUP(scratch_remove) struct scratch s = scratch_make();
    char dir[96], file[128];
    struct stat st;
    struct ledger l;
    struct err e = {0};

    snprintf(dir, sizeof(dir), "%s/.fnward", s.dir);
    snprintf(file, sizeof(file), "%s/ledger.jsonl", dir);
    open_ledger(dir, &l);
    ledger_close(&l);
    CHECK(stat(dir, &st) == 0 && (st.st_mode & 07777) == 0700, "the directory is its owner's");
    CHECK(stat(file, &st) == 0 && (st.st_mode & 07777) == 0600, "and so is the file");
    unlink(file);
    if (symlink("/tmp/fnward-elsewhere", file) < 0)
        abort();
    CHECK(!ledger_open(dir, LEDGER_RECORDS, &l, &e) && e.code == ERR_INPUT,
          "a symbolic link is not followed");
    unlink(file);
    if (mkfifo(file, 0600) < 0)
        abort();
    e = (struct err){0};
    CHECK(!ledger_open(dir, LEDGER_RECORDS, &l, &e) && e.code == ERR_INPUT,
          "a FIFO does not hang us");
    e = (struct err){0};
    CHECK(!ledger_open("/dev/null", LEDGER_RECORDS, &l, &e), "a file is no directory");
}

static void test_unfinished_line(void)
{
    CLEANUP(scratch_remove) struct scratch s = scratch_make();
    bool seen[3] = {false};
    size_t damaged;
    struct ledger l;

    open_ledger(s.dir, &l);
    ledger_append_sample(&l, "f", 0);
    if (write(l.fd, "{\"time\":\"2026", 13) != 13)
        abort();
    ledger_close(&l);
    open_ledger(s.dir, &l);
    ledger_append_sample(&l, "f", 1);
    ledger_close(&l);
    CHECK(mark_all(s.dir, "f", seen, 3, &damaged) == 2 && damaged == 1,
          "opening closes a line that a crash left unfinished");
}

/* Appends until it is killed; raises *acknowledged after every record. */
_Noreturn static void write_for_ever(const char *dir, atomic_size_t *acknowledged)
{
    struct ledger l;

    open_ledger(dir, &l);
    for (;;) {
        if (!ledger_append_sample(&l, "f", atomic_load(acknowledged)))
            _exit(1);
        atomic_fetch_add(acknowledged, 1);
    }
}

static void test_killed_writers(void)
{
    CLEANUP(scratch_remove) struct scratch s = scratch_make();
    atomic_size_t *acknowledged = shared_counts();
    size_t lost = 0, damaged = 0, extra = 0, total = 0;
    uint32_t dice;

    for (unsigned round = 0; round < ROUNDS; round++) {
        char dir[96];
        bool *seen = calloc(1u << 20, 1);
        size_t n, broken;
        pid_t pid;

        atomic_store(acknowledged, 0);
        snprintf(dir, sizeof(dir), "%s/%u", s.dir, round);
        pid = fork();
        if (pid == 0)
            write_for_ever(dir, acknowledged);
        random_bytes(&dice, sizeof(dice));
        usleep(2000 + dice % 6000);
        kill(pid, SIGKILL);
        wait_for(pid);
        if (mkdir(dir, 0700) < 0 && errno != EEXIST)
            abort();
        n = mark_all(dir, "f", seen, 1u << 20, &broken);
        for (size_t i = 0; i < atomic_load(acknowledged); i++)
            lost += !seen[i];
        extra += n > atomic_load(acknowledged) + 1;
        damaged += broken;
        total += atomic_load(acknowledged);
        free(seen);
    }
    CHECK(total > ROUNDS, "%u writers were killed after %zu records", ROUNDS, total);
    CHECK(lost == 0 && extra == 0, "every acknowledged record is there, at most one more");
    CHECK(damaged == 0, "and all lines but the last are whole");
}

static void write_some(const char *dir, unsigned writer, size_t rotate_at)
{
    struct ledger l;
    char name[] = "f0";

    name[1] = (char)('0' + writer);
    open_ledger(dir, &l);
    for (size_t i = 0; i < RECORDS; i++) {
        struct err e = {0};
        bool rotated;

        if (!ledger_append_sample(&l, name, i))
            _exit(1);
        if (rotate_at && i % 10 == writer &&
            !ledger_rotate(dir, &l, rotate_at, 1000, 1, &rotated, &e))
            _exit(2);
    }
    _exit(0);
}

static size_t count_marked(const char *dir, size_t *damaged)
{
    char name[] = "f0";
    size_t n = 0;

    for (unsigned i = 0; i < WRITERS; i++) {
        bool seen[RECORDS] = {false};

        name[1] = (char)('0' + i);
        n += mark_all(dir, name, seen, RECORDS, damaged);
    }
    return n;
}

static bool run_writers(const char *dir, size_t rotate_at)
{
    pid_t pids[WRITERS];
    int failed = 0;

    for (unsigned i = 0; i < WRITERS; i++) {
        pids[i] = fork();
        if (pids[i] == 0)
            write_some(dir, i, rotate_at);
    }
    for (unsigned i = 0; i < WRITERS; i++)
        failed |= wait_for(pids[i]);
    return failed == 0;
}

static void test_many_writers(void)
{
    CLEANUP(scratch_remove) struct scratch s = scratch_make();
    size_t damaged;

    CHECK(run_writers(s.dir, 0), "%d processes append to one file", WRITERS);
    CHECK(count_marked(s.dir, &damaged) == WRITERS * RECORDS && damaged == 0,
          "and never mix their lines");
}

/* ---- full disks ---- */

struct filled {
    size_t acknowledged; /* before the disk was full */
    int reason;
    bool recovered;
};

static struct filled fill(struct ledger *l, void (*make_room)(const char *), const char *what)
{
    struct filled f = {0};
    struct ledger_record r = {0};
    struct err e = {0};

    while (ledger_append(l, ledger_sample(&r, "f", f.acknowledged), &e))
        f.acknowledged++;
    f.reason = e.sysno;
    for (unsigned i = 0; i < 3; i++) { /* a retry on a full disk must not make it worse */
        struct err again = {0};

        f.acknowledged += ledger_append(l, ledger_sample(&r, "f", f.acknowledged), &again);
    }
    make_room(what);
    f.recovered = ledger_append_sample(l, "f", f.acknowledged);
    ledger_record_free(&r);
    return f;
}

static void check_filled(const char *dir, const struct filled *f, const char *what)
{
    static bool seen[100000];
    size_t damaged, n;

    memset(seen, 0, sizeof(seen));
    n = mark_all(dir, "f", seen, COUNT(seen), &damaged);
    CHECK(f->acknowledged > 10 && (f->reason == ENOSPC || f->reason == EFBIG),
          "%s: the append fails with the reason", what);
    CHECK(f->recovered && n == f->acknowledged + 1 && damaged <= 1,
          "%s: once there is room it goes on, with all %zu acknowledged records", what,
          f->acknowledged);
}

static void raise_limit(const char *what)
{
    struct rlimit limit;

    (void)what;
    getrlimit(RLIMIT_FSIZE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_FSIZE, &limit);
}

/* A limit that is no multiple of a record's length, so that the last write is cut. */
static void test_size_limit(void)
{
    CLEANUP(scratch_remove) struct scratch s = scratch_make();
    struct rlimit limit;
    struct filled f;
    struct ledger l;

    signal(SIGXFSZ, SIG_IGN);
    open_ledger(s.dir, &l);
    getrlimit(RLIMIT_FSIZE, &limit);
    limit.rlim_cur = 50021;
    setrlimit(RLIMIT_FSIZE, &limit);
    f = fill(&l, raise_limit, NULL);
    ledger_close(&l);
    check_filled(s.dir, &f, "past a limit of size");
}

/* Several lines at once, cut by the limit: the writer drops what stands, appends the rest. */
static void test_cut_batch(void)
{
    CLEANUP(scratch_remove) struct scratch s = scratch_make();
    CLEANUP(buf_free) struct buf lines = {0};
    struct ledger_record r = {0};
    struct err e = {0}, again = {0};
    bool seen[100] = {false};
    size_t damaged;
    struct rlimit limit;
    struct ledger l;

    for (size_t n = 0; n < 100; n++)
        buf_add(&lines, ledger_sample(&r, "f", n));
    open_ledger(s.dir, &l);
    getrlimit(RLIMIT_FSIZE, &limit);
    limit.rlim_cur = lines.len / 2 + 10;
    setrlimit(RLIMIT_FSIZE, &limit);
    CHECK(!ledger_append(&l, buf_str(&lines), &e) && l.torn && l.whole > lines.len / 3 &&
              l.whole < lines.len / 2 + 10 && lines.at[l.whole - 1] == '\n',
          "an append that was cut tells how many of its lines stand");
    raise_limit(NULL);
    buf_drop(&lines, l.whole);
    CHECK(ledger_append(&l, buf_str(&lines), &again), "the rest is appended later");
    CHECK(mark_all(s.dir, "f", seen, 100, &damaged) == 100 && damaged == 1,
          "and every record stands there once");
    ledger_close(&l);
    ledger_record_free(&r);
}

static void remove_ballast(const char *path)
{
    unlink(path);
}

enum { NO_MOUNT = 77, NO_BALLAST = 78 };

static bool write_line(const char *path, const char *text)
{
    CLEANUP(fd_closep) int fd = open(path, O_WRONLY | O_CLOEXEC);
    struct err e = {0};

    return fd >= 0 && fd_write_all(fd, str_of(text), &e);
}

/* A user who is not root needs a namespace where it may mount, and its ids in it. */
static bool become_mounter(unsigned uid, unsigned gid)
{
    char uids[32], gids[32];

    snprintf(uids, sizeof(uids), "%u %u 1", uid, uid);
    snprintf(gids, sizeof(gids), "%u %u 1", gid, gid);
    return unshare(CLONE_NEWUSER) == 0 && write_line("/proc/self/uid_map", uids) &&
           write_line("/proc/self/setgroups", "deny") && write_line("/proc/self/gid_map", gids);
}

/* A small tmpfs on `dir`, in a mount namespace of our own. */
static bool mount_small(const char *dir)
{
    if (geteuid() && !become_mounter(geteuid(), getegid()))
        return false;
    return unshare(CLONE_NEWNS) == 0 &&
           mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
           mount("tmpfs", dir, "tmpfs", 0, "size=128k") == 0;
}

static int fill_tmpfs(const char *dir)
{
    char ballast[96];
    struct filled f;
    struct ledger l;
    int fd;

    if (!mount_small(dir))
        return NO_MOUNT;
    snprintf(ballast, sizeof(ballast), "%s/ballast", dir);
    fd = open(ballast, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0 || posix_fallocate(fd, 0, 65536) != 0)
        return NO_BALLAST;
    close(fd);
    open_ledger(dir, &l);
    f = fill(&l, remove_ballast, ballast);
    ledger_close(&l);
    check_filled(dir, &f, "on a full disk");
    return tap_failed != 0;
}

/* The child prints its two checks; the parent takes them over into its count. */
static void test_full_disk(void)
{
    CLEANUP(scratch_remove) struct scratch s = scratch_make();
    unsigned failed_before = tap_failed;
    pid_t pid;
    int status;

    fflush(stdout);
    pid = fork();
    if (pid == 0) {
        tap_failed = 0;
        _exit(fill_tmpfs(s.dir));
    }
    status = wait_for(pid);
    if (WIFEXITED(status) && WEXITSTATUS(status) == NO_MOUNT) {
        tap_skip("this machine lets us mount no tmpfs");
        return;
    }
    if (!WIFEXITED(status) || WEXITSTATUS(status) > 1) {
        CHECK(false, "filling a disk ended with status %d", status);
        return;
    }
    tap_count += 2;
    tap_failed = failed_before + (WEXITSTATUS(status) != 0);
}

/* The piece that one writer left must not swallow what another appends. */
static void test_torn_by_another(void)
{
    CLEANUP(scratch_remove) struct scratch s = scratch_make();
    bool seen[4] = {false};
    struct ledger_record r = {0};
    struct ledger one, two;
    size_t damaged;
    str line;

    open_ledger(s.dir, &one);
    open_ledger(s.dir, &two);
    ledger_append_sample(&one, "f", 0);
    line = ledger_sample(&r, "f", 3);
    if (write(one.fd, line.at, line.len / 2) < 0 || write(one.fd, line.at, line.len / 2) < 0)
        abort();
    ledger_append_sample(&two, "f", 1);
    one.torn = true;
    ledger_append_sample(&one, "f", 2);
    CHECK(!one.torn, "a whole append mends the writer");
    CHECK(mark_all(s.dir, "f", seen, 4, &damaged) == 3 && damaged == 1 && !seen[3],
          "a whole record behind torn ones on its line is found");
    ledger_record_free(&r);
    ledger_close(&one);
    ledger_close(&two);
}

static void test_nothing_to_append(void)
{
    CLEANUP(scratch_remove) struct scratch s = scratch_make();
    struct err e = {0};
    struct ledger l;

    open_ledger(s.dir, &l);
    CHECK(!ledger_append(&l, (str){NULL, 0}, &e) && e.code == ERR_LIMIT,
          "a record that memory failed is not appended as nothing");
    ledger_close(&l);
}

/* ---- rotation ---- */

static void test_rotation(void)
{
    CLEANUP(scratch_remove) struct scratch s = scratch_make();
    char path[128];
    bool seen[64] = {false}, rotated = true;
    struct err e = {0};
    struct ledger l, other;
    size_t damaged;

    open_ledger(s.dir, &l);
    open_ledger(s.dir, &other);
    ledger_append_sample(&l, "f", 0);
    CHECK(ledger_rotate(s.dir, &l, 1000, 3, 5, &rotated, &e) && !rotated,
          "a file below the size stays");
    CHECK(ledger_rotate(s.dir, &l, 10, 3, 5, &rotated, &e) && rotated, "past it, it moves");
    snprintf(path, sizeof(path), "%s/ledger-2026-01-31T12-34-56.789Z.jsonl", s.dir);
    CHECK(file_exists(path), "to the name of its first record's time");
    ledger_append_sample(&l, "f", 2);
    ledger_append_sample(&other, "f", 1);
    CHECK(ledger_rotate(s.dir, &other, 1000, 3, 5, &rotated, &e) && !rotated,
          "another writer gets the new file");
    ledger_append_sample(&other, "f", 3);
    CHECK(mark_all(s.dir, "f", seen, 4, &damaged) == 4 && damaged == 0,
          "and what it still wrote to the old one is found there");
    for (unsigned i = 4; i < 10; i++) {
        if (!ledger_rotate(s.dir, &l, 10, 3, 5, &rotated, &e) || !rotated)
            abort();
        ledger_append_sample(&l, "f", 20 - i); /* the clock runs backwards */
    }
    memset(seen, 0, sizeof(seen));
    CHECK(mark_all(s.dir, "f", seen, 64, &damaged) == 4 && seen[11] && seen[14] && !seen[3],
          "three old files are kept, the newest, also when the clock was set back");
    CHECK(ledger_rotate(s.dir, &l, 10, 0, 5, &rotated, &e) && rotated && !file_exists(path),
          "keeping none removes them all");
    ledger_close(&l);
    ledger_close(&other);
}

/* Beside the ledger: neither rotates, removes or reads the other's files. */
static void test_quarantine(void)
{
    CLEANUP(scratch_remove) struct scratch s = scratch_make();
    CLEANUP(ledger_reader_freep) struct ledger_reader *r = NULL;
    struct ledger_filter all = {0};
    const struct json *record;
    struct err e = {0};
    struct ledger l, q;
    char path[128];
    bool rotated = false;
    str line;

    open_ledger(s.dir, &l);
    ledger_append_sample(&l, "f", 0);
    if (!CHECK(ledger_open(s.dir, LEDGER_QUARANTINE, &q, &e), "a quarantine is opened"))
        return;
    ledger_append_sample(&q, "kept", 0);
    CHECK(ledger_rotate(s.dir, &q, 10, 1, 5, &rotated, &e) && rotated, "it rotates");
    snprintf(path, sizeof(path), "%s/quarantine-2026-01-31T12-34-56.789Z.jsonl", s.dir);
    CHECK(file_exists(path), "to a name of its own");
    CHECK(ledger_rotate(s.dir, &l, 10, 0, 5, &rotated, &e) && rotated && file_exists(path),
          "which the ledger's rotation leaves alone");
    CHECK(ledger_reader_open(s.dir, LEDGER_QUARANTINE, &r, &e) &&
              ledger_reader_next(r, &all, &record, &line, &e) && record &&
              str_is(json_get_str(record, STR(LEDGER_FAAS_NAME)), "kept"),
          "its reader reads it");
    CHECK(ledger_reader_next(r, &all, &record, &line, &e) && !record, "and nothing else");
    ledger_close(&l);
    ledger_close(&q);
}

static void test_rotation_by_many(void)
{
    CLEANUP(scratch_remove) struct scratch s = scratch_make();
    size_t damaged;

    CHECK(run_writers(s.dir, 20000), "%d processes append and rotate at once", WRITERS);
    CHECK(count_marked(s.dir, &damaged) == WRITERS * RECORDS && damaged == 0,
          "no record is lost or doubled");
}

/* Reads while writers append and rotate. Once: a reader that follows keeps one old file open,
 * so a writer that slept through two rotations would not be seen. */
static void test_following(void)
{
    CLEANUP(scratch_remove) struct scratch s = scratch_make();
    CLEANUP(ledger_reader_freep) struct ledger_reader *r = NULL;
    bool seen[RECORDS] = {false};
    struct err e = {0};
    size_t n = 0;
    pid_t pid;
    int status;

    if (!ledger_reader_open(s.dir, LEDGER_RECORDS, &r, &e))
        abort();
    fflush(stdout);
    pid = fork();
    if (pid == 0) {
        run_writers(s.dir, WRITERS * RECORDS * SAMPLE_BYTES / 3 * 2);
        _exit(0);
    }
    while (waitpid(pid, &status, WNOHANG) == 0)
        n += ledger_mark(r, "f1", seen, RECORDS);
    n += ledger_mark(r, "f1", seen, RECORDS);
    CHECK(n == RECORDS, "a reader that follows sees each record once, also over a rotation");
    CHECK(ledger_reader_damaged(r) == 0 && !ledger_reader_unfinished(r), "and none damaged");
}

int main(void)
{
    setvbuf(stdout, NULL, _IOLBF, 0);
    test_opening();
    test_unfinished_line();
    test_killed_writers();
    test_many_writers();
    test_size_limit();
    test_cut_batch();
    test_full_disk();
    test_torn_by_another();
    test_nothing_to_append();
    test_rotation();
    test_quarantine();
    test_rotation_by_many();
    test_following();
    return tap_end();
}
