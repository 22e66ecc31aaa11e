// Labels of the node: it is registered with those that a kubelet may set; the agent, as an administrator, sets the rest.
import * as v from "valibot";
import { once } from "../../once.ts";
import { matching, named } from "./kinds.ts";

const KEY = /^(?:[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?\/)?[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/;
const VALUE = /^(?:[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?$/;
/** The kubelet sets them, and would set them again. */
const OWN = /^(?:(?:beta\.)?kubernetes\.io\/(?:hostname|os|arch)|node-role\.kubernetes\.io\/control-plane)$/;
/** k8s.io/kubernetes, cmd/kubelet/app/options: names below these are Kubernetes' own … */
const KUBERNETES = /^(?:[^/]+\.)?(?:kubernetes|k8s)\.io\//;
/** … and k8s.io/kubelet, pkg/apis: of those, a kubelet may set these. */
const KUBELET =
  /^(?:(?:[^/]+\.)?(?:kubelet|node)\.kubernetes\.io\/|(?:topology|failure-domain\.beta)\.kubernetes\.io\/(?:zone|region)$|beta\.kubernetes\.io\/instance-type$)/;

/** Whether a kubelet takes it, by its `--node-labels`. */
export function isKubeletLabel(key: string): boolean {
  return !KUBERNETES.test(key) || KUBELET.test(key);
}

export const nodeLabels = once(labels);

/** Those of the engine's own file. */
export const kubeletLabels = once(() =>
  labels((key) =>
    isKubeletLabel(key)
      ? undefined
      : `a kubelet may not set the label ${key}; write it below kubesolo.node_labels instead`,
  ),
);

function labels(refuse: (key: string) => string | undefined = () => undefined) {
  return v.pipe(
    named(
      v.string(),
      matching(VALUE, "text of 63 letters, digits, '-', '_' and '.' at most"),
      "a mapping of labels to values",
    ),
    v.rawCheck(({ dataset, addIssue }) => {
      if (!dataset.typed) return;
      for (const key of Object.keys(dataset.value))
        for (const message of problems(key)) addIssue({ message });
    }),
  );

  function problems(key: string): string[] {
    if (!KEY.test(key)) return [`${JSON.stringify(key)} can't be a label's name`];
    if (OWN.test(key)) return [`the label ${key} is set by Kubernetes itself`];
    const refusal = refuse(key);
    return refusal === undefined ? [] : [refusal];
  }
}
