/*
 * An error as its caller may see it: what happened, but neither the stack nor where on the
 * machine.
 */
#include "event/event.h"

enum { TYPE_MAX = 128, MESSAGE_MAX = 4096 };

/* The directories at the top of a machine, and so of a cage. */
static const str usual_roots[] = {
    STR_INIT("/bin"),  STR_INIT("/boot"),  STR_INIT("/dev"),   STR_INIT("/etc"),
    STR_INIT("/home"), STR_INIT("/lib"),   STR_INIT("/lib32"), STR_INIT("/lib64"),
    STR_INIT("/mnt"),  STR_INIT("/media"), STR_INIT("/nix"),   STR_INIT("/opt"),
    STR_INIT("/proc"), STR_INIT("/root"),  STR_INIT("/run"),   STR_INIT("/sbin"),
    STR_INIT("/srv"),  STR_INIT("/sys"),   STR_INIT("/tmp"),   STR_INIT("/usr"),
    STR_INIT("/var"),
};

static bool is_name_character(char c)
{
    char low = c | 0x20;

    return (low >= 'a' && low <= 'z') || (c >= '0' && c <= '9') || (unsigned char)c >= 0x80 ||
           (c && strchr("_-.@+~%", c));
}

/* Whether `root` stands at the start of `text`, as a whole name. */
static bool stands_here(str text, str root)
{
    return str_starts(text, root) && root.len > 1 &&
           (text.len == root.len || !is_name_character(text.at[root.len]));
}

static bool is_path_here(str text, const str *roots, size_t count)
{
    if (text.at[0] != '/')
        return false;
    for (size_t i = 0; i < COUNT(usual_roots); i++)
        if (stands_here(text, usual_roots[i]))
            return true;
    for (size_t i = 0; i < count; i++)
        if (stands_here(text, roots[i]))
            return true;
    return false;
}

/* A path goes on for as long as its characters are those of names; a space ends it. */
static size_t path_length(str text)
{
    size_t n = 0;

    while (n < text.len && (is_name_character(text.at[n]) || text.at[n] == '/'))
        n++;
    while (n > 1 && text.at[n - 1] == '.')
        n--; /* the end of a sentence */
    return n;
}

void event_hide_paths(struct buf *out, str text, const str *roots, size_t count)
{
    for (size_t i = 0; i < text.len;) {
        str rest = str_sub(text, i, text.len);
        /* In "shop.example/var/1" it is part of something else. */
        bool starts = !i || !is_name_character(text.at[i - 1]);

        if (starts && is_path_here(rest, roots, count)) {
            buf_add(out, STR("[path]"));
            i += path_length(rest);
        } else {
            buf_addc(out, text.at[i++]);
        }
    }
}

/* Some runtimes put the stack into the message, behind the words that matter. */
static str without_stack(str text)
{
    static const char *const marks[] = {"\n    at ", "\nTraceback (most recent call last)",
                                        "Traceback (most recent call last)", "\n\tat "};

    for (size_t i = 0; i < COUNT(marks); i++)
        text = str_sub(text, 0, str_find_str(text, str_of(marks[i])));
    return text;
}

/* "RangeError", "Runtime.ExitError": words that name, and nothing else. */
static bool is_type(str type)
{
    for (size_t i = 0; i < type.len; i++) {
        char low = type.at[i] | 0x20;

        if (!(low >= 'a' && low <= 'z') && !(type.at[i] >= '0' && type.at[i] <= '9') &&
            !strchr("._:$-", type.at[i]))
            return false;
    }
    return type.len && type.len <= TYPE_MAX && !memchr(type.at, 0, type.len);
}

void event_error_plain(struct buf *out, str payload, const str *roots, size_t count)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(0);
    CLEANUP(buf_free) struct buf message = {0};
    struct json *error = NULL;
    struct err e = {0};
    str type, text;

    if (!a || !json_read(a, payload, &json_limits_event, &error, &e))
        error = NULL;
    type = json_get_str(error, STR("errorType"));
    text = error ? json_get_str(error, STR("errorMessage")) : STR("the function failed");
    event_hide_paths(&message, without_stack(str_sub(text, 0, MESSAGE_MAX)), roots, count);
    buf_add(out, STR("{\"errorType\":"));
    json_write_str(out, is_type(type) ? type : STR("Error"));
    buf_add(out, STR(",\"errorMessage\":"));
    json_write_str(out, buf_str(&message));
    buf_addc(out, '}');
}
