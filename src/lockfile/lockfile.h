/*
 * lockfile: which packages a project's lock files and manifests name. Bytes in, packages out.
 *
 * A file is read by the table of formats (lockfile_kind()), which goes by its name. What the file
 * says is taken as it stands: no registry is asked, no range resolved. Names are as the ecosystem
 * looks them up, PyPI's by PEP 503. A part that makes no sense is left out with a note; a file that
 * can't be read at all is an error with its place.
 */
#pragma once

#include "base/base.h"

enum {
    LOCKFILE_BYTES_MAX = 64 << 20,
    LOCKFILE_PACKAGES_MAX = 200000,
    LOCKFILE_NOTES_MAX = 64,
};

enum lockfile_source { SOURCE_REGISTRY, SOURCE_GIT, SOURCE_PATH, SOURCE_URL };

#define LOCKFILE_ROOT UINT32_MAX /* the project itself, as who needs a package */

struct lockfile_package {
    str ecosystem, name;
    str version; /* empty: the file does not say it */
    enum lockfile_source source;
    str origin; /* commit, path or address; of a registry its address, where the file says it */
    str wanted; /* of a direct one: the range in the manifest, where the file says it */
    bool dev, optional, peer;
    bool direct; /* the project itself asks for it */
    bool pinned; /* exactly this version, and not whatever is newest */
    bool has_integrity; /* a hash of its contents is in the file */
    str hash; /* the one of all its contents: "sha512-" and base64, or "sha256:" and hex digits;
               * empty where the file has one for each of several archives */
    uint32_t needed_by; /* the package through which the project has it, or LOCKFILE_ROOT */
    unsigned line; /* in the file; 0: not known */
};

struct lockfile_note {
    unsigned line;
    str what;
};

/* One package asks for another, or the project (LOCKFILE_ROOT) does. */
struct lockfile_need {
    uint32_t by, to;
    str wanted; /* the range, where the file says it */
};

struct lockfile {
    const char *format; /* "package-lock.json" */
    struct lockfile_package *packages;
    size_t count;
    struct lockfile_need *needs; /* all that the file says, not only the nearest */
    size_t need_count;
    struct lockfile_note notes[LOCKFILE_NOTES_MAX]; /* what was left out, and why */
    size_t note_count;
};

struct lockfile_format;

/* By the file's name (the last part of its path); NULL when it is none that we read. */
const struct lockfile_format *lockfile_kind(str name);
/* By its whole path: what tells of one package that is installed, "node_modules/a/package.json" or
 * "a-1.0.dist-info/METADATA"; NULL for another file. */
const struct lockfile_format *lockfile_installed_kind(str path);
/* Whether the path is in a tree of installed packages: the lock files there are not the project's. */
bool lockfile_in_installed(str path);
const char *lockfile_format_name(const struct lockfile_format *f);
/* Whether the file says exactly what is installed, or only what is wanted. */
bool lockfile_is_exact(const struct lockfile_format *f);

/*
 * Some files name others ("-r other.txt", go.sum beside go.mod). `files` reads them; paths are relative
 * to `path` and never leave `root`. `path` is the file's own, below `root`; `text` outlives the result.
 */
struct lockfile_context {
    const struct file_source *files;
    str root, path;
};
bool lockfile_read(struct arena *a, const struct lockfile_format *f,
                   const struct lockfile_context *context, str text, struct lockfile *ret,
                   struct err *e) MUST_USE;

/*
 * The package as a package URL, "pkg:npm/%40scope/name@1.0.0"; nothing for an ecosystem without a type.
 * A version from git is the commit. https://github.com/package-url/purl-spec
 */
void lockfile_purl(struct buf *out, const struct lockfile_package *p);
