// A row says what one call of the Host (src/agent/host.ts) comes to. Rows run where the agent does, so there is no Node here.
import type { Host } from "../../../src/agent/host.ts";

/** What the test has set up for the rows. */
export interface World {
  /** The row's own: an absolute path, there and empty. */
  readonly folder: string;
  readonly http: string;
  readonly https: string;
  /** Wants a client's certificate. */
  readonly mutual: string;
  readonly proxy: string;
  readonly caPem: string;
  readonly certificatePem: string;
  readonly keyPem: string;
}

export type Row = {
  readonly name: string;
  /** Returns what JSON can say. */
  readonly call: (host: Host, world: World) => unknown;
} & ({ readonly gives: unknown } | { readonly fails: string });

export interface Outcome {
  readonly gives?: unknown;
  /** The failure's code. */
  readonly fails?: string;
  /** What no call may throw. */
  readonly breaks?: string;
}

export function runRows(host: Host, rows: readonly Row[], world: World): Outcome[] {
  return rows.map(({ call }, index) => {
    const folder = `${world.folder}/${index}`;
    host.makeDirectory(folder);
    try {
      return { gives: call(host, { ...world, folder }) };
    } catch (error) {
      const { name, code, message } = error as { name?: string; code?: string; message?: string };
      if (name === "HostError" && code !== undefined) return { fails: code };
      return { breaks: `${name}: ${message}` };
    }
  });
}

export function expectedOutcome(row: Row): Outcome {
  return "gives" in row ? { gives: row.gives } : { fails: row.fails };
}
