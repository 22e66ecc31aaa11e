// The way in: the texts of a configuration → what to do, and all that is wrong with them. Pure; the same on the device
// and on a workstation.
import type { Decision } from "./actions.ts";
import { decide } from "./decide.ts";
import { type Located, locate, locateKey } from "./located.ts";
import type { NetworkPlan } from "./network/plan.ts";
import { parseCloudConfig } from "./parse.ts";
import { cutProblems, type Finding, type Problem, pathText, sortProblems } from "./problems.ts";
import type { Source } from "./source.ts";
import { validateConfig } from "./validate.ts";

/** The files of one NoCloud volume, or any part of them. */
export interface Sources {
  readonly userData?: Source;
  readonly vendorData?: Source;
  readonly metaData?: Source;
  readonly networkConfig?: Source;
}

/** Reads `network`, whatever its version; what is wrong goes to `report`, with the path from `network` on. */
export type CheckNetwork = (value: unknown, report: (finding: Finding) => void) => NetworkPlan | undefined;

export interface LoadOptions {
  readonly checkNetwork?: CheckNetwork;
  /** Of reading the sources: an error among them refuses the whole, too. */
  readonly problems?: readonly Problem[];
}

export interface Loaded {
  /** undefined when there is an error among the problems. */
  readonly decision?: Decision;
  readonly problems: readonly Problem[];
}

export function loadConfig(sources: Sources, options: LoadOptions = {}): Loaded {
  const earlier = options.problems ?? [];
  if (earlier.some(({ severity }) => severity === "error")) return { problems: earlier };
  const { userData } = sources;
  if (userData === undefined)
    return { decision: { instanceId: "iid-datasource-none", actions: [] }, problems: [] };
  const parsed = parseCloudConfig(userData);
  if (parsed.root === undefined) return { problems: sortProblems(parsed.problems) };
  const root = parsed.root;
  const { config, findings } = validateConfig(root);
  const problems = cutProblems(
    sortProblems([...parsed.problems, ...findings.map((finding) => placed(finding, root))]),
  );
  if (config === undefined) return { problems };
  return { decision: decide(config, { publicKeys: [] }), problems };
}

function placed({ isAboutKey, path, hint, ...rest }: Finding, root: Located): Problem {
  const at = isAboutKey ? locateKey(root, path) : locate(root, path).at;
  return { ...rest, ...at, path: pathText(path), ...(hint !== undefined && { hint }) };
}
