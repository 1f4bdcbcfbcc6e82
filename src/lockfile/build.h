/*
 * What all formats build with. A parser adds packages, gives each the keys by which others name it,
 * and says who needs which key; the end resolves the keys. Private to the room.
 */
#pragma once

#include "json/json.h"
#include "lockfile/lockfile.h"

enum need_flags { NEED_DEV = 1, NEED_OPTIONAL = 2, NEED_PEER = 4 };

struct builder {
    struct arena *a;
    const struct lockfile_context *context;
    str text;
    struct lockfile *file;
    size_t capacity;
    struct key {
        str text;
        uint32_t package; /* + 1; 0: the slot is free */
    } * keys;
    size_t key_count, key_capacity;
    struct need {
        uint32_t by; /* or LOCKFILE_ROOT */
        unsigned flags;
        str key, wanted;
    } * needs;
    size_t need_count, need_capacity;
    bool marks_known; /* the file itself says what is for development */
    struct err *e;
};

struct lockfile_format {
    const char *name; /* a file name; "*" at its start stands for anything */
    const char *ecosystem;
    bool exact;
    bool (*read)(struct builder *b);
};

/* The package's index; false past a limit. `at` is the offset in the text, for its line. */
bool add_package(struct builder *b, const struct lockfile_package *p, uint32_t at,
                 uint32_t *ret) MUST_USE;
bool add_key(struct builder *b, uint32_t package, str key) MUST_USE;
bool add_need(struct builder *b, uint32_t by, str key, str wanted, unsigned flags) MUST_USE;
/* True, unless memory is short: a note is not an error. */
bool add_note(struct builder *b, uint32_t at, const char *format, ...)
    PRINTF_LIKE(3, 4) MUST_USE;
struct lockfile_package *package_at(struct builder *b, uint32_t i);
/* The package that has the key, or LOCKFILE_ROOT. */
uint32_t find_key(const struct builder *b, str key);
bool finish(struct builder *b) MUST_USE;

str joined(struct builder *b, const char *format, ...) PRINTF_LIKE(2, 3);
/* The tree of the whole text. */
bool read_json(struct builder *b, struct json **ret) MUST_USE;
bool read_toml(struct builder *b, struct json **ret) MUST_USE;
bool read_yaml(struct builder *b, struct json **ret) MUST_USE;
bool json_is_true(const struct json *v);
/* The part behind the last `c`, and before it; the whole and nothing when there is none. */
str after_last(str s, char c);
str before_last(str s, char c);
/* PEP 503. */
str python_name(struct builder *b, str name);
/* "git+https://...", "github:..." and their like. */
bool is_git(str address);

/* The formats, by file. */
bool read_package_lock(struct builder *b);
bool read_yarn(struct builder *b);
bool read_pnpm(struct builder *b);
bool read_bun(struct builder *b);
bool read_requirements(struct builder *b);
bool read_pipfile(struct builder *b);
bool read_poetry(struct builder *b);
bool read_pdm(struct builder *b);
bool read_uv(struct builder *b);
bool read_pylock(struct builder *b);
bool read_gomod(struct builder *b);
bool read_cargo(struct builder *b);
bool read_gemfile(struct builder *b);
bool read_composer(struct builder *b);
bool read_pom(struct builder *b);
bool read_gradle(struct builder *b);
bool read_nuget(struct builder *b);
