/* What is known of CVEs from elsewhere: CISA's catalogue and FIRST's predictions. */
#include "advisory/compiler.h"

static const struct json_limits limits = {
    .bytes = 64 << 20, .depth = 16, .nodes = 1 << 22, .repeats = true};

enum { EPSS_LINE_MAX = 256, EPSS_SCALE = 1000000 };

static bool add_fact(struct advisory_compiler *c, struct fact f, struct err *e)
{
    struct fact *row = rows_add(c, &c->facts, sizeof(*row));

    if (!row || c->failed)
        return err_limit(e);
    *row = f;
    return true;
}

bool advisory_add_kev(struct advisory_compiler *c, str json, struct err *e)
{
    CLEANUP(arena_freep) struct arena *a = arena_new((size_t)1 << 30);
    const struct json *list;
    struct json *v;

    if (!a)
        return err_limit(e);
    if (!json_read(a, json, &limits, &v, e))
        return false;
    list = json_get(v, STR("vulnerabilities"));
    if (!list || list->kind != JSON_ARRAY)
        return err_set(e, ERR_INPUT,
                       "this is no catalogue of known exploited "
                       "vulnerabilities: it has no list 'vulnerabilities'");
    for (uint32_t i = 0; i < list->count; i++) {
        str cve = json_get_str(&list->items[i], STR("cveID"));
        str day = json_get_str(&list->items[i], STR("dateAdded"));

        if (cve.len &&
            !add_fact(c,
                      (struct fact){.cve = text_add(c, cve),
                                    .exploited = text_add(c, day.len ? day : STR("unknown"))},
                      e))
            return false;
    }
    return true;
}

/* "0.00042" to millionths and one. */
static bool read_probability(str text, uint32_t *ret)
{
    uint32_t whole = 0, scale = EPSS_SCALE;
    bool point = false;

    if (!text.len)
        return false;
    for (size_t i = 0; i < text.len; i++) {
        char digit = text.at[i];

        if (digit == '.' && !point) {
            point = true;
            continue;
        }
        if (digit < '0' || digit > '9')
            return false;
        if (point && scale > 1)
            whole += (uint32_t)(digit - '0') * (scale /= 10);
        else if (!point)
            whole = (uint32_t)(digit - '0') * EPSS_SCALE;
    }
    *ret = (whole > EPSS_SCALE ? EPSS_SCALE : whole) + 1;
    return true;
}

bool advisory_add_epss(struct advisory_compiler *c, str csv, struct err *e)
{
    unsigned number = 0;
    str line, cve;

    while (str_cut(&csv, '\n', &line)) {
        struct fact f = {0};
        str rest = str_trim(line), probability;

        number++;
        if (!rest.len || rest.at[0] == '#' || str_starts(rest, STR("cve,")))
            continue;
        if (rest.len > EPSS_LINE_MAX || !str_cut(&rest, ',', &cve) ||
            !str_cut(&rest, ',', &probability) || !read_probability(probability, &f.epss))
            return err_at(e, (struct place){.line = number, .column = 1},
                          "this line is not CVE,probability,percentile");
        f.cve = text_add(c, cve);
        if (!add_fact(c, f, e))
            return false;
    }
    return true;
}
