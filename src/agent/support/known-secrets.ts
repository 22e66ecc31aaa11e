// The secrets that a node's configuration holds, so that none is told by whatever log repeats it. Pure.
import type { Action, Content, Decision } from "../cloud-init/actions.ts";
import { isSecret } from "../cloud-init/secrets.ts";

/** The text that base64 stands for, or gzip in base64; "" when it is none. */
export type DecodeText = (base64: string, isGzip: boolean) => string;

/** Shorter ones would hide half a log: what has so few letters is found by its form alone. */
const MIN_LENGTH = 6;
/** A file of many lines is secret in its long lines; shorter ones such as "listen 80" aren't. */
const MIN_LINE_LENGTH = 16;
/** Each is looked for in all of a log, which takes its time. */
const MAX_LINES = 200;

/** Every value that the configuration's own messages would hide. */
export function knownSecrets({ actions }: Decision, decode: DecodeText): string[] {
  return actions.flatMap((action) => secretsOf(action, decode)).filter((text) => text.length >= MIN_LENGTH);
}

function secretsOf(action: Action, decode: DecodeText): readonly string[] {
  switch (action.do) {
    // What commands are is told, masked by its form: it explains what a machine does.
    case "run":
      return [];
    case "write-file":
      return contentLines(action.content, decode);
    case "set-manifests":
      return action.manifests.flatMap(({ source }) =>
        "text" in source ? secretValues(source.text, decode) : [],
      );
    case "configure-engine":
      return [...leaves(action.config, []), ...flagValues(action.flags)];
    case "set-registries":
      return action.registries.flatMap(({ mirrors }) => mirrors.flatMap(({ password = "" }) => [password]));
    case "keep-accounts":
      return action.accounts.flatMap(({ passwordHash = "", plainPassword = "" }) => [
        passwordHash,
        plainPassword,
      ]);
    default:
      return leaves(action, []);
  }
}

function contentLines(content: Content, decode: DecodeText): string[] {
  if (content.encoding === "base64")
    return [content.text, ...linesOf(decode(content.text, content.isGzip), decode)];
  return linesOf(content.text, decode);
}

function linesOf(text: string, decode: DecodeText): string[] {
  const lines = text.split("\n").map((line) => line.trim());
  const told = lines.length <= 2 ? lines : lines.filter((line) => line.length >= MIN_LINE_LENGTH);
  return [...told.slice(0, MAX_LINES), ...secretValues(text, decode)];
}

/** Of lines in YAML's form: values of keys that name a secret, and all that an object of the kind Secret holds. */
function secretValues(text: string, decode: DecodeText): string[] {
  const isSecretObject = /^kind:\s*["']?Secret\b/m.test(text);
  return text.split("\n").flatMap((line) => {
    const pair = /^\s*(?:-\s*)?["']?([\w.-]+)["']?\s*[:=]\s*["']?(\S.*?)["']?\s*$/.exec(line);
    const [, key = "", value = ""] = pair ?? [];
    if (value === "" || !(isSecretObject ? !ORDINARY.test(key) : isSecret([key], value))) return [];
    return isSecretObject ? [value, decode(value, false).trim()] : [value];
  });
}

const ORDINARY = /^(?:kind|apiVersion|metadata|name|namespace|type|labels|annotations)$/;

function leaves(value: unknown, path: readonly (string | number)[]): string[] {
  if (typeof value === "string") return isSecret(path, value) ? [value, ...partsOfUrl(value)] : [];
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([key, below]) => leaves(below, [...path, key]));
}

/** Its password, and the values of its query: a program may tell them without the rest. */
function partsOfUrl(url: string): string[] {
  const password = /^\w+:\/\/[^/@]*:([^/@]+)@/.exec(url)?.slice(1) ?? [];
  return [...password, ...[...url.matchAll(/[?&][^=&]+=([^&#]+)/g)].map(([, value]) => value ?? "")];
}

function flagValues(flags: string): string[] {
  return [...flags.matchAll(/--[\w-]*(?:key|token|password|secret)[= ](\S+)/g)].map(
    ([, value]) => value ?? "",
  );
}
