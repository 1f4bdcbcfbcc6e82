/*
 * cage_test: a scene on the machine for cages to be kept from, and what becomes of one.
 */
#pragma once

#include "cage/cage.h"
#include "tap.h"

#include <sys/wait.h>

enum { EVENTS_MAX = 256, OUTPUT_MAX = 16384 };

struct scene {
    char root[64]; /* world-readable, so that nothing but the cage keeps functions from it */
    char probe[96], task[96], data[96], other[96];
    int port; /* of a listener of the machine, on 127.0.0.1 */
    bool as_user;
};

struct outcome {
    bool started;
    struct err e;
    int status; /* as from waitpid, -1 when it was never told */
    struct cage_event events[EVENTS_MAX];
    size_t event_count;
    char output[OUTPUT_MAX];
    size_t output_length;
};

/* `arguments`: the probe's path, and "user" to go on as an ordinary one. Exits when it can't. */
void scene_make(struct scene *p, int argc, char **argv);
void scene_remove(const struct scene *p);

/* A spec that runs the probe's attempt; the caller may change it. */
struct cage_spec scene_spec(const struct scene *p, const char *const *argv);
/* Runs to the end, at most 30 seconds. */
void run_cage(const struct cage_machine *m, struct cage_spec *spec, struct outcome *ret);
/* The same from a spare, which is used up. */
void run_spare(struct cage_spare *spare, struct cage_spec *spec, struct outcome *ret);
/* The first event of the kind, with that text when it is not NULL. */
const struct cage_event *find_event(const struct outcome *o, enum cage_event_kind kind,
                                    const char *text);
/* 0 when it exited with `code`, or was killed by -`code`. */
bool ended_with(const struct outcome *o, int code);
/* Prints what came of it, as comments of the test's output. */
void explain(const struct outcome *o);
