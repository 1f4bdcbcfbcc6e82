/* The place of a value in the text that it was read from, be that JSON or YAML. */
#include "json/json.h"

static size_t quoted_width(str rest)
{
    for (size_t i = 1; i < rest.len && rest.at[i] != '\n'; i++) {
        if (rest.at[i] == '\\' && rest.at[0] == '"')
            i++;
        else if (rest.at[i] == rest.at[0])
            return i + 1;
    }
    return 1;
}

/* Of the word, number or string that begins here; 1 for what has parts. */
static size_t token_width(str rest)
{
    size_t i = 0;

    if (!rest.len || strchr("{[", rest.at[0]))
        return 1;
    if (rest.at[0] == '"' || rest.at[0] == '\'')
        return quoted_width(rest);
    while (i < rest.len && !memchr(",:]}# \t\r\n", rest.at[i], 10))
        i++;
    return i ? i : 1;
}

struct place json_value_place(str text, const char *file, uint32_t at)
{
    size_t width = token_width(str_sub(text, at, 4096));

    return json_place(text, file, at, (unsigned)width);
}
