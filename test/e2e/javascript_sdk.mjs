// What the JavaScript SDK gets from the server at argv[2], told as JSON lines: [case, result].
// javascript_sdk.py starts it and knows what is right; argv[3] is where the SDK is installed.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const [url, sdk, casesFile] = process.argv.slice(2);
const {
  GetFunctionCommand, GetFunctionConfigurationCommand, InvokeCommand, LambdaClient, ListFunctionsCommand,
  waitUntilFunctionActiveV2,
} = createRequire(`${sdk}/`)("@aws-sdk/client-lambda");
const client = new LambdaClient({ endpoint: url, region: "us-east-1", maxAttempts: 1 });
const text = (bytes) => Buffer.from(bytes ?? []).toString();

async function tell(name, work) {
  let result;
  try {
    result = await work();
  } catch (error) {
    result = { error: error.name, status: error.$metadata?.httpStatusCode, message: error.message,
               fault: error.$fault, retryAfter: error.retryAfterSeconds };
  }
  console.log(JSON.stringify([name, result]));
}

async function invoke(FunctionName, event, more = {}) {
  const Payload = event === undefined ? undefined : JSON.stringify(event);
  const got = await client.send(new InvokeCommand({ FunctionName, Payload, ...more }));
  return { status: got.StatusCode, error: got.FunctionError ?? null, version: got.ExecutedVersion ?? null,
           payload: text(got.Payload), log: got.LogResult && Buffer.from(got.LogResult, "base64").toString() };
}

for (const [name, event] of JSON.parse(readFileSync(casesFile, "utf8")))
  await tell(name, () => invoke("lab", event));
await tell("no payload", () => invoke("lab"));
await tell("tail", () => invoke("lab", { do: "print", lines: ["printed"] }, { LogType: "Tail" }));
await tell("event", () => invoke("lab", {}, { InvocationType: "Event" }));
await tell("dry run", () => invoke("lab", {}, { InvocationType: "DryRun" }));
await tell("unknown", () => invoke("nothing", {}));
await tell("invalid", () => invoke("strict", { n: "text" }));
await tell("too large", () => invoke("lab", "x".repeat(6 << 20)));
await tell("list", async () => (await client.send(new ListFunctionsCommand({}))).Functions.map((f) => f.FunctionName));
await tell("function", async () => (await client.send(new GetFunctionCommand({ FunctionName: "lab" }))).Configuration.State);
await tell("configuration", async () =>
  (await client.send(new GetFunctionConfigurationCommand({ FunctionName: "lab" }))).Timeout);
await tell("waiter", async () =>
  (await waitUntilFunctionActiveV2({ client, maxWaitTime: 10 }, { FunctionName: "lab" })).state);
await invoke("busy", {});
await tell("throttled", async () => {
  const both = await Promise.allSettled([1, 2].map((n) => invoke("busy", { do: "sleep", ms: 1000, n })));
  const refused = both.find((one) => one.status === "rejected");
  if (both.filter((one) => one.status === "fulfilled").length !== 1) return both;
  throw refused.reason;
});
await tell("afterwards", async () => (await invoke("busy", {})).status);
await tell("many at once", async () => {
  const all = await Promise.all(Array.from({ length: 40 }, (_, n) => invoke("lab", { do: "sleep", ms: 5, n })));
  return all.every((one, n) => JSON.parse(one.payload).n === n);
});
