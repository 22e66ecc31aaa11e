// Custom resource definitions as large ones come, such as those of certificate managers and gateways. Pure.

/** Fields of one, in turns; with their descriptions 63 have 220 KB on average, as JSON. */
const FIELDS = [60, 160, 420, 800] as const;
/** Definitions of one group, as an operator brings them. */
const GROUP_SIZE = 7;
const FAN_OUT = 6;

/** The objects of a Kubernetes List; apiextensions.k8s.io/v1. */
export function crds(count: number): object[] {
  return Array.from({ length: count }, (_, number) => crd(number));
}

function crd(number: number): object {
  const group = `group${Math.floor(number / GROUP_SIZE)}.bench.example`;
  const kind = `Thing${number}`;
  const plural = `thing${number}s`;
  const schema = {
    type: "object",
    properties: { spec: object(FIELDS[number % FIELDS.length] ?? 0, ["spec"]) },
  };
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: "Namespaced",
      names: { kind, plural },
      versions: [
        {
          name: "v1",
          served: true,
          storage: true,
          subresources: { status: {} },
          schema: { openAPIV3Schema: schema },
        },
      ],
    },
  };
}

/** A tree with so many leaves. */
function object(leaves: number, path: readonly string[]): object {
  const share = (index: number) => Math.floor((leaves + index) / FAN_OUT);
  const children = Array.from({ length: FAN_OUT }, (_, index) => {
    const name = `field${index}Of${path.length}`;
    const own = share(index);
    return [name, own > 1 ? object(own, [...path, name]) : leaf(index, [...path, name])] as const;
  });
  return {
    type: "object",
    description: description(path),
    properties: Object.fromEntries(children),
    required: [`field0Of${path.length}`],
    ...(path.length === 1 && {
      "x-kubernetes-validations": [{ rule: "has(self.field0Of1)", message: "field0Of1 is needed" }],
    }),
  };
}

function leaf(index: number, path: readonly string[]): object {
  const kinds = [
    { type: "string", maxLength: 253, pattern: "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$" },
    { type: "integer", format: "int32", minimum: 0, maximum: 65_535 },
    { type: "string", enum: ["Always", "Never", "IfNotPresent"] },
    { type: "array", maxItems: 16, items: { type: "string", maxLength: 64 } },
    { type: "object", additionalProperties: { type: "string" } },
    { type: "boolean", default: true },
  ];
  return { description: description(path), ...kinds[index % kinds.length] };
}

const description = (path: readonly string[]) =>
  `What ${path.join(" of ")} decides: the controller reads it at each reconciliation, and what is left out has the default of the release.`;
