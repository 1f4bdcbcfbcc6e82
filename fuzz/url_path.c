/* URLs, e-mail addresses, paths and names of files: what comes out has one form and is safe. */
#include "clean.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand_visible(str s)
{
    for (size_t i = 0; i < s.len; i++)
        demand(s.at[i] > 0x20 && s.at[i] < 0x7f && s.at[i] != '\\');
}

static void check_url(struct arena *a, str given)
{
    struct clean *c = read_rules(a, STR("\"url\""));
    str out, path;

    if (!clean_twice(c, a, given, &out))
        return;
    demand_visible(out);
    demand(str_starts(out, STR("http://")) || str_starts(out, STR("https://")));
    path = str_sub(out, str_find_str(out, STR("://")) + 3, out.len);
    demand(str_find(str_sub(path, 0, str_find(path, '/')), '@') == str_find(path, '/'));
    path = str_sub(path, 0, str_find(path, '?'));
    path = str_sub(path, 0, str_find(path, '#'));
    demand(str_find_str(path, STR("/../")) == path.len && !str_ends(path, STR("/..")));
}

static void check_email(struct arena *a, str given)
{
    struct clean *c = read_rules(a, STR("\"email\""));
    str out;

    if (clean_twice(c, a, given, &out)) {
        demand(str_find(out, '@') < out.len);
        demand_visible(str_sub(out, str_find(out, '@'), out.len));
    }
}

static void check_path(struct arena *a, str given)
{
    struct clean *c = read_rules(a, STR("{\"path\": \"up/loads\"}"));
    str out;

    if (clean_twice(c, a, given, &out))
        demand(str_starts(out, STR("up/loads/")) && str_equal(path_clean(a, out), out) &&
               str_find(out, '\0') == out.len && str_find(out, '\\') == out.len);
}

static void check_file_name(struct arena *a, str given)
{
    struct clean *c = read_rules(a, STR("\"file-name\""));
    str out;

    if (clean_twice(c, a, given, &out))
        demand(out.len && out.len <= 255 && out.at[0] != '.' && out.at[0] != '-' &&
               str_find(out, '/') == out.len && str_find(out, '\\') == out.len &&
               str_find(out, '\0') == out.len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(0);
    str given = {(const char *)data, size};

    check_url(a, given);
    check_email(a, given);
    check_path(a, given);
    check_file_name(a, given);
    return 0;
}
