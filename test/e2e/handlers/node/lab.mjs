// What the end-to-end tests ask a function to do: {"do": "sleep", "ms": 100}.
import { randomUUID } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

const self = randomUUID(); // of this instance
let calls = 0;

const deeds = {
  echo: (asked, context, event) => event,
  who: () => ({ self, calls }),
  sleep: async ({ ms, n }) => (await sleep(ms), { self, n }),
  spin: () => { for (;;); },
  fail: ({ message = "out of range" }) => { throw new RangeError(message); },
  exit: ({ code }) => process.exit(code),
  kill: ({ signal }) => process.kill(process.pid, signal),
  big: ({ size }) => "x".repeat(size - 2), // with its quotes
  print: ({ lines }) => (lines.forEach((line) => console.log(line)), lines.length),
  flood: ({ lines }) => { for (let i = 0; i < lines; i++) console.log(`line ${i}`); },
  pieces: async ({ pieces }) => {
    for (const piece of pieces) await new Promise((done) => process.stdout.write(piece, done)), await sleep(20);
  },
  environment: () => process.env,
  context: (asked, context) => ({ ...context, remaining: context.getRemainingTimeInMillis() }),
  write: ({ file, text }) => (writeFileSync(file, text), true),
  read: ({ file }) => readFileSync(file, "utf8"),
  answer: ({ answer }) => answer,
};

export const handler = async (event, context) => {
  calls++;
  const asked = typeof event.body === "string" && event.requestContext ? JSON.parse(event.body) : event;
  return deeds[asked.do ?? "echo"](asked, context, event);
};
