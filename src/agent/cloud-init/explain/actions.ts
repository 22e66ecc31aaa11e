// Each action as lines of a name and what is done. Pure.
import type { Account, Action, Content, Frequency, Manifest, Moment, RegistryMirror } from "../actions.ts";
import { maskedArguments, withoutSecretLines } from "../secrets.ts";

type Rows = string[][];

export function explainAction(action: Action): Rows {
  switch (action.do) {
    case "set-hostname":
      return [["hostname", action.fqdn === undefined ? action.name : `${action.name} (${action.fqdn})`]];
    case "set-timezone":
      return [["timezone", action.zone]];
    case "write-file": {
      const { path, mode, owner, append, content } = action;
      const how = `${append ? "appended, " : ""}${modeText(mode)} ${owner ?? "root:root"}`;
      return [["file", `${path}: ${sizeText(content)}, ${how}, ${whenText(action)}`]];
    }
    case "run": {
      const [first, ...rest] = lines(action.command);
      const named = [["run", `${action.origin}, ${whenText(action)}:`]];
      return [...named, ...[first ?? "", ...rest].map((line) => ["", `  ${line}`])];
    }
    case "set-time-servers":
      if (!action.isEnabled) return [["time", "no time servers are asked"]];
      return [["time", action.servers.length === 0 ? "the usual servers" : action.servers.join(", ")]];
    case "trust-authorities": {
      const only = action.removeDefaults ? ", and no others" : "";
      return [["trust", `${count(action.pem.length, "certificate")} of the configuration${only}`]];
    }
    case "keep-accounts":
      return action.accounts.map((account) => [
        "account",
        `${accountText(account)}; kept for an image with a login`,
      ]);
    case "set-swap":
      return [
        [
          "swap",
          `${megabytes(action.sizeBytes)}${action.file ? ` in ${action.file}` : " of compressed memory"}`,
        ],
      ];
    case "configure-engine": {
      const keys = leaves(action.config, "");
      const flags = action.flags === "" ? [] : [["engine", `flags ${maskFlags(action.flags)}`]];
      return [...keys.map((line) => ["engine", line]), ...flags];
    }
    case "trust-clients":
      return [["access", `who has a certificate by the configuration's authority`]];
    case "set-authentication":
      return leaves(action.authentication, "").map((line) => ["access", line]);
    case "set-node-labels":
      return Object.entries(action.labels).map(([key, value]) => ["label", `${key}=${value}`]);
    case "set-registries":
      return action.registries.flatMap(({ host, mirrors }) =>
        mirrors.map((mirror) => ["registry", `${host} from ${mirrorText(mirror)}`]),
      );
    case "load-images":
      return action.archives.map((archive) => ["image", archive]);
    case "set-manifests":
      return action.manifests.map((manifest) => ["manifest", manifestText(manifest)]);
    case "set-updates":
      return leaves(action.updates, "").map((line) => ["updates", line]);
    case "set-install": {
      const { disk = "the only disk that fits", minSizeBytes, isErased, end } = action.wish;
      const size = minSizeBytes === undefined ? "" : `, of ${megabytes(minSizeBytes)} or more`;
      const erased = isErased ? ", erasing what it holds" : ", if it is empty";
      return [["install", `from the ISO onto ${disk}${size}${erased}; then ${end}`]];
    }
    case "set-probes":
      return leaves(action.probes, "").map((line) => ["probe", line]);
  }
}

function whenText({ moment, frequency }: { moment: Moment; frequency: Frequency }): string {
  const often = frequency === "once" ? "once" : "at each boot";
  return `${often}, ${moment === "boot" ? "before the network" : "with the network"}`;
}

function lines(command: string | readonly string[]): string[] {
  return typeof command === "string"
    ? withoutSecretLines(command).split("\n")
    : [maskedArguments(command).join(" ")];
}

/** A mode as ls and chmod know it. */
function modeText(mode: number): string {
  return mode.toString(8).padStart(4, "0");
}

function sizeText(content: Content): string {
  if (content.encoding === "base64") {
    return `${Math.floor((content.text.replace(/={1,2}$/, "").length * 3) / 4)} bytes${content.isGzip ? " of gzip" : ""}`;
  }
  return `${utf8Length(content.text)} bytes`;
}

function utf8Length(text: string): number {
  let length = 0;
  for (const character of text) {
    const code = character.codePointAt(0) as number;
    length += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return length;
}

function accountText({ name, authorizedKeys, passwordHash, plainPassword, groups, shell }: Account): string {
  const password = plainPassword === undefined ? "a password" : "a password, which the device hashes";
  return [
    name,
    ...(authorizedKeys.length === 0 ? [] : [count(authorizedKeys.length, "key")]),
    (passwordHash ?? plainPassword) === undefined ? "no password" : password,
    ...(groups.length === 0 ? [] : [`groups ${groups.join(" ")}`]),
    ...(shell === undefined ? [] : [shell]),
  ].join(", ");
}

function mirrorText({ url, caPem, skipVerify, username }: RegistryMirror): string {
  return [
    url,
    ...(caPem === undefined ? [] : ["own CA"]),
    ...(skipVerify ? ["any certificate"] : []),
    ...(username === undefined ? [] : ["with credentials"]),
  ].join(", ");
}

function manifestText({ name, source }: Manifest): string {
  if ("path" in source) return source.path === name ? name : `${name} from ${source.path}`;
  return `${name}: ${utf8Length(source.text)} bytes`;
}

/** `key.below: value` for each value; what must not be seen is stars. */
function leaves(value: unknown, path: string): string[] {
  if (value !== null && typeof value === "object" && !Array.isArray(value)) {
    return Object.entries(value).flatMap(([key, below]) =>
      leaves(below, path === "" ? key : `${path}.${key}`),
    );
  }
  const shown = typeof value === "string" ? value : JSON.stringify(value);
  return [`${path}: ${/key$/i.test(path) && !/caKey$/.test(path) ? "***" : shown}`];
}

function maskFlags(flags: string): string {
  return flags.replace(/(--portainer-edge-key[= ])\S+/g, "$1***");
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

function megabytes(sizeBytes: number): string {
  return `${Math.round(sizeBytes / 2 ** 20)} MiB`;
}
