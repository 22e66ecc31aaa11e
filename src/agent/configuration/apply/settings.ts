// Which files a configuration asks for besides those of write_files. Pure. Each belongs to the agent: it is replaced when it
// differs, and removed when no configuration asks for it any more.

import { AUTHENTICATION_CONFIG, CLIENT_CA } from "../../../release/engine.ts";
import type { Action, Decision } from "../../cloud-init/actions.ts";
import { places } from "../../places.ts";

export interface OwnedFile {
  readonly path: string;
  readonly content: string;
  readonly mode: number;
  /** It is left when nobody asks for it any more. */
  readonly stays?: boolean;
}

/** What has to be known of the device. */
export interface Facts {
  /** PEM of the authorities that come with the system. */
  readonly systemAuthorities: string;
}

export function planSettings(decision: Decision, facts: Facts): OwnedFile[] {
  return decision.actions.flatMap((action) => filesOf(action, facts));
}

function filesOf(action: Action, facts: Facts): OwnedFile[] {
  switch (action.do) {
    case "set-hostname":
      // A node that loses its name becomes another node; cloud-init, too, leaves a name that nobody mentions.
      return [{ ...open(places.keptHostname, `${action.name}\n`), stays: true }];
    case "set-timezone":
      return [open(places.timezone, `${action.zone}\n`)];
    case "set-time-servers":
      return [open(places.timeServers, action.isEnabled ? lines(action.servers) : "off\n")];
    case "trust-authorities": {
      const defaults = action.removeDefaults ? "" : facts.systemAuthorities;
      return [open(places.authorities, defaults + lines(action.pem.map((pem) => pem.trim())))];
    }
    case "keep-accounts":
      return [secret(places.accounts, json(action.accounts))];
    case "configure-engine":
      return engineFiles(action);
    case "trust-clients":
      return [open(CLIENT_CA, `${action.pem.trim()}\n`)];
    case "set-authentication":
      return [secret(AUTHENTICATION_CONFIG, json(action.authentication))];
    case "set-node-labels":
      return [open(places.nodeLabels, json(action.labels))];
    case "set-updates":
      return [secret(places.updates, json(action.updates))];
    case "set-install":
      return [open(places.install, json(action.wish))];
    case "set-probes":
      return [secret(places.probes, json(action.probes))];
    // Not settings: written.ts, commands.ts, swap.ts, and kubernetes/ have these.
    case "write-file":
    case "run":
    case "set-swap":
    case "set-registries":
    case "load-images":
    case "set-manifests":
      return [];
  }
}

/** JSON is YAML, too: the engine says the line of a mistake in it. Nothing set: no file, the engine's defaults. */
function engineFiles({ config, flags }: Extract<Action, { do: "configure-engine" }>): OwnedFile[] {
  const made = "# Made from the node's configuration at each boot.\n";
  return [
    ...(Object.keys(config).length > 0 ? [secret(places.engineConfig, made + json(config))] : []),
    ...(flags.trim() !== "" ? [secret(places.engineFlags, `${flags.trim()}\n`)] : []),
  ];
}

function open(path: string, content: string): OwnedFile {
  return { path, content, mode: 0o644 };
}

function secret(path: string, content: string): OwnedFile {
  return { path, content, mode: 0o600 };
}

function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

function lines(texts: readonly string[]): string {
  return texts.map((text) => `${text}\n`).join("");
}
