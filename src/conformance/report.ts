// Pure: what Ginkgo's JSON report says about the specs that were to run
// (github.com/onsi/ginkgo/v2/types, Report and SpecReport).
import * as v from "valibot";

const SpecReport = v.object({
  ContainerHierarchyTexts: v.nullable(v.array(v.string())),
  LeafNodeText: v.string(),
  LeafNodeType: v.string(),
  State: v.string(),
  RunTime: v.number(),
  Failure: v.optional(v.object({ Message: v.optional(v.string(), "") })),
});

const Reports = v.array(v.object({ SpecReports: v.nullable(v.array(SpecReport)) }));

export interface SpecResult {
  /** As people know it: "[sig-node] Pods should … [Conformance]". */
  readonly name: string;
  /** `skipped` when the spec itself found that it can't run here; `failed` is whatever else isn't passed. */
  readonly state: "passed" | "failed" | "skipped";
  /** Why it was skipped or how it failed. */
  readonly message: string;
  readonly seconds: number;
}

/** The specs in the report, by name; those that a filter left out are not among them. */
export function parseReport(json: string): SpecResult[] {
  return v
    .parse(Reports, JSON.parse(json))
    .flatMap(({ SpecReports }) => SpecReports ?? [])
    .flatMap((report): SpecResult[] => {
      const message = report.Failure?.Message ?? "";
      const isSpec = report.LeafNodeType === "It";
      // A filter leaves a spec out without a word. Steps around the specs matter only when they fail.
      if (isSpec ? report.State === "skipped" && message === "" : report.State === "passed") return [];
      if (report.State === "pending") return [];
      return [{ name: nameOf(report), state: stateOf(report.State), message, seconds: report.RunTime / 1e9 }];
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function nameOf({
  ContainerHierarchyTexts,
  LeafNodeText,
  LeafNodeType,
}: v.InferOutput<typeof SpecReport>): string {
  return [...(ContainerHierarchyTexts ?? []), LeafNodeText || LeafNodeType].join(" ");
}

function stateOf(state: string): SpecResult["state"] {
  return state === "passed" || state === "skipped" ? state : "failed";
}
