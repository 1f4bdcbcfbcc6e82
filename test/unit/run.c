/*
 * What the processes share: their messages, the loop, the snapshot, the addresses in a cage.
 */
#include "tap.h"

#include "run/address.h"
#include "run/loop.h"
#include "run/message.h"
#include "run/snapshot.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/mman.h>
#include <unistd.h>

/* ---- messages ---- */

static void test_messages(void)
{
    struct message sent = {.kind = MESSAGE_START, .function = 3, .instance = 7}, got;
    struct message_fds fds;
    struct err e = {0};
    int pair[2];

    CHECK(message_pair(pair, &e), "a channel is made");
    message_set_text(&sent, STR("because"));
    CHECK(message_send(pair[0], &sent, NULL) &&
              message_receive(pair[1], PROCESS_FRONT, PROCESS_KEEPER, &got, &fds) ==
                  MESSAGE_GOT,
          "front may ask the keeper for an instance");
    CHECK(got.function == 3 && got.instance == 7 && str_is(message_text(&got), "because"),
          "and it arrives as it was sent");
    CHECK(message_receive(pair[1], PROCESS_FRONT, PROCESS_KEEPER, &got, &fds) == MESSAGE_NONE,
          "then there is no other");
    message_send(pair[0], &sent, NULL);
    CHECK(message_receive(pair[1], PROCESS_BROKER, PROCESS_KEEPER, &got, &fds) == MESSAGE_WRONG,
          "the broker may not ask for one");
    sent.text_len = MESSAGE_TEXT + 1;
    message_send(pair[0], &sent, NULL);
    CHECK(message_receive(pair[1], PROCESS_FRONT, PROCESS_KEEPER, &got, &fds) == MESSAGE_WRONG,
          "a text longer than its room is refused");
    sent = (struct message){.kind = MESSAGE_KINDS};
    message_send(pair[0], &sent, NULL);
    CHECK(message_receive(pair[1], PROCESS_FRONT, PROCESS_KEEPER, &got, &fds) == MESSAGE_WRONG,
          "an unknown kind is refused");
    CHECK(send(pair[0], "short", 5, 0) == 5 &&
              message_receive(pair[1], PROCESS_FRONT, PROCESS_KEEPER, &got, &fds) ==
                  MESSAGE_WRONG,
          "a message of another size is refused");
    close(pair[0]);
    CHECK(message_receive(pair[1], PROCESS_FRONT, PROCESS_KEEPER, &got, &fds) == MESSAGE_CLOSED,
          "the end of the other side shows");
    close(pair[1]);
}

static int open_descriptors(void)
{
    int n = 0;

    for (int fd = 0; fd < 256; fd++)
        n += fcntl(fd, F_GETFD) >= 0;
    return n;
}

static void test_descriptors(void)
{
    struct message m = {.kind = MESSAGE_STARTED}, got;
    struct message_fds fds = {.count = 3}, received;
    struct err e = {0};
    int pair[2], before;

    if (!message_pair(pair, &e))
        abort();
    for (int i = 0; i < 3; i++)
        fds.fd[i] = open("/dev/null", O_RDONLY | O_CLOEXEC);
    before = open_descriptors();
    message_send(pair[0], &m, &fds);
    CHECK(message_receive(pair[1], PROCESS_KEEPER, PROCESS_FRONT, &got, &received) ==
                  MESSAGE_GOT &&
              received.count == 3 && fcntl(received.fd[2], F_GETFD) == FD_CLOEXEC,
          "three descriptors come with a new instance, closed on exec");
    for (int i = 0; i < 3; i++)
        close(received.fd[i]);
    fds.count = 1;
    message_send(pair[0], &m, &fds);
    CHECK(message_receive(pair[1], PROCESS_KEEPER, PROCESS_FRONT, &got, &received) ==
              MESSAGE_WRONG,
          "one is too few");
    m.kind = MESSAGE_EXITED;
    message_send(pair[0], &m, &fds);
    CHECK(message_receive(pair[1], PROCESS_KEEPER, PROCESS_FRONT, &got, &received) ==
              MESSAGE_WRONG,
          "a message that carries none is refused with one");
    CHECK(open_descriptors() == before, "what was refused has been closed");
    for (int i = 0; i < 3; i++)
        close(fds.fd[i]);
    close(pair[0]);
    close(pair[1]);
}

/* ---- the loop ---- */

struct clockwork {
    struct loop *loop;
    struct timer timers[64];
    int order[64];
    size_t fired;
};
static struct clockwork clockwork; /* timers carry no pointer of their own */

static void fire(struct timer *t)
{
    clockwork.order[clockwork.fired++] = (int)(t - clockwork.timers);
    if (clockwork.fired == 32)
        loop_stop(clockwork.loop);
}

static bool is_ascending(const uint64_t *at)
{
    for (size_t i = 1; i < clockwork.fired; i++)
        if (at[clockwork.order[i - 1]] > at[clockwork.order[i]])
            return false;
    return true;
}

static void test_timers(void)
{
    uint64_t at[64], now;
    struct err e = {0};

    if (!loop_new(&clockwork.loop, &e))
        abort();
    now = loop_now(clockwork.loop);
    for (size_t i = 0; i < 64; i++) {
        clockwork.timers[i].fire = fire;
        at[i] = now + 1000000 * ((i * 37) % 64);
        loop_set(clockwork.loop, &clockwork.timers[i], at[i]);
    }
    for (size_t i = 0; i < 64; i += 2)
        loop_unset(clockwork.loop, &clockwork.timers[i]);
    /* Put off and brought forward: both must be met at their last time. */
    at[1] = now + 70000000;
    loop_set(clockwork.loop, &clockwork.timers[1], at[1]);
    at[3] = now + 10;
    loop_set(clockwork.loop, &clockwork.timers[3], at[3]);
    CHECK(loop_run(clockwork.loop, NULL, NULL, &e) && clockwork.fired == 32,
          "every timer that was not unset fires once");
    CHECK(is_ascending(at), "in the order of their times");
    CHECK(clockwork.order[0] == 3 && clockwork.order[31] == 1,
          "one brought forward is first, one put off is last");
    loop_free(clockwork.loop);
}

struct watched {
    struct source source;
    struct loop *loop;
    unsigned told, released;
};

static void take_byte(struct source *s, uint32_t events)
{
    struct watched *w = CONTAINER(s, struct watched, source);
    char byte;

    if (!(events & EPOLLIN) || read(s->fd, &byte, 1) != 1)
        return;
    if (++w->told < 3) {
        loop_again(w->loop, s); /* two bytes are still there */
        return;
    }
    loop_close(w->loop, s);
    loop_close(w->loop, s);
    loop_stop(w->loop);
}

static void count_release(struct source *s)
{
    CONTAINER(s, struct watched, source)->released++;
}

static void test_sources(void)
{
    struct watched w = {.source = {.fd = -1, .ready = take_byte, .release = count_release}};
    struct err e = {0};
    int pair[2];

    if (!loop_new(&w.loop, &e) || socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0)
        abort();
    CHECK(loop_watch(w.loop, &w.source, pair[0], &e), "a descriptor is watched");
    CHECK(write(pair[1], "abc", 3) == 3 && loop_run(w.loop, NULL, NULL, &e) && w.told == 3,
          "who did not read all is told again when it asks for that");
    CHECK(w.released == 1, "closing twice releases once, when the turn is over");
    close(pair[1]);
    loop_free(w.loop);
}

/* ---- the snapshot ---- */

static void test_snapshot(void)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(0);
    struct snapshot_file files[] = {{STR("/p/fnward.yaml"), STR("version: 1\n")},
                                    {STR("/p/empty.json"), STR("")}};
    struct snapshot_function functions[] = {{.code_size = 42, .modified_ms = 7}};
    const char *names[] = {"KEY"};
    struct redact_mark marks[] = {{.length = 9}};
    struct snapshot s = {.settings = {.port = 8080, .warm = 2},
                         .directory = STR("/p"),
                         .files = files,
                         .file_count = 2,
                         .functions = functions,
                         .function_count = 1,
                         .marks = marks,
                         .mark_count = 1,
                         .secret_names = names,
                         .secret_count = 1};
    struct snapshot got;
    struct file_source source;
    struct err e = {0};
    str text = {0};
    int fd = -1;

    CHECK(snapshot_write(&s, &fd, &e) && snapshot_read(a, fd, &got, &e), "there and back");
    CHECK(lseek(fd, 5, SEEK_SET) == 5 && snapshot_read(a, fd, &got, &e),
          "wherever another process has left the descriptor's offset");
    CHECK(got.settings.port == 8080 && got.functions[0].code_size == 42 &&
              got.marks[0].length == 9 && strcmp(got.secret_names[0], "KEY") == 0,
          "with all its parts");
    source = snapshot_source(&got);
    CHECK(source.read(source.self, a, "/p/fnward.yaml", 100, &text, &e) &&
              str_is(text, "version: 1\n"),
          "a file that was read is found");
    CHECK(!source.read(source.self, a, "/etc/passwd", 100, &text, &e) && e.code == ERR_SYSTEM,
          "another is not, though the disk has it");
    CHECK(write(fd, "x", 1) < 0 && errno == EPERM && ftruncate(fd, 0) < 0,
          "nobody can change it any more");
    close(fd);
    fd = memfd_create("cut", MFD_CLOEXEC);
    e = (struct err){0};
    CHECK(write(fd, "damaged", 7) == 7 && !snapshot_read(a, fd, &got, &e),
          "a damaged one is refused");
    close(fd);
}

/* ---- addresses ---- */

static bool is_forbidden(const char *address, const char *host)
{
    struct sockaddr_in four = {.sin_family = AF_INET};
    struct sockaddr_in6 six = {.sin6_family = AF_INET6};

    if (inet_pton(AF_INET, address, &four.sin_addr) == 1)
        return address_is_forbidden((struct sockaddr *)&four, str_of(host));
    if (inet_pton(AF_INET6, address, &six.sin6_addr) != 1)
        abort();
    return address_is_forbidden((struct sockaddr *)&six, str_of(host));
}

static void test_forbidden_addresses(void)
{
    static const struct {
        const char *address, *host;
        bool forbidden;
    } rows[] = {
        {"93.184.216.34", "example.com", false},
        {"10.1.2.3", "db.internal", false},
        {"169.254.169.254", "rebound.example", true},
        {"169.254.170.2", "169.254.170.2", true},
        {"127.0.0.1", "rebound.example", true},
        {"127.0.0.1", "localhost", false},
        {"127.0.0.53", "127.0.0.53", false},
        {"0.0.0.0", "zero.example", true},
        {"224.0.0.1", "group.example", true},
        {"255.255.255.255", "all.example", true},
        {"2606:2800:220:1::1", "example.com", false},
        {"::1", "rebound.example", true},
        {"::1", "localhost", false},
        {"fe80::1", "link.example", true},
        {"fd00:ec2::254", "metadata.example", true},
        {"::ffff:169.254.169.254", "mapped.example", true},
        {"::ffff:127.0.0.1", "mapped.example", true},
        {"::", "nothing.example", true},
        {"ff02::1", "group.example", true},
    };

    for (size_t i = 0; i < COUNT(rows); i++)
        CHECK(is_forbidden(rows[i].address, rows[i].host) == rows[i].forbidden,
              "%s is %s for %s", rows[i].address, rows[i].forbidden ? "forbidden" : "permitted",
              rows[i].host);
}

static void test_addresses(void)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(0);
    struct connect_rule rules[] = {{.host = STR("api.example.com"), .port = 443},
                                   {.host = STR("192.0.2.7"), .port = 5432},
                                   {.host = STR("localhost"), .port = 8099},
                                   {.host = STR("api.example.com"), .port = 80},
                                   {.host = STR("other.example.com"), .port = 443}};
    struct function f = {.connect = rules, .connect_count = COUNT(rules)};
    static const char *const expected[] = {"198.18.0.1", "192.0.2.7", "127.0.0.1", "198.18.0.1",
                                           "198.18.0.5"};
    char address[ADDRESS_SIZE];
    struct err e = {0};
    str hosts = {0};

    for (size_t i = 0; i < COUNT(rules); i++) {
        address_of_rule(&f, i, address);
        CHECK_STR(str_of(address), expected[i], "rule %zu stands at %s", i, expected[i]);
    }
    CHECK(address_find(&f, STR("API.example.com")) == 0 &&
              address_find(&f, STR("evil.example.com")) == -1,
          "names are found whatever their case, others are not");
    CHECK(address_hosts(a, &f, &hosts, &e), "the hosts file is written");
    CHECK_STR(hosts,
              "127.0.0.1 localhost\n::1 localhost\n198.18.0.1 api.example.com\n"
              "198.18.0.5 other.example.com\n",
              "with each name once, and nothing else");
}

int main(void)
{
    test_messages();
    test_descriptors();
    test_timers();
    test_sources();
    test_snapshot();
    test_forbidden_addresses();
    test_addresses();
    return tap_end();
}
