/*
 * fnward seal rotate, add-recipient, remove-recipient: who can open what is sealed.
 */
#include "cmd/seal.h"

static bool rotate_to(struct seal_job *j, const struct seal_rotation *how, struct err *e)
{
    return seal_rotate(j->store, j->identities.items, j->identities.count, how, e) &&
           seal_write(j->store, j->path, e);
}

static int tell_rotated(const struct seal_job *j)
{
    printf("%zu secrets sealed anew to %zu recipients\n", seal_count(j->store),
           seal_recipient_count(j->store));
    return EXIT_CLEAN;
}

int seal_job_rotate(struct seal_job *j)
{
    struct err e = {0};

    return rotate_to(j, &(struct seal_rotation){0}, &e) ? tell_rotated(j) : cmd_fail(&e);
}

static bool parse_recipients(const struct seal_job *j, struct age_recipient *ret, struct err *e)
{
    if (j->count > AGE_RECIPIENTS_MAX)
        return err_set(e, ERR_USAGE, "more than %d recipients", AGE_RECIPIENTS_MAX);
    for (size_t i = 0; i < j->count; i++)
        if (!age_recipient_parse(str_of(j->arguments[i]), &ret[i], e))
            return false;
    return true;
}

int seal_job_add_recipient(struct seal_job *j)
{
    struct age_recipient recipients[AGE_RECIPIENTS_MAX];
    struct seal_rotation how = {.add = recipients, .add_count = j->count};
    struct err e = {0};

    if (!parse_recipients(j, recipients, &e) || !rotate_to(j, &how, &e))
        return cmd_fail(&e);
    return tell_rotated(j);
}

int seal_job_remove_recipient(struct seal_job *j)
{
    struct age_recipient recipients[AGE_RECIPIENTS_MAX];
    struct seal_rotation how = {.remove = recipients, .remove_count = j->count};
    struct err e = {0};

    if (!parse_recipients(j, recipients, &e) || !rotate_to(j, &how, &e))
        return cmd_fail(&e);
    tell_rotated(j);
    fputs("Whoever was removed keeps what they have read: change the values where they are "
          "used, then set them.\n'fnward seal list' shows which are left.\n",
          stderr);
    return EXIT_CLEAN;
}
