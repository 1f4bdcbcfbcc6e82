/*
 * environment: which variables are copied, and which values nobody should read in a file.
 */
#include "discover/find.h"
#include "contract/contract.h"

/* Ends of names whose values nobody should read in a file. */
static const str secret_words[] = {
    STR_INIT("KEY"),      STR_INIT("TOKEN"),       STR_INIT("SECRET"),     STR_INIT("PASSWORD"),
    STR_INIT("PASSWD"),   STR_INIT("PASSPHRASE"),  STR_INIT("CREDENTIAL"), STR_INIT("PWD"),
    STR_INIT("API_KEY"),  STR_INIT("CREDENTIALS"), STR_INIT("PRIVATE"),    STR_INIT("SECRETS"),
    STR_INIT("PASSCODE"),
};

/* "STRIPE_KEY", "apiKey", "DB_PASSWORD_1"; not "KEYBOARD". A name of where a secret lies, as
 * "SECRET_ARN" or "KEY_ID", is none itself. */
static bool is_secret_name(str name)
{
    while (name.len && (name.at[name.len - 1] == '_' ||
                        (name.at[name.len - 1] >= '0' && name.at[name.len - 1] <= '9')))
        name.len--;
    for (size_t i = 0; i < COUNT(secret_words); i++) {
        str word = secret_words[i];

        if (name.len >= word.len &&
            str_equal_nocase(str_sub(name, name.len - word.len, word.len), word))
            return true;
    }
    return str_find_str(name, STR("PASSWORD")) < name.len;
}

/* "postgres://ana:pass@host": a URL with a password in it. */
static bool holds_password(str value)
{
    size_t scheme = str_find_str(value, STR("://"));
    str rest = str_sub(value, scheme + 3, value.len);

    rest = str_sub(rest, 0, str_find(rest, '/'));
    return scheme < value.len && str_find(rest, '@') < rest.len &&
           str_find(str_sub(rest, 0, str_find(rest, '@')), ':') < str_find(rest, '@');
}

static bool is_known_env(const struct discover_function *fn, str name)
{
    for (const struct discover_item *i = fn->env.first; i; i = i->next)
        if (str_equal(i->text, name))
            return true;
    return list_has(&fn->secrets, name, (str){NULL, 0});
}

static bool take_env(struct finder *f, struct discover_function *fn, str name)
{
    const char *fault = contract_variable_fault(name);

    if (fn->env.count >= CONTRACT_LIST_MAX || fn->secrets.count >= CONTRACT_LIST_MAX)
        fault = "a contract has no room for more";
    if (fault) {
        note(f, &fn->notes, "the variable %.*s is left out: %s", STR_ARG(name), fault);
        return false;
    }
    return !is_known_env(fn, name);
}

void add_env(struct finder *f, struct discover_function *fn, str name, str value)
{
    if (!take_env(f, fn, name))
        return;
    if ((is_secret_name(name) && value.len) || holds_password(value))
        list_add(f, &fn->secrets, name, (str){NULL, 0});
    else
        list_add(f, &fn->env, name, value);
}

void add_unknown_env(struct finder *f, struct discover_function *fn, str name, str value)
{
    if (!take_env(f, fn, name))
        return;
    if (is_secret_name(name))
        list_add(f, &fn->secrets, name, (str){NULL, 0});
    else
        note(f, &fn->notes, "env %.*s: its value comes from elsewhere: %.*s", STR_ARG(name),
             STR_ARG(value));
}
