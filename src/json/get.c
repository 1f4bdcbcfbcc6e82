#include "json/json.h"

#include <stdlib.h>

const struct json *json_get(const struct json *v, str name)
{
    if (!v || v->kind != JSON_OBJECT)
        return NULL;
    for (uint32_t i = 0; i < v->count; i++)
        if (str_equal(v->members[i].name, name))
            return &v->members[i].value;
    return NULL;
}

str json_get_str(const struct json *v, str name)
{
    const struct json *found = json_get(v, name);

    return found && found->kind == JSON_STRING ? found->text : STR("");
}

bool json_is_number(const struct json *v, double *ret)
{
    char text[64];

    if (!v || v->kind != JSON_NUMBER || v->text.len >= sizeof(text))
        return false;
    memcpy(text, v->text.at, v->text.len);
    text[v->text.len] = '\0';
    *ret = strtod(text, NULL);
    return true;
}
