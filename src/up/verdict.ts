// What a machine's own records say has become of an update. Pure.
import * as v from "valibot";

/** Of `kubesolo-os-agent history --json`, what is looked at. */
export const HistorySchema = v.array(
  v.object({ what: v.string(), version: v.string(), why: v.optional(v.string()) }),
);

export type UpdateVerdict =
  | { readonly is: "confirmed" }
  /** It runs on the old system again, and says why. */
  | { readonly is: "undone"; readonly why: string }
  /** In words for a person. */
  | { readonly is: "waiting"; readonly what: string };

/** `running`: the version that runs. Versions of `make update` are each made once. */
export function judgeUpdate(
  history: v.InferOutput<typeof HistorySchema>,
  version: string,
  running: string,
): UpdateVerdict {
  const events = history.filter((event) => event.version === version);
  const tries = events.filter(({ what }) => what === "try failed");
  const end = events.findLast(({ what }) => ["confirmed", "failed", "rolled back"].includes(what));
  if (end?.what === "confirmed") return { is: "confirmed" };
  if (end !== undefined)
    return {
      is: "undone",
      why: [...tries, end].map(({ why }) => why ?? "no reason is noted").join("; then: "),
    };
  const failed = tries.length === 0 ? "" : `, after ${tries.length} failed (${tries.at(-1)?.why ?? ""})`;
  return {
    is: "waiting",
    what: running === version ? `${version} is on trial${failed}` : `${running} runs${failed}`,
  };
}
