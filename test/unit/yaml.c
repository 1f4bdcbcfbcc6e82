#include "tap.h"

#include "yaml/yaml.h"

#include <dirent.h>

/* A tree in one line: text in single quotes, everything else as it stood, tags in front. */
static void dump(struct buf *b, const struct yaml *y)
{
    if (y->tag.len)
        buf_addf(b, "%.*s ", STR_ARG(y->tag));
    if (y->kind == YAML_STRING)
        buf_addf(b, "'%.*s'", STR_ARG(y->text));
    else if (y->kind == YAML_NULL)
        buf_add(b, STR("null"));
    else if (y->kind == YAML_BOOL)
        buf_add(b, y->truth ? STR("true") : STR("false"));
    else if (y->kind == YAML_NUMBER)
        buf_add(b, y->text);
    else
        buf_addc(b, y->kind == YAML_LIST ? '[' : '{');
    for (const struct yaml *child = y->first; child; child = child->next) {
        dump(b, child);
        if (child->value) {
            buf_addc(b, ':');
            dump(b, child->value);
        }
        if (child->next)
            buf_addc(b, ',');
    }
    if (y->kind == YAML_LIST || y->kind == YAML_MAP)
        buf_addc(b, y->kind == YAML_LIST ? ']' : '}');
}

static const struct {
    const char *name, *text, *tree;
} right[] = {
    {"an empty file is null", "", "null"},
    {"only a comment is null", "# yaml-language-server: $schema=x\n", "null"},
    {"'on', 'no' and 'yes' are words", "on: no\nyes: off", "{'on':'no','yes':'off'}"},
    {"null in its four spellings", "[~, null, Null, NULL, nUll]",
     "[null,null,null,null,'nUll']"},
    {"nothing behind a key is null", "a:\nb:", "{'a':null,'b':null}"},
    {"booleans", "[true, True, TRUE, false, tRue]", "[true,true,true,false,'tRue']"},
    {"quoted words stay text", "['true', \"1\", 'null']", "['true','1','null']"},
    {"whole numbers", "[0, -1, +12, 007, 1_000]", "[0,-1,+12,007,'1_000']"},
    {"other bases", "[0x1F, 0o17, 0xZ, 0b1, -0x1]", "[0x1F,0o17,'0xZ','0b1','-0x1']"},
    {"fractions", "[1.5, .5, 5., ., -.5e+3, 1e3, 1e, e3]",
     "[1.5,.5,5.,'.',-.5e+3,1e3,'1e','e3']"},
    {"infinities", "[.inf, -.INF, +.Inf, .nan, .iNf]", "[.inf,-.INF,+.Inf,.nan,'.iNf']"},
    {"dates, times and versions are text", "[2012-10-17, 12:30:45, 1.2.3]",
     "['2012-10-17','12:30:45','1.2.3']"},
    {"a literal block", "a: |\n  one\n  two\n", "{'a':'one\ntwo\n'}"},
    {"a folded block that looks like a number", "a: >-\n  12\n", "{'a':'12'}"},
    {"JSON", "{\"a\": [1, true, null, \"x\\/\\u00fc\"]}", "{'a':[1,true,null,'x/\xc3\xbc']}"},
    {"lists in lists", "- - a\n  - b\n- []\n", "[['a','b'],[]]"},
    {"CloudFormation's short tags", "a: !Ref X\nb: !GetAtt [Y, Arn]\nc: !If {}",
     "{'a':!Ref 'X','b':!GetAtt ['Y','Arn'],'c':!If {}}"},
    {"a tag of its own keeps a number", "!Join 3", "!Join 3"},
    {"standard tags that fit", "[!!str 12, !!int 3, !!seq [], !!map {}, ! 4]",
     "['12',3,[],{},'4']"},
    {"other standard tags are kept", "!!binary aGk=", "!!binary 'aGk='"},
    {"an alias is a copy", "a: &x [1, 2]\nb: *x", "{'a':[1,2],'b':[1,2]}"},
    {"an anchor may be given anew", "- &x 1\n- *x\n- &x 2\n- *x\n", "[1,1,2,2]"},
    {"an alias as a key", "a: &x key\n*x : 1", "{'a':'key','key':1}"},
    {"an anchored key as a value of its own map", "&x key: {*x : *x}", "{'key':{'key':'key'}}"},
    {"'<<' is a key as any other", "<<: {a: 1}", "{'<<':{'a':1}}"},
    {"a document marker", "---\na: 1\n...\n", "{'a':1}"},
    {"a byte order mark",
     "\xef\xbb\xbf"
     "a: 1",
     "{'a':1}"},
    {"Windows line ends", "a: 1\r\nb: 2\r\n", "{'a':1,'b':2}"},
};

static void test_right(void)
{
    for (size_t i = 0; i < COUNT(right); i++) {
        CLEANUP(arena_freep) struct arena *a = arena_new(0);
        CLEANUP(buf_free) struct buf b = {0};
        struct err e = {0};
        struct yaml *y;

        if (yaml_read(a, str_of(right[i].text), "t.yaml", &y, &e))
            dump(&b, y);
        else
            err_render(&b, &e);
        CHECK_STR(buf_str(&b), right[i].tree, "%s", right[i].name);
    }
}

static const struct {
    const char *name, *text, *error;
} wrong[] = {
    {"a key given twice", "a: 1\nb: 2\na: 3\n",
     "t.yaml:3:1: error: 'a' is given twice; the first stands in line 1\n"
     "    3 | a: 3\n"
     "      | ^\n"
     "  fix: remove one of them\n"},
    {"a key given twice among many",
     "{a: 0, b: 0, c: 0, d: 0, e: 0, f: 0, g: 0, h: 0, \"a\": 1}",
     "t.yaml:1:50: error: 'a' is given twice; the first stands in line 1\n"
     "    1 | {a: 0, b: 0, c: 0, d: 0, e: 0, f: 0, g: 0, h: 0, \"a\": 1}\n"
     "      |                                                  ^~~\n"
     "  fix: remove one of them\n"},
    {"two documents", "a: 1\n---\nb: 2\n",
     "t.yaml:2:1: error: a second document starts here\n"
     "    2 | ---\n"
     "      | ^~~\n"
     "  fix: keep one document in a file\n"},
    {"a tab as indentation", "a:\n\tb: 1\n",
     "t.yaml:2:1: error: not YAML: while scanning for the next token, found character that "
     "cannot start any token\n"
     "    2 |  b: 1\n"
     "      | ^\n"
     "  fix: indent with spaces, not with a tab\n"},
    {"a word that starts with '@'", "a: @b\n",
     "t.yaml:1:4: error: not YAML: while scanning for the next token, found character that "
     "cannot start any token\n"
     "    1 | a: @b\n"
     "      |    ^\n"
     "  fix: put the text in quotes\n"},
    {"a colon too many", "a: b: c\n",
     "t.yaml:1:5: error: not YAML: mapping values are not allowed in this context\n"
     "    1 | a: b: c\n"
     "      |     ^\n"
     "  fix: put text that holds ': ' in quotes\n"},
    {"behind letters of two bytes the column counts bytes, carets stand under characters",
     "\xc3\xbc\xc3\xbc: *b\n",
     "t.yaml:1:7: error: there is no anchor '&b' before this alias\n"
     "    1 | \xc3\xbc\xc3\xbc: *b\n"
     "      |     ^~\n"},
    {"an alias that holds itself", "&a [*a]",
     "t.yaml:1:5: error: this alias would hold itself\n"
     "    1 | &a [*a]\n"
     "      |     ^~\n"},
    {"a map as a key", "{{name}: 1}",
     "t.yaml:1:2: error: a key must be a word, not a list or map\n"
     "    1 | {{name}: 1}\n"
     "      |  ^\n"
     "  fix: put text that starts with '{' or '[' in quotes\n"},
    {"a tag that lies", "a: !!int x",
     "t.yaml:1:4: error: this is not what its tag '!!int' says\n"
     "    1 | a: !!int x\n"
     "      |    ^~~~~~~\n"},
    {"bytes that are not UTF-8", "a: b\nc: \xff\n",
     "t.yaml:2:4: error: not YAML: invalid leading UTF-8 octet\n"
     "    2 | c: \xff\n"
     "      |    ^\n"},
    {"the same behind a byte order mark",
     "\xef\xbb\xbf"
     "a: b\nc: \xff\n",
     "t.yaml:2:4: error: not YAML: invalid leading UTF-8 octet\n"
     "    2 | c: \xff\n"
     "      |    ^\n"},
    {"an escape character", "a: \x1b[2J",
     "t.yaml:1:4: error: not YAML: control characters are not allowed\n"
     "    1 | a: \\x1b[2J\n"
     "      |    ^\n"},
};

static void test_wrong(void)
{
    for (size_t i = 0; i < COUNT(wrong); i++) {
        CLEANUP(arena_freep) struct arena *a = arena_new(0);
        CLEANUP(buf_free) struct buf b = {0};
        struct err e = {0};
        struct yaml *y;

        if (!yaml_read(a, str_of(wrong[i].text), "t.yaml", &y, &e))
            err_render(&b, &e);
        CHECK_STR(buf_str(&b), wrong[i].error, "refused with its place: %s", wrong[i].name);
    }
}

/* ---- places ---- */

static void test_places(void)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(0);
    static const char text[] =
        "\xef\xbb\xbf# \xe2\x82\xac\r\nmap:\r\n  key: some words # why\r\n"
        "  list:\r\n  - |\r\n    block\r\n  - 'x y'\r\n";
    static const struct {
        const char *key;
        unsigned line, column, width;
    } rows[] = {{"key", 3, 8, 10}, {"list", 5, 3, 1}};
    struct err e = {0};
    struct yaml *y = NULL;
    const struct yaml *map, *value = NULL;

    CHECK(yaml_read(a, str_of(text), "t.yaml", &y, &e), "a tree with places is read");
    map = yaml_get(y, "map");
    for (size_t i = 0; i < COUNT(rows); i++) {
        value = yaml_get(map, rows[i].key);
        CHECK(value && value->at.line == rows[i].line && value->at.column == rows[i].column &&
                  value->at.width == rows[i].width,
              "'%s' stands at %u:%u", rows[i].key, rows[i].line, rows[i].column);
        CHECK(value && strncmp(text + value->offset, value->kind == YAML_LIST ? "- |" : "some",
                               3) == 0,
              "and its offset is that of its bytes");
    }
    value = value ? value->first : NULL;
    CHECK(value && value->at.line == 5 && value->at.column == 5 && value->at.width == 1,
          "a block is marked at its '|' only");
    CHECK(value && value->next->at.line == 7 && value->next->at.width == 5,
          "a quoted word with its quotes");
    CHECK(map && map->first->at.line == 3 && map->first->at.column == 3 &&
              map->first->at.width == 3,
          "a key");
    CHECK(!yaml_get(map, "none") && !yaml_get(NULL, "x") && !yaml_get(value, "x"),
          "nothing is found where there is nothing");
}

/* ---- limits ---- */

static bool reads(str text, struct err *e)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(0);
    struct yaml *y;

    *e = (struct err){0};
    return yaml_read(a, text, "t.yaml", &y, e);
}

static void test_limits(void)
{
    CLEANUP(buf_free) struct buf b = {0};
    struct err e;

    buf_add(&b, STR("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"));
    for (int i = 1; i < 10; i++) {
        buf_addf(&b, "a%d: &a%d [", i, i);
        for (int k = 0; k < 10; k++)
            buf_addf(&b, "%s*a%d", k ? ", " : "", i - 1);
        buf_add(&b, STR("]\n"));
    }
    CHECK(!reads(buf_str(&b), &e) && e.code == ERR_LIMIT, "a billion laughs are not laughed");
    buf_clear(&b);
    for (int i = 0; i < YAML_DEPTH_MAX; i++)
        buf_addc(&b, '[');
    for (int i = 0; i < YAML_DEPTH_MAX; i++)
        buf_addc(&b, ']');
    CHECK(reads(buf_str(&b), &e), "%d lists inside one another", YAML_DEPTH_MAX);
    buf_clear(&b);
    for (int i = 0; i <= YAML_DEPTH_MAX; i++)
        buf_addc(&b, '[');
    CHECK(!reads(buf_str(&b), &e) && e.code == ERR_LIMIT, "not one more");
    buf_clear(&b);
    buf_add(&b, STR("- &a0 [x]\n"));
    for (int i = 1; i <= YAML_DEPTH_MAX; i++)
        buf_addf(&b, "- &a%d [*a%d]\n", i, i - 1);
    CHECK(!reads(buf_str(&b), &e) && e.code == ERR_LIMIT, "nor by way of aliases");
    buf_clear(&b);
    for (int i = 0; i <= YAML_ANCHORS_MAX; i++)
        buf_addf(&b, "- &a%d x\n", i);
    CHECK(!reads(buf_str(&b), &e) && e.code == ERR_LIMIT, "anchors are counted");
    buf_clear(&b);
    for (int i = 0; i <= YAML_NODES_MAX / 2; i++)
        buf_add(&b, STR("- a: b\n"));
    CHECK(!reads(buf_str(&b), &e) && e.code == ERR_LIMIT, "values are counted");
    CHECK(!reads((str){"", (size_t)YAML_BYTES_MAX + 1}, &e) && e.code == ERR_LIMIT,
          "too many bytes are not looked at");
    buf_clear(&b);
    for (int i = 0; i < 50000; i++)
        buf_addf(&b, "k%d: 1\n", i);
    CHECK(reads(buf_str(&b), &e), "50,000 keys are read in no time");
}

/* ---- JSON ---- */

static void dump_json(struct buf *b, const struct json *j)
{
    static const char *const words[] = {"null", "false", "true"};

    if (j->kind <= JSON_TRUE)
        buf_add(b, str_of(words[j->kind]));
    else if (j->kind == JSON_NUMBER)
        buf_add(b, j->text);
    else if (j->kind == JSON_STRING)
        buf_addf(b, "'%.*s'", STR_ARG(j->text));
    else
        buf_addc(b, j->kind == JSON_ARRAY ? '[' : '{');
    if (j->kind == JSON_ARRAY || j->kind == JSON_OBJECT) {
        for (size_t i = 0; i < j->count; i++) {
            if (i)
                buf_addc(b, ',');
            if (j->kind == JSON_OBJECT)
                buf_addf(b, "%.*s:", STR_ARG(j->members[i].name));
            dump_json(b, j->kind == JSON_ARRAY ? &j->items[i] : &j->members[i].value);
        }
        buf_addc(b, j->kind == JSON_ARRAY ? ']' : '}');
    }
}

static const struct {
    const char *name, *text, *result;
} json_rows[] = {
    {"kinds", "a: [null, true, false, x, '1']", "{a:[null,true,false,'x','1']}"},
    {"numbers are written as JSON does",
     "[+12, 007, .5, 5., -.5e+3, 1.E3, -0, 0x1F, 0o17, 00.10]",
     "[12,7,0.5,5,-0.5e+3,1e3,-0,31,15,0.10]"},
    {"digits are kept beyond 64 bits", "18446744073709551616", "18446744073709551616"},
    {"but not in base 16", "[0xffffffffffffffff, 0x10000000000000000]",
     "t.yaml:1:22: error: a number past 64 bits must be written in base ten\n"
     "    1 | [0xffffffffffffffff, 0x10000000000000000]\n"
     "      |                      ^~~~~~~~~~~~~~~~~~~\n"},
    {"no infinity", "-.inf",
     "t.yaml:1:1: error: JSON has no number '-.inf'\n"
     "    1 | -.inf\n"
     "      | ^~~~~\n"},
    {"no tags", "a: !Ref X",
     "t.yaml:1:4: error: '!Ref' has no meaning here\n"
     "    1 | a: !Ref X\n"
     "      |    ^~~~~~\n"},
    {"keys are text or digits", "{200: ok, 0: no, a: b}", "{200:'ok',0:'no',a:'b'}"},
    {"and no other number", "0x20: ok",
     "t.yaml:1:1: error: a key must be text\n"
     "    1 | 0x20: ok\n"
     "      | ^~~~\n"
     "  fix: put it in quotes: \"0x20\"\n"},
};

static void test_json(void)
{
    for (size_t i = 0; i < COUNT(json_rows); i++) {
        CLEANUP(arena_freep) struct arena *a = arena_new(0);
        CLEANUP(buf_free) struct buf b = {0};
        struct err e = {0};
        struct yaml *y;
        struct json *j;

        if (yaml_read(a, str_of(json_rows[i].text), "t.yaml", &y, &e) &&
            yaml_to_json(a, y, &j, &e))
            dump_json(&b, j);
        else
            err_render(&b, &e);
        CHECK_STR(buf_str(&b), json_rows[i].result, "as JSON: %s", json_rows[i].name);
    }
}

/* Strict JSON takes its own reader, then this way into the same tree. */
static void test_from_json(void)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(0);
    CLEANUP(buf_free) struct buf b = {0};
    static const char text[] = "{\"a\": [1,\n  null, true], \"b\\\"c\": \"x, y\"}";
    struct json *j;
    struct yaml *y, *back = NULL;
    struct err e = {0};

    CHECK(yaml_read(a, str_of(text), "t.json", &y, &e) && yaml_to_json(a, y, &j, &e) &&
              yaml_from_json(a, j, str_of(text), "t.json", &back, &e),
          "JSON comes back as YAML");
    if (!back)
        return;
    dump(&b, back);
    CHECK_STR(buf_str(&b), "{'a':[1,null,true],'b\"c':'x, y'}", "with all its values");
    CHECK(back->first->value->first->next->at.line == 2 &&
              back->first->value->first->next->at.width == 4,
          "and their places");
    CHECK(back->first->next->at.width == 6 && back->first->next->value->at.width == 6,
          "a string is as wide as it is written");
}

/* ---- what others wrote ---- */

static unsigned read_directory(const char *path, unsigned *unread)
{
    DIR *dir = opendir(path);
    unsigned count = 0;

    for (struct dirent *entry; dir && (entry = readdir(dir));) {
        CLEANUP(arena_freep) struct arena *a = arena_new(0);
        str file = arena_format(a, "%s/%s", path, entry->d_name), text;
        struct err e = {0};
        struct yaml *y;

        if (entry->d_name[0] == '.')
            continue;
        if (entry->d_type == DT_DIR) {
            count += read_directory(file.at, unread);
            continue;
        }
        if (strcmp(entry->d_name, "LICENSE") == 0 ||
            !file_read(a, file.at, YAML_BYTES_MAX, &text, &e))
            continue;
        count++;
        if (yaml_read(a, text, file.at, &y, &e))
            continue;
        (*unread)++;
        printf("# %s:%u:%u: %s\n", e.at.file, e.at.line, e.at.column, e.what);
    }
    if (dir)
        closedir(dir);
    return count;
}

static void test_templates(void)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(0);
    const char *suites = tap_suites();
    unsigned unread = 0, count;

    if (!suites) {
        tap_skip("no test data of others: FNWARD_SUITES is not set");
        return;
    }
    count = read_directory(arena_format(a, "%s/templates-checkov", suites).at, &unread);
    CHECK(count > 300 && unread == 0, "%u templates, %u of them unread", count, unread);
}

int main(void)
{
    test_right();
    test_wrong();
    test_places();
    test_limits();
    test_json();
    test_from_json();
    test_templates();
    return tap_end();
}
