/* What the schemes share. Private to the room. */
#pragma once

#include "version/version.h"

int order_semver(str a, str b);
int order_pub(str a, str b);
int order_pypi(str a, str b);
int order_maven(str a, str b);
int order_rubygems(str a, str b);
int order_nuget(str a, str b);
int order_packagist(str a, str b);
int order_debian(str a, str b);
int order_alpine(str a, str b);
int order_redhat(str a, str b);
int order_numbers(str a, str b); /* cran, hackage */

bool range_npm(str range, str version, bool *ret);
bool range_pypi(str range, str version, bool *ret);

bool is_digit(char c);
bool is_letter(char c); /* of ASCII */
char lower(char c);
int order_of(int a, int b);

/* Takes what `is` says yes to off the front of `rest`. */
str take_while(str *rest, bool (*is)(char c));
/* Two runs of digits as numbers; an empty one is 0. */
int order_digits(str a, str b);
int order_nocase(str a, str b);
bool is_number(str s); /* digits, one at least */

/* Identifiers between dots, as semver has them: numbers below words, fewer below more. */
int order_identifiers(str a, str b, int (*words)(str a, str b));
