/*
 * address: what stands in a cage for the hosts that its function may connect to.
 *
 * Each name of the contract gets an address of its own out of 198.18.0.0/15, the block kept
 * for such use (RFC 2544); an address that the contract gives literally stands for itself, and
 * so does localhost. The cage's /etc/hosts is the function's whole internet.
 */
#pragma once

#include "base/base.h"
#include "contract/contract.h"

enum { ADDRESS_SIZE = 46, RUNTIME_API_PORT = 9001 };

void address_of_rule(const struct function *f, size_t rule, char ret[ADDRESS_SIZE]);
/* The rule's number, or -1 for a name that the contract does not have. */
long address_find(const struct function *f, str name);
bool address_hosts(struct arena *a, const struct function *f, str *ret, struct err *e) MUST_USE;
/* Never connected to, whatever a name resolves to: link-local and metadata addresses; loopback
 * unless the contract says so itself. Takes the sockaddr's bytes. */
struct sockaddr;
bool address_is_forbidden(const struct sockaddr *to, str host);
