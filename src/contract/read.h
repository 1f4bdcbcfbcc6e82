/*
 * read: what the files of this room share. Each kind of map in the contract is a table of keys;
 * each key has a function that reads its value into the struct at hand.
 */
#pragma once

#include "contract/contract.h"
#include "yaml/yaml.h"

struct reader {
    struct arena *a;
    const struct file_source *files;
    struct contract *contract;
    const struct schema_file *schemas; /* those read so far, newest first */
    struct err *e;
};

/* ---- maps and lists (keys.c) ---- */

struct key {
    const char *name;
    bool (*read)(struct reader *r, const struct yaml *value, void *into);
    bool required;
};

/* What people write who know another tool, and where it goes here. */
struct hint {
    const char *word, *fix;
};

struct keys {
    const char *what; /* "a permission": what a key of this map is */
    const char *example; /* for one who wrote something else than a map */
    const struct key *rows;
    size_t count;
    const struct hint *hints;
    size_t hint_count;
};

/* Reads every key of `map`; an unknown one, or the absence of a required one, is an error.
 * `at` is the place for what is absent. */
bool read_keys(struct reader *r, const struct yaml *map, struct place at,
               const struct keys *keys, void *into) MUST_USE;

struct items {
    const char *what; /* "a secret": what an item of this list is */
    const char *example;
    bool (*read)(struct reader *r, const struct yaml *item, void *into);
    size_t size; /* of what an item is read into */
    unsigned max;
};

/* Reads a list into an array from the arena. A scalar that stands twice is an error. */
bool read_list(struct reader *r, const struct yaml *list, const struct items *items, void *ret,
               size_t *count) MUST_USE;

/* Text, not empty, without a NUL; anything else is an error that shows the example. */
bool read_word(struct reader *r, const struct yaml *value, const char *what,
               const char *example, str *ret) MUST_USE;
/* "'X' is not WHAT", with the nearest of the words, or all of them, as the fix. */
bool unknown_word(struct reader *r, const struct yaml *at, const char *what,
                  const char *const *words, size_t count);
const char *yaml_kind_name(enum yaml_kind kind);
/* Whether the text is 1 to `max` letters, digits or characters of `others`. */
bool is_name(str text, size_t max, const char *others);

/* ---- the parts of a function ---- */

bool read_function(struct reader *r, const struct yaml *key, struct function *f) MUST_USE;
bool read_triggers(struct reader *r, const struct yaml *list, void *function) MUST_USE;
bool read_returns(struct reader *r, const struct yaml *value, void *function) MUST_USE;
bool read_answers(struct reader *r, const struct yaml *map, void *function) MUST_USE;
bool read_limits(struct reader *r, const struct yaml *map, void *function) MUST_USE;
bool read_env(struct reader *r, const struct yaml *map, void *function) MUST_USE;
bool read_secrets(struct reader *r, const struct yaml *list, void *function) MUST_USE;
bool read_may(struct reader *r, const struct yaml *map, void *function) MUST_USE;
bool read_connect(struct reader *r, const struct yaml *list, void *function) MUST_USE;
bool read_paths_read(struct reader *r, const struct yaml *list, void *function) MUST_USE;
bool read_paths_write(struct reader *r, const struct yaml *list, void *function) MUST_USE;
bool read_programs(struct reader *r, const struct yaml *list, void *function) MUST_USE;
bool read_aws(struct reader *r, const struct yaml *list, void *function) MUST_USE;

void limits_default(struct limits *l);
/* A schema written here, or the name of a file that holds one. */
bool read_schema(struct reader *r, const struct yaml *value,
                 struct contract_schema *ret) MUST_USE;
/* "POST /orders/{id}". */
bool read_route(struct reader *r, const struct yaml *value, struct trigger *t) MUST_USE;
/* No two functions may claim the same method and path. */
bool routes_unique(struct reader *r) MUST_USE;
/* A file or directory of the project, absolute: below the contract's directory, or an error. */
bool path_in_project(struct reader *r, const struct yaml *value, const char *what,
                     str *ret) MUST_USE;
/* Why no function may be given this path, which is absolute and clean; NULL when one may. */
const char *path_refused(const struct contract *c, str path);
