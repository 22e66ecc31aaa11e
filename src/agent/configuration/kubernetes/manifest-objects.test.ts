import { expect, test } from "vitest";
import { identityOf, parseManifest, titleOf } from "./manifest-objects.ts";

const map = (name: string, more = "") =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}${more}}\n`;

test.each<[string, string, string[]]>([
  ["one object", map("a"), ["ConfigMap a"]],
  [
    "several in one file",
    `${map("a")}---\n${map("b", ", namespace: shop")}`,
    ["ConfigMap a", "ConfigMap shop/b"],
  ],
  ["a comment between two is no object", `# first\n---\n${map("a")}---\n# last\n`, ["ConfigMap a"]],
  [
    "a list is what is in it",
    `apiVersion: v1\nkind: List\nitems:\n- ${map("a").trim().replaceAll("\n", "\n  ")}\n- ${map("b").trim().replaceAll("\n", "\n  ")}\n`,
    ["ConfigMap a", "ConfigMap b"],
  ],
  ["JSON is YAML", JSON.stringify({ apiVersion: "v1", kind: "Pod", metadata: { name: "p" } }), ["Pod p"]],
])("%s", (_name, yaml, titles) => {
  const { objects, problems } = parseManifest(yaml);
  expect(problems).toEqual([]);
  expect(objects.map(titleOf)).toEqual(titles);
});

test.each<[string, string, RegExp]>([
  ["nothing", "", /no object/],
  ["a comment only", "# soon\n", /no object/],
  ["a word", "hello", /object 1 is no mapping/],
  ["no kind", "apiVersion: v1\nmetadata: {name: a}\n", /object 1 has no kind/],
  ["no version", "kind: Pod\nmetadata: {name: a}\n", /object 1 has no apiVersion/],
  ["no name", "apiVersion: v1\nkind: Pod\nmetadata: {generateName: a-}\n", /object 1 has no metadata.name/],
  ["no metadata", "apiVersion: v1\nkind: Pod\n", /object 1 has no metadata/],
  ["a name that is a number", "apiVersion: v1\nkind: Pod\nmetadata: {name: 1}\n", /metadata.name/],
  ["the second is bad", `${map("a")}---\nkind: Pod\n`, /object 2 has no apiVersion/],
  ["no YAML", "a: [1\nb: 2\n", /line \d/],
  [
    "one object twice",
    `${map("a")}---\n${map("a", ", namespace: default")}`,
    /ConfigMap default\/a is in it twice/,
  ],
  [
    "aliases that would fill the memory",
    `a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]\n`,
    /alias/,
  ],
])("refused: %s", (_name, yaml, message) => {
  expect(parseManifest(yaml).problems.join("; ")).toMatch(message);
});

test("another version of an object is the same object, another group isn't", () => {
  const object = { apiVersion: "apps/v1beta1", kind: "Deployment", name: "web" };
  expect(identityOf({ ...object, apiVersion: "apps/v1" })).toBe(identityOf(object));
  expect(identityOf({ ...object, apiVersion: "other/v1" })).not.toBe(identityOf(object));
});
