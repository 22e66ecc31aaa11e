// Signs of health besides the engine's own: `kubesolo.probes`, and scripts in folders, as greenboot has them. What held before an
// update must hold after it; what didn't, decides nothing.
import * as v from "valibot";
import { isHostFailure, listIfThere } from "../../expected.ts";
import type { Host } from "../../host.ts";
import { findJson } from "../../json.ts";
import { runKubectl } from "../../kubectl.ts";
import { places } from "../../places.ts";

const Check = v.object({
  http: v.nullish(v.string()),
  tcp: v.nullish(v.string()),
  exec: v.nullish(v.array(v.string())),
  pods: v.nullish(v.string()),
  timeout_seconds: v.nullish(v.number()),
});

/** As the configuration leaves them: by name. */
const Probes = v.record(v.string(), Check);

export interface Probe extends v.InferOutput<typeof Check> {
  readonly name: string;
}

export interface Sign {
  /** Such as "probe web" or "script 10-disk.sh". */
  readonly name: string;
  /** What is wrong; undefined: it holds. */
  readonly problem?: string;
  /** It decides; otherwise it is only told. */
  readonly isRequired: boolean;
}

const SCRIPTS = "/etc/kubesolo/health.d";
const SCRIPT_MS = 60_000;
const BODY_MAX_BYTES = 1_048_576;

/** Looks at all of them, one after the other. */
export function lookAtSigns(host: Host): Sign[] {
  return [
    ...readProbes(host).map((probe) => sign(`probe ${probe.name}`, true, () => tryProbe(host, probe))),
    ...(["required", "wanted"] as const).flatMap((kind) =>
      listIfThere(host, `${SCRIPTS}/${kind}.d`)
        .filter((name) => name.endsWith(".sh"))
        .map((name) =>
          sign(`script ${name}`, kind === "required", () =>
            runSign(host, ["sh", `${SCRIPTS}/${kind}.d/${name}`], SCRIPT_MS),
          ),
        ),
    ),
  ];
}

function readProbes(host: Host): Probe[] {
  const probes = findJson(host, places.probes, BODY_MAX_BYTES, Probes);
  if (typeof probes === "object") return Object.entries(probes).map(([name, check]) => ({ name, ...check }));
  if (probes === "damaged")
    host.print("stderr", `${places.probes} is damaged: no probe of the configuration is tried`);
  return [];
}

function sign(name: string, isRequired: boolean, look: () => string | undefined): Sign {
  let problem: string | undefined;
  try {
    problem = look();
  } catch (error) {
    if (!isHostFailure(error)) throw error;
    problem = error.message;
  }
  return { name, isRequired, ...(problem === undefined ? {} : { problem }) };
}

function tryProbe(host: Host, { http, tcp, exec, pods, timeout_seconds }: Probe): string | undefined {
  const timeoutMs = (timeout_seconds ?? 5) * 1000;
  if (http != null) {
    const { status } = host.fetch({ url: http, timeoutMs }, BODY_MAX_BYTES);
    return status >= 200 && status < 400 ? undefined : `${http} answers ${status}`;
  }
  if (tcp != null) {
    const colon = tcp.lastIndexOf(":");
    const address = tcp.slice(0, colon).replace(/^\[|\]$/g, "");
    return runSign(
      host,
      ["nc", "-w", String(timeoutMs / 1000), address, tcp.slice(colon + 1)],
      timeoutMs + 1000,
    );
  }
  if (exec != null) return runSign(host, exec, timeoutMs);
  return pods == null ? undefined : podsProblem(host, pods, timeoutMs);
}

function runSign(host: Host, args: readonly string[], timeoutMs: number): string | undefined {
  const { exitCode, isTimedOut, stdout, stderr } = host.run(args, { timeoutMs, input: "" });
  if (isTimedOut) return `it took longer than ${timeoutMs / 1000} s`;
  if (exitCode === 0) return undefined;
  return (stderr.trim() || stdout.trim()).split("\n").at(-1) || `exit code ${exitCode}`;
}

/** "default/app=web": every pod that it selects is ready, and there is one. */
function podsProblem(host: Host, selector: string, timeoutMs: number): string | undefined {
  const slash = selector.indexOf("/");
  // A label's name may have a slash, too; a namespace has none, nor a dot.
  const hasNamespace =
    slash > 0 && /^[a-z0-9-]+$/.test(selector.slice(0, slash)) && !selector.slice(0, slash).includes("=");
  const [namespace, labels] = hasNamespace
    ? [selector.slice(0, slash), selector.slice(slash + 1)]
    : ["default", selector];
  const output =
    '{range .items[*]}{.metadata.name} {.status.conditions[?(@.type=="Ready")].status}{"\\n"}{end}';
  const args = [
    "get",
    "pods",
    `--namespace=${namespace}`,
    `--selector=${labels}`,
    `--output=jsonpath=${output}`,
  ];
  const { exitCode, stdout, stderr } = runKubectl(host, args, { timeoutMs });
  if (exitCode !== 0) return stderr.trim().split("\n").at(-1) || `exit code ${exitCode}`;
  const rows = stdout.split("\n").filter((row) => row !== "");
  if (rows.length === 0) return `no pod has ${labels}`;
  const unready = rows.filter((row) => !row.endsWith(" True")).map((row) => row.split(" ", 1)[0]);
  return unready.length === 0 ? undefined : `not ready: ${unready.join(", ")}`;
}
