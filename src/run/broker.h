/*
 * broker: the process that makes every outgoing connection.
 *
 * For each rule of may.connect it holds a listener inside each cage; what connects there is
 * connected to the rule's host from outside, after the address it resolved to has passed, and
 * the two are joined. It can open nothing that no rule names: listeners are all it has.
 */
#pragma once

int broker_main(void);
