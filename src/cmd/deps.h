/*
 * deps: the dependencies of a project, as 'fnward deps' finds and shows them.
 */
#pragma once

#include "advisory/advisory.h"
#include "cmd/cmd.h"
#include "lockfile/lockfile.h"

enum {
    DEPS_FILES_MAX = 20000, /* lock files of one project, and packages that are installed */
    DEPS_FLAWS_MAX = 20000,
};

/* A lock file that was found: read, or why not. */
struct deps_file {
    str path; /* below the project */
    struct lockfile lock;
    struct err error; /* code: it could not be read */
};

/* A statement of OpenVEX: what somebody found out about a flaw. */
struct deps_vex {
    const struct json *statement;
    str vulnerability, status, justification, when;
    unsigned line;
    bool suppresses, fits; /* fits: a flaw was found that it is about */
    const char *fault; /* why it counts for nothing, or NULL */
};

struct deps_flaw {
    uint32_t file, package;
    struct advisory_flaw flaw;
    const struct deps_vex *vex; /* the statement that suppresses it, or NULL */
};

struct deps {
    struct arena *a;
    const char *root; /* as it was named */
    bool
        installed; /* what is installed is looked at, too; so it is where the root is in such a tree */
    struct deps_file *files;
    size_t file_count;
    str *alone; /* manifests without a lock file: what they install is not known */
    size_t alone_count;
    bool complete; /* all directories were looked into */

    const struct advisories *advisories; /* NULL: there are none */
    struct deps_flaw *flaws;
    size_t flaw_count;
    size_t suppressed; /* of them, by a statement */

    const char *vex_path;
    struct deps_vex *vex;
    size_t vex_count;
};

/* Every lock file below the root. Symbolic links are not followed; node_modules, .git and their like
 * are passed over. */
bool deps_find(struct deps *d, struct err *e) MUST_USE;
/* Looks each package up; the most urgent flaws first. */
bool deps_look_up(struct deps *d, struct err *e) MUST_USE;
/* The statements of an OpenVEX file, and which flaws they suppress. */
bool deps_vex_read(struct deps *d, const char *path, struct err *e) MUST_USE;
bool deps_vex_apply(struct deps *d, struct err *e) MUST_USE;

struct deps_fix {
    str range; /* asked for by `by`, where it is known and understood; else empty */
    uint32_t by; /* a package of the same file, or LOCKFILE_ROOT: the manifest */
    bool allowed; /* all such ranges take the version that fixes it; else `by`'s does not */
    uint32_t through; /* what the project itself asks for, that it comes with */
};

struct deps_fix deps_fix_of(const struct deps *d, const struct deps_flaw *found);
/* "  fix: 1.3.0 or later (allowed by ^1.0.0: update the lock file)" */
void deps_fix_show(struct buf *out, const struct deps *d, const struct deps_flaw *found);

void deps_show_text(struct buf *out, const struct deps *d, bool tree, bool colour);
void deps_show_json(struct buf *out, const struct deps *d);
/* Whether something is not known that should be. */
bool deps_incomplete(const struct deps *d);
