// The way in: the texts of a configuration → what to do, and all that is wrong with them. Pure; the same on the device
// and on a workstation.

import type { NetworkPlan } from "../network/plan.ts";
import type { Decision } from "./actions.ts";
import { withArguments } from "./arguments.ts";
import { misplacedBytes, withEncodings } from "./binary.ts";
import { nodeNetworks } from "./cluster-networks.ts";
import { crossCheck } from "./crosschecks/crosschecks.ts";
import { decide } from "./decide.ts";
import { keysOf, type Located, locate, locateKey } from "./located.ts";
import { checkMergeHow, mergeSources, wantsVendorData } from "./merge.ts";
import { checkMetaData, NO_META_DATA } from "./meta-data.ts";
import { type CheckedNetwork, checkNetwork } from "./network/check.ts";
import { type Parsed, parseCloudConfig, parseYaml } from "./parse.ts";
import { findPlainPasswords, type PlainText } from "./plain-passwords.ts";
import { cutProblems, error, type Finding, type Problem, pathText, sortProblems } from "./problems.ts";
import { nodeConfig } from "./schema/schema.ts";
import type { Decoder, SourceKind, SourceText } from "./source.ts";
import { withUnderscores } from "./user-keys.ts";
import { validate } from "./validate.ts";

/** The files of one NoCloud volume, or any part of them. */
export type Sources = Readonly<Partial<Record<SourceKind, SourceText>>>;

export interface LoadOptions {
  readonly decoder: Decoder;
  /** Who reads the network: checkNetwork when absent. */
  readonly checkNetwork?: typeof checkNetwork;
  /** Of reading the sources: an error among them refuses the whole, too. */
  readonly problems?: readonly Problem[];
}

export interface LoadedConfig {
  /** undefined when there is an error among the problems. */
  readonly decision?: Decision;
  readonly problems: readonly Problem[];
  /** Passwords in plain text, of all files. */
  readonly plainTexts: readonly PlainText[];
}

export function loadConfig(sources: Sources, options: LoadOptions): LoadedConfig {
  const problems: Problem[] = [...(options.problems ?? [])];
  const parse = (
    source: SourceText | undefined,
    how: (source: SourceText) => Parsed,
  ): Located | undefined => {
    if (source === undefined) return undefined;
    const { root, problems: found } = how(source);
    problems.push(...found);
    return root;
  };
  const place = (root: Located, findings: readonly Finding[]) =>
    problems.push(...findings.map((finding) => placed(finding, root)));

  const readUserData = (kind: "user-data" | "vendor-data") => {
    const found = parse(sources[kind], parseCloudConfig);
    return found && withEncodings(withArguments(withUnderscores(found)));
  };
  const userData = readUserData("user-data") ?? NOTHING;
  const isMerged = sources["vendor-data"] !== undefined && wantsVendorData(userData);
  const vendorData = isMerged ? readUserData("vendor-data") : undefined;
  problems.push(...[userData, vendorData ?? NOTHING].flatMap((root) => checkMergeHow(root, isMerged)));
  const root = vendorData === undefined ? userData : mergeSources(userData, vendorData);
  const plainTexts = [userData, ...(vendorData === undefined ? [] : [vendorData])].flatMap(
    findPlainPasswords,
  );

  const aboutMachine = parse(sources["meta-data"], parseYaml);
  const checked = aboutMachine && checkMetaData(aboutMachine);
  if (aboutMachine !== undefined) place(aboutMachine, checked?.findings ?? []);
  const metaData = checked?.metaData ?? NO_META_DATA;

  const validated = validate(nodeConfig(keysOf(root)), root);
  place(root, [...validated.findings, ...misplacedBytes(root)]);
  if (plainTexts.some(({ start }) => start < 0))
    place(root, [
      error([], "a password in plain text can have no tag (!!)", "remove the tag, or write the hash"),
    ]);
  if (plainTexts.length > MAX_PLAIN)
    place(root, [error([], `more than ${MAX_PLAIN} passwords in plain text`, "write their hashes")]);
  if (validated.output !== undefined)
    place(root, crossCheck(validated.output, root, metaData, options.decoder));

  const taken = nodeNetworks(validated.output?.kubesolo?.config);
  const networkFile = parse(sources["network-config"], parseYaml);
  const network = readNetwork(
    root,
    networkFile,
    (network) => (options.checkNetwork ?? checkNetwork)(network, taken),
    place,
  );

  const all = cutProblems(sortProblems(problems));
  const isRefused = all.some(({ severity }) => severity === "error");
  if (isRefused || validated.output === undefined) return { problems: all, plainTexts };
  const decision = decide(validated.output, metaData, network);
  return { decision, problems: all, plainTexts };
}

/** Hashing one takes the device a moment. */
const MAX_PLAIN = 100;

const NOTHING: Located = { kind: "mapping", entries: new Map(), at: { file: "", line: 1, column: 1 } };

/** A network-config of the volume goes before `network` of user-data, as in cloud-init. */
function readNetwork(
  root: Located,
  file: Located | undefined,
  check: (network: Located) => CheckedNetwork,
  place: (root: Located, findings: readonly Finding[]) => void,
): NetworkPlan | undefined {
  const inside = somethingOf(root.kind === "mapping" ? root.entries.get("network")?.value : undefined);
  const outside = somethingOf(file);
  if (inside !== undefined && outside !== undefined) {
    const message = "no effect: the network is that of network-config";
    place(root, [{ severity: "warning", path: ["network"], message, isAboutKey: true }]);
  }
  const network = outside ?? inside;
  if (network === undefined) return undefined;
  const { plan, problems } = check(network);
  if (outside !== undefined) place(outside, problems);
  else
    place(
      root,
      problems.map((problem) => ({ ...problem, path: ["network", ...problem.path] })),
    );
  return plan;
}

/** An empty file, or a key without a value, is as good as none. */
function somethingOf(value: Located | undefined): Located | undefined {
  if (value === undefined || (value.kind === "scalar" && value.value === null)) return undefined;
  return value.kind === "mapping" && value.entries.size === 0 ? undefined : value;
}

function placed({ isAboutKey, path, hint, ...rest }: Finding, root: Located): Problem {
  const at = isAboutKey ? locateKey(root, path) : locate(root, path).at;
  return { ...rest, ...at, path: pathText(path), ...(hint !== undefined && { hint }) };
}
