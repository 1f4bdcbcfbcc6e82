/*
 * prompt: a secret typed on the terminal, twice, without being shown.
 */
#pragma once

#include "age/age.h"

bool prompt_secret(const char *what, struct secret *ret, struct err *e) MUST_USE;
