/*
 * build: a tree that grows with libyaml's events.
 */
#pragma once

#include "yaml/tree.h"

#include <yaml.h>

struct frame {
    struct yaml *node; /* a list or map that is still open */
    struct yaml *last; /* its newest item or key */
};

struct anchor {
    str name;
    const struct yaml *node;
};

struct builder {
    struct arena *a;
    const char *file;
    struct cursor cursor;
    size_t nodes, depth;
    size_t anchor_count;
    struct frame stack[YAML_DEPTH_MAX];
    struct anchor anchors[YAML_ANCHORS_MAX];
    struct yaml *root;
    bool documents; /* one was read */
    struct err *e;
};

struct place build_place(struct builder *b, const yaml_mark_t *from, const yaml_mark_t *to);
bool build_open(struct builder *b, const yaml_event_t *event) MUST_USE; /* a list or map */
bool build_close(struct builder *b) MUST_USE;
bool build_scalar(struct builder *b, const yaml_event_t *event) MUST_USE;
bool build_alias(struct builder *b, const yaml_event_t *event) MUST_USE;
