// Carries a decision out: what belongs before the network at each boot, and the rest when there is one. A part that the
// world refuses is told, and the others go on. It may run twice without harm.
import type { Action, Decision, Moment } from "../../cloud-init/actions.ts";
import { attempt, readIfThere } from "../../expected.ts";
import type { Host } from "../../host.ts";
import { places } from "../../places.ts";
import { runCommand } from "./commands.ts";
import { type InstanceNotes, openNotes } from "./instance.ts";
import { storageOnDevice } from "./links.ts";
import { replaceOwned } from "./owned.ts";
import { type Facts, planSettings } from "./settings.ts";
import { setSwap } from "./swap.ts";
import { setTimezone } from "./timezone.ts";
import { withSafeVolumes } from "./volumes.ts";
import { writeFile } from "./written.ts";

const MAX_AUTHORITIES_BYTES = 1024 * 1024;

/** Returns the problems. Settings come first: they are files that others wait for; commands may take their time. */
export function applyAtBoot(host: Host, decision: Decision): readonly string[] {
  return [
    ...attempt("settings", () => {
      const { decision: safe, problems } = withSafeVolumes(host, decision);
      replaceOwned(host, planSettings(safe, findFacts(host, decision)), otherPaths(host, decision));
      return problems;
    }),
    ...applyMoment(host, decision, "boot"),
  ];
}

/** Of a quarter of a megabyte only those who add to it need know. */
function findFacts(host: Host, { actions }: Decision): Facts {
  const isNeeded = actions.some((action) => action.do === "trust-authorities" && !action.removeDefaults);
  const text = isNeeded ? readIfThere(host, places.systemAuthorities, MAX_AUTHORITIES_BYTES) : undefined;
  return { systemAuthorities: text ?? "" };
}

export function applyOnline(host: Host, decision: Decision): readonly string[] {
  return applyMoment(host, decision, "online");
}

function applyMoment(host: Host, decision: Decision, moment: Moment): readonly string[] {
  const notes = openNotes(host, decision.instanceId);
  const problems = decision.actions.flatMap((action, index) =>
    attempt(nameOf(action), () =>
      applyAction(host, action, occurrence(decision.actions, index), notes, moment),
    ),
  );
  return [
    ...problems,
    ...attempt("the note of what is done once", () => {
      notes.flush();
      return [];
    }),
  ];
}

/** How many actions before this one write the same file. Its place in the whole list would change with any other entry. */
function occurrence(actions: readonly Action[], index: number): number {
  const action = actions[index];
  if (action?.do !== "write-file") return 0;
  return actions.slice(0, index).filter((other) => other.do === "write-file" && other.path === action.path)
    .length;
}

function applyAction(
  host: Host,
  action: Action,
  nth: number,
  notes: InstanceNotes,
  moment: Moment,
): readonly string[] {
  switch (action.do) {
    case "write-file":
      return action.moment === moment ? writeFile(host, action, notes, nth) : [];
    case "run":
      return action.moment === moment ? runCommand(host, action, notes, notes.id) : [];
    case "set-swap":
      return moment === "boot" ? setSwap(host, action) : [];
    case "set-timezone":
      return moment === "boot" ? setTimezone(host, action.zone) : [];
    // Files of their own: settings.ts.
    case "set-hostname":
    case "set-time-servers":
    case "trust-authorities":
    case "keep-accounts":
    case "configure-engine":
    case "trust-clients":
    case "set-authentication":
    case "set-node-labels":
    case "set-updates":
    case "set-install":
    case "set-probes":
      return [];
    // What Kubernetes takes: kubernetes/.
    case "set-registries":
    case "load-images":
    case "set-manifests":
      return [];
  }
}

function nameOf(action: Action): string {
  if (action.do === "write-file") return `write_files: ${action.path}`;
  return action.do === "run" ? action.origin : action.do;
}

/** Swap files belong to the agent: they go when no configuration asks for them. */
function otherPaths(host: Host, { actions }: Decision): string[] {
  const files = actions.flatMap((action) =>
    action.do === "set-swap" && action.file !== undefined && action.sizeBytes > 0 ? [action.file] : [],
  );
  // One that isn't made isn't the agent's to remove.
  return files.filter((file) => storageOnDevice(host, file).is === "lasting");
}
