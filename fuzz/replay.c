/*
 * Runs a fuzz target once over every input of some directories, without a fuzzer: what was ever
 * found stays found in every ordinary build. Prints TAP; a crash ends it before its plan.
 */
#include "base/base.h"

#include <dirent.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { INPUT_MAX = 64 << 20 };

static void replay_file(const char *dir, const char *name)
{
    CLEANUP(arena_freep) struct arena *a = arena_new((size_t)2 * INPUT_MAX);
    char path[4096];
    struct err e = {0};
    char *copy;
    str input;

    snprintf(path, sizeof(path), "%s/%s", dir, name);
    if (!file_read(a, path, INPUT_MAX, &input, &e)) {
        printf("# %s\n", e.what);
        exit(1);
    }
    /* On the heap without a NUL behind, so that a sanitizer sees a read past its end. */
    copy = malloc(input.len ? input.len : 1);
    if (!copy)
        exit(1);
    memcpy(copy, input.at, input.len);
    LLVMFuzzerTestOneInput((const uint8_t *)copy, input.len);
    free(copy);
}

static unsigned replay_dir(const char *path, unsigned count)
{
    DIR *dir = opendir(path);
    const struct dirent *entry;

    while (dir && (entry = readdir(dir))) {
        if (entry->d_name[0] == '.')
            continue;
        replay_file(path, entry->d_name);
        printf("ok %u - %s\n", ++count, entry->d_name);
        fflush(stdout);
    }
    if (dir)
        closedir(dir);
    return count;
}

int main(int argc, char **argv)
{
    unsigned count = 0;

    for (int i = 1; i < argc; i++)
        count = replay_dir(argv[i], count);
    if (count == 0)
        printf("not ok %u - there is an input to run\n", ++count);
    printf("1..%u\n", count);
    return 0;
}
