/*
 * harden: what the files that decide which parts of a response leave share.
 */
#pragma once

#include "event/event.h"

/* Cookies (harden_cookie.c). */
bool harden_cookies(struct arena *a, const struct event_exit *exit, struct event_response *r,
                    struct event_dropped *dropped, struct err *e) MUST_USE;
