/*
 * yaml: libyaml's events, one after the other, and its complaints in our words.
 */
#include "yaml/build.h"

static bool on_document(struct builder *b, const yaml_event_t *event)
{
    if (!b->documents)
        return b->documents = true;
    err_at(b->e, build_place(b, &event->start_mark, &event->end_mark),
           "a second document starts here");
    return err_fix(b->e, "keep one document in a file");
}

static bool on_event(struct builder *b, const yaml_event_t *event)
{
    switch (event->type) {
    case YAML_DOCUMENT_START_EVENT:
        return on_document(b, event);
    case YAML_SCALAR_EVENT:
        return build_scalar(b, event);
    case YAML_ALIAS_EVENT:
        return build_alias(b, event);
    case YAML_SEQUENCE_START_EVENT:
    case YAML_MAPPING_START_EVENT:
        return build_open(b, event);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        return build_close(b);
    default:
        return true;
    }
}

/* ---- libyaml's own complaints ---- */

static const struct {
    const char *problem; /* as libyaml words it */
    char at; /* the character at the place, or 0 for any */
    const char *fix;
} fixes[] = {
    {"cannot start any token", '\t', "indent with spaces, not with a tab"},
    {"cannot start any token", 0, "put the text in quotes"},
    {"mapping values are not allowed", 0, "put text that holds ': ' in quotes"},
    {"did not find expected key", 0, "look at the indentation, and for an unclosed quote"},
    {"could not find expected ':'", 0, "look for a missing ': ' or an unclosed quote"},
    {"unexpected end of stream", 0, "close what is opened here"},
};

static bool syntax_error(struct builder *b, const yaml_parser_t *parser)
{
    const char *problem = parser->problem ? parser->problem : "it cannot be read";
    char at;

    if (parser->error == YAML_MEMORY_ERROR)
        return err_limit(b->e);
    if (parser->error == YAML_READER_ERROR)
        cursor_to_byte(&b->cursor, cursor_start(b->cursor.text).byte + parser->problem_offset);
    else if (parser->context && strstr(problem, "end of stream"))
        cursor_to_index(&b->cursor, parser->context_mark.index); /* where it was opened */
    else
        cursor_to_index(&b->cursor, parser->problem_mark.index);
    at = b->cursor.byte < b->cursor.text.len ? b->cursor.text.at[b->cursor.byte] : 0;
    err_at(b->e, cursor_place(&b->cursor, b->file, b->cursor.byte + 1), "not YAML: %s%s%s",
           parser->context ? parser->context : "", parser->context ? ", " : "", problem);
    for (size_t i = 0; i < COUNT(fixes); i++)
        if (strstr(problem, fixes[i].problem) && (!fixes[i].at || fixes[i].at == at))
            return err_fix(b->e, "%s", fixes[i].fix);
    return false;
}

static void parser_deletep(yaml_parser_t *parser)
{
    yaml_parser_delete(parser);
}

static bool read_events(struct builder *b, yaml_parser_t *parser)
{
    for (;;) {
        CLEANUP(yaml_event_delete) yaml_event_t event = {0};

        if (!yaml_parser_parse(parser, &event))
            return syntax_error(b, parser);
        if (!on_event(b, &event))
            return false;
        if (event.type == YAML_STREAM_END_EVENT)
            return true;
    }
}

static bool read_text(struct builder *b, str text)
{
    CLEANUP(parser_deletep) yaml_parser_t parser;

    if (!yaml_parser_initialize(&parser))
        return err_limit(b->e);
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser, (const yaml_char_t *)text.at, text.len);
    return read_events(b, &parser);
}

/* The stream of an empty file has no document at all. */
static bool empty_root(struct builder *b)
{
    b->root = arena_alloc(b->a, sizeof(*b->root));
    if (!b->root)
        return err_limit(b->e);
    b->root->at = (struct place){.file = b->file, .line = 0};
    return true;
}

bool yaml_read(struct arena *a, str text, const char *file, struct yaml **ret, struct err *e)
{
    struct builder *b = arena_alloc(a, sizeof(*b));

    if (!b)
        return err_limit(e);
    if (text.len > YAML_BYTES_MAX) {
        err_set(e, ERR_LIMIT, "more than %d MB of YAML", YAML_BYTES_MAX >> 20);
        e->at.file = file;
        return false;
    }
    *b = (struct builder){.a = a, .file = file, .cursor = cursor_start(text), .e = e};
    if (!read_text(b, str_sub(text, b->cursor.byte, text.len)))
        return false;
    if (!b->root && !empty_root(b))
        return false;
    *ret = b->root;
    return true;
}

const struct yaml *yaml_get(const struct yaml *map, const char *key)
{
    if (!map || map->kind != YAML_MAP)
        return NULL;
    for (const struct yaml *k = map->first; k; k = k->next)
        if (str_is(k->text, key))
            return k->value;
    return NULL;
}
