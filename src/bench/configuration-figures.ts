// Pure: from the passes of both programs to the figures that have a target. See docs/benchmarks.md.
import { median, round } from "./figures.ts";

export interface Pass {
  readonly cpuSeconds: number;
  /** Of the largest process. */
  readonly peakMiB: number;
}

export interface ConfigurationResult {
  readonly cpu_ratio: number;
  readonly peak_rss_mib: number;
  readonly raw: {
    readonly commit: string;
    readonly date: string;
    readonly accelerator: string;
    readonly agent: readonly Pass[];
    readonly cloudInit: readonly Pass[];
  };
}

/** What the script `configure` prints. */
export function parsePass(printed: string): Pass {
  const read = (name: string): number => {
    const value = new RegExp(`^${name} (\\d+)$`, "m").exec(printed)?.[1];
    if (value === undefined) throw new Error(`no ${name} in "${printed}"`);
    return Number(value);
  };
  return { cpuSeconds: read("cpu_usec") / 1e6, peakMiB: round(read("peak_kib") / 1024, 1) };
}

export function planConfigurationResult(raw: ConfigurationResult["raw"]): ConfigurationResult {
  const cpu = (passes: readonly Pass[]) => median(passes.map(({ cpuSeconds }) => cpuSeconds));
  return {
    cpu_ratio: round(cpu(raw.agent) / cpu(raw.cloudInit), 4),
    peak_rss_mib: Math.max(...raw.agent.map(({ peakMiB }) => peakMiB)),
    raw,
  };
}
