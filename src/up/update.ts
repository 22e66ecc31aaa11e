// `make update`: takes the machine of `make up` to these sources as machines in the field are updated. Read it top to bottom.
import { statSync } from "node:fs";
import { basename, dirname } from "node:path";
import * as v from "valibot";
import { UserError } from "../lib/errors.ts";
import { readTextIfThere } from "../lib/files.ts";
import { catchInterrupts } from "../lib/interrupt.ts";
import { log, step } from "../lib/log.ts";
import { NoAnswer } from "../vm/channel.ts";
import { attachMachine, type Machine } from "../vm/machine.ts";
import { startReleaseServer } from "../vm/release-server.ts";
import { waitOn } from "../vm/vigil.ts";
import { buildUpdate, machineKeys } from "./build.ts";
import { readDiskRecord } from "./disk.ts";
import { takeLock } from "./lock.ts";
import { bringUp, lockPath, machineDirectory } from "./up.ts";
import { HistorySchema, judgeUpdate, type UpdateVerdict } from "./verdict.ts";

const agent = "kubesolo-os-agent";

const downloadMs = 600_000;
/** Three tries, each with a boot and ten minutes to get healthy; emulated. */
const trialMs = 3 * 900_000;

/** Returns what to print. The machine runs on, whatever comes of it. */
export async function update(): Promise<string> {
  using interrupts = catchInterrupts();
  using _lock = takeLock(lockPath);
  const machine = await attachMachine(machineDirectory);
  if (machine === undefined)
    throw new UserError("there is no machine to update", { hint: "`make up` starts one" });
  // A panic of an update that was undone is no news.
  machine.console.skipToEnd();
  try {
    return await interrupts.race(updateMachine(machine));
  } finally {
    machine.detach();
  }
}

async function updateMachine(machine: Machine): Promise<string> {
  const record = readDiskRecord(machineDirectory);
  if (record === undefined) throw new Error("a machine runs without a record of its disk");
  await step("look at the machine", () => checkTakesUpdates(machine));
  const { bundle, version } = await buildUpdate(Date.now());
  const bootId = await machine.succeed(readBootId);
  machine.console.skipToEnd();
  await step("write the update", (say) => writeUpdate(machine, bundle, say));
  const boot = { timeoutMs: 600_000 };
  await step("restart", () => machine.until(`test "$(${readBootId})" != ${bootId.trim()}`, boot));
  const verdict = await step("trial", (say) => waitForVerdict(machine, version, say));
  if (verdict.is === "undone")
    throw new UserError(`${version} was undone by the machine: ${verdict.why}`, {
      hint: "`kubesolo-os-agent history` on the machine, and its console, have more: build/machine/console.log",
    });
  log(`${version} is healthy, and counts from now on`);
  return bringUp(machine, record.kubectl, false);
}

const readBootId = "cat /proc/sys/kernel/random/boot_id";

/** What can't work is said before anything is built. */
async function checkTakesUpdates(machine: Machine): Promise<void> {
  const hint = "`make down` and `make up` give it a system that takes updates; it keeps its data";
  await machine.until("true", { timeoutMs: 180_000 });
  const has = async (command: string) => (await machine.execute(command)).exitCode === 0;
  if (!(await has("grep -q kubesolo.slot= /proc/cmdline")))
    throw new UserError("the machine runs from no slot, so it can't be updated", { hint });
  const { exitCode, stdout } = await machine.execute("cat /usr/lib/kubesolo-os/update-keys.json");
  if (exitCode !== 0)
    throw new UserError("the machine takes no updates: its image was built without keys", { hint });
  if (stdout !== readTextIfThere(machineKeys))
    throw new UserError("the machine takes updates of other keys than those in build/update-keys", { hint });
}

/** Until it restarts by itself. */
async function writeUpdate(machine: Machine, bundle: string, say: (what: string) => void): Promise<void> {
  const { server, url } = await startReleaseServer(dirname(bundle));
  const { size } = statSync(bundle);
  let sentBytes = () => 0;
  server.on("connection", (socket) => {
    const before = sentBytes;
    sentBytes = () => before() + socket.bytesWritten;
  });
  const timer = setInterval(
    () => say(`${Math.min(100, Math.floor((sentBytes() / size) * 100))}% fetched`),
    1000,
  );
  try {
    const command = `${agent} update ${url}/${basename(bundle)}`;
    const result = await machine.execute(command, { timeoutMs: downloadMs }).catch((error: unknown) => {
      // It may restart before it has answered.
      if (error instanceof NoAnswer) return undefined;
      throw error;
    });
    if (result !== undefined && result.exitCode !== 0)
      throw new UserError(`the machine refuses the update:\n${result.stderr.trim()}`);
  } finally {
    clearInterval(timer);
    server.close();
    server.closeAllConnections();
  }
}

type Ended = Exclude<UpdateVerdict, { is: "waiting" }>;

function waitForVerdict(machine: Machine, version: string, say: (what: string) => void): Promise<Ended> {
  let last = "it restarts";
  return waitOn(machine, {
    what: () => `the update to be confirmed or undone; ${last}`,
    timeoutMs: trialMs,
    attempt: async () => {
      const verdict = await readVerdict(machine, version);
      if (verdict !== undefined && verdict.is !== "waiting") return verdict;
      last = verdict?.what ?? "it doesn't answer";
      say(last);
      return undefined;
    },
    // Each look costs an emulated machine a second of its processor.
    everyMs: 10_000,
  });
}

/** Nothing while it restarts. */
async function readVerdict(machine: Machine, version: string): Promise<UpdateVerdict | undefined> {
  const command = `. /etc/os-release && echo "$VERSION_ID" && ${agent} history --json`;
  try {
    const [running = "", ...json] = (await machine.succeed(command)).split("\n");
    return judgeUpdate(
      v.parse(v.pipe(v.string(), v.parseJson(), HistorySchema), json.join("\n")),
      version,
      running,
    );
  } catch (error) {
    if (error instanceof NoAnswer) return undefined;
    throw error;
  }
}
