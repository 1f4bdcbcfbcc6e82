// attack: what somebody would do who got code of theirs into a function. Each attack returns
// what it got, or throws what the system answered. Those that multiply stop at a bound of their
// own, so that a machine survives them without a cage.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, readFileSync } from 'node:fs';
import net from 'node:net';

const MB = 1024 * 1024;
const ENOUGH = 2048; // megabytes, to be past every limit of the contract

async function start(program, args) {
  const child = spawn(program, args);
  let output = '';
  child.stdout?.on('data', (text) => {
    output += text;
  });
  await once(child, 'close'); // rejects with the error of a program that can't be started
  return output;
}

const attacks = {
  read: ({ path = '/etc/passwd' }) => readFileSync(path, 'utf8'),

  async connect({ host = 'example.com', port = 443 }) {
    const socket = net.connect({ host, port });
    await once(socket, 'connect');
    socket.destroy();
    return `connected to ${host}:${port}`;
  },

  spawn: () => start('/bin/sh', ['-c', 'id; cat /etc/passwd']),

  /** In all the forms that a filter of plain text would miss. */
  leak() {
    const key = Buffer.from(process.env.ATTACK_KEY);
    const forms = [key.toString(), key.toString('base64'), key.toString('hex')];
    for (const form of forms) console.log(`the key is ${form}`);
    process.stdout.write(`in two pieces: ${forms[0].slice(0, 5)}`);
    process.stdout.write(`${forms[0].slice(5)}\n`);
    return forms;
  },

  bomb: () => start('/bin/sh', ['-c', 'for i in $(seq 500); do sleep 5 & done; wait']),

  spin() {
    for (;;);
  },

  eat() {
    const held = [];
    while (held.length < ENOUGH) held.push(Buffer.alloc(MB, 1));
    return `${held.length} MB of memory`;
  },

  fill() {
    for (let i = 0; i < ENOUGH; i++) appendFileSync('/tmp/full', Buffer.alloc(MB, 1));
    return `${ENOUGH} MB in /tmp`;
  },
};

export const handler = async (event) => ({
  did: event.do,
  got: await attacks[event.do](event),
});
