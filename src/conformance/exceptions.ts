// Conformance specs that don't pass here, each with upstream's reason.

export interface Exception {
  /** The spec's full name. */
  readonly name: string;
  /** Why no engine of one node can pass it, or what the engine lacks. */
  readonly reason: string;
}

export const exceptions: readonly Exception[] = [
  {
    name: "[sig-architecture] Conformance Tests should have at least two untainted nodes [Conformance]",
    reason: "it counts the nodes: upstream certifies no cluster of one node",
  },
];
