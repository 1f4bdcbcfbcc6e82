/*
 * The sets that ECMA-262 names in \p{...}: general categories, scripts and the binary
 * properties of its list, with the names that it takes and no others. The tables are made at
 * build time out of the Unicode Character Database.
 */
#include "pattern/syntax.h"

enum kind { CATEGORY, SCRIPT, USED_WITH, BINARY };

struct row {
    enum kind kind;
    str name;
    uint32_t first, count; /* in `ranges` */
};

#include "pattern/unicode_sets.h"

static bool find(enum kind kind, str name, struct set *ret)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        if (rows[i].kind == kind && str_equal(rows[i].name, name)) {
            *ret = (struct set){ranges + rows[i].first, rows[i].count};
            return true;
        }
    return false;
}

bool unicode_property(str name, struct set *ret)
{
    static const struct {
        str key;
        enum kind kind;
    } keys[] = {
        {STR_INIT("General_Category"), CATEGORY},
        {STR_INIT("gc"), CATEGORY},
        {STR_INIT("Script"), SCRIPT},
        {STR_INIT("sc"), SCRIPT},
        {STR_INIT("Script_Extensions"), USED_WITH},
        {STR_INIT("scx"), USED_WITH},
    };
    str value = name, key;

    str_cut(&value, '=', &key);
    if (!value.at)
        return find(CATEGORY, name, ret) || find(BINARY, name, ret);
    for (size_t i = 0; i < COUNT(keys); i++)
        if (str_equal(keys[i].key, key))
            return find(keys[i].kind, value, ret);
    return false;
}
