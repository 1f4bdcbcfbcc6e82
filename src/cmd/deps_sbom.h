/*
 * What the bills of materials have in common: a project's packages, each once, and who needs whom.
 */
#pragma once

#include "cmd/deps.h"

#define SBOM_PROJECT UINT32_MAX

struct sbom_component {
    str ref; /* its package URL; without a type for it the ecosystem's and its own name */
    bool is_purl;
    const struct lockfile_package *package; /* the first that names it */
    bool used; /* in production, by all that the files say of it */
    bool optional; /* in production, and only where it can be had */
};

struct sbom_edge {
    uint32_t by, to; /* components; the project itself comes last */
};

struct sbom_place {
    uint32_t component, file;
    unsigned line;
};

struct sbom {
    str name, created; /* created: empty when it is not to be said */
    struct sbom_component *components;
    size_t count;
    uint32_t **of; /* the component of [file][package] */
    struct sbom_edge *edges; /* sorted, each once */
    size_t edge_count;
    struct sbom_place *places; /* sorted by component */
    size_t place_count;
};

bool sbom_make(const struct deps *d, str name, str created, struct sbom *ret,
               struct err *e) MUST_USE;

/* A digest in hex, and how each format calls its algorithm. */
struct sbom_hash {
    const char *cyclonedx, *spdx;
    str hex;
};

/* From "sha512-" and base64, or "sha256:" and hex digits. False for what is neither. */
bool sbom_hash(struct arena *a, str hash, struct sbom_hash *ret) MUST_USE;
/* The flaws by their ids, what was stated of them, and component: those of one stand together. */
bool sbom_flaws(const struct deps *d, const struct sbom *s, const struct deps_flaw ***ret,
                struct err *e) MUST_USE;
uint32_t sbom_component_of(const struct sbom *s, const struct deps_flaw *f);

/* `,"name":"value"`, nothing for an empty value. */
void sbom_member(struct buf *out, const char *name, str value);

bool sbom_cyclonedx(struct buf *out, const struct deps *d, const struct sbom *s,
                    struct err *e) MUST_USE;
bool sbom_spdx(struct buf *out, const struct deps *d, const struct sbom *s,
               struct err *e) MUST_USE;
