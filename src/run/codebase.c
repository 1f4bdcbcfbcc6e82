#include "run/codebase.h"

#include <fts.h>
#include <openssl/evp.h>
#include <sys/stat.h>

enum { FILES_MAX = 200000 };

static void add_file(EVP_MD_CTX *digest, const FTSENT *file, size_t root_len,
                     struct snapshot_function *ret)
{
    const struct stat *st = file->fts_statp;
    uint64_t modified =
        (uint64_t)st->st_mtim.tv_sec * 1000 + (uint64_t)st->st_mtim.tv_nsec / 1000000;
    uint64_t facts[2] = {(uint64_t)st->st_size, modified};

    EVP_DigestUpdate(digest, file->fts_path + root_len, file->fts_pathlen - root_len + 1);
    EVP_DigestUpdate(digest, facts, sizeof(facts));
    ret->code_size += (uint64_t)st->st_size;
    if (modified > ret->modified_ms)
        ret->modified_ms = modified;
}

static int by_name(const FTSENT **a, const FTSENT **b)
{
    return strcmp((*a)->fts_name, (*b)->fts_name);
}

static bool walk(FTS *tree, EVP_MD_CTX *digest, size_t root_len, struct snapshot_function *ret,
                 struct err *e)
{
    size_t files = 0;

    for (FTSENT *file; (file = fts_read(tree));) {
        if (file->fts_info == FTS_F && ++files > FILES_MAX)
            return err_set(e, ERR_LIMIT, "more than %d files of code", FILES_MAX);
        if (file->fts_info == FTS_F)
            add_file(digest, file, root_len, ret);
    }
    return true;
}

bool codebase_look(struct arena *a, str directory, struct snapshot_function *ret, struct err *e)
{
    str copy = arena_str(a, directory);
    char *roots[] = {(char *)(uintptr_t)copy.at, NULL};
    EVP_MD_CTX *digest = EVP_MD_CTX_new();
    FTS *tree = copy.at ? fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, by_name) : NULL;
    bool good = digest && tree && EVP_DigestInit_ex(digest, EVP_sha256(), NULL) == 1;

    *ret = (struct snapshot_function){0};
    if (good)
        good = walk(tree, digest, copy.len, ret, e) &&
               EVP_DigestFinal_ex(digest, ret->sha256, NULL) == 1;
    else
        err_sys(e, "cannot look through '%.*s'", STR_ARG(directory));
    if (tree)
        fts_close(tree);
    EVP_MD_CTX_free(digest);
    return good;
}
