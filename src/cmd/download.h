/*
 * download: one file from the net, when somebody has asked for it by its address.
 */
#pragma once

#include "base/base.h"

/* Whether the text is a URL rather than the name of a file. */
bool download_is_url(const char *text);
/*
 * By the program 'curl': https:, or http: to this machine, at most five redirections, which may not
 * leave https:. Certificates are always checked. ERR_LIMIT past `max` bytes.
 */
bool download(struct arena *a, const char *url, size_t max, str *ret, struct err *e) MUST_USE;
