// What is published of the configuration's schema is what the node uses. UPDATE=1 writes it anew.
import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { publishedSchema, rawSchema } from "./json-schema.ts";
import { referenceTables, unexplained } from "./reference.ts";

const docs = new URL("../../docs/", import.meta.url);
const schemaFile = new URL("node-config.schema.json", docs);
const pageFile = new URL("node-configuration.md", docs);
const KEYS = /(?<=<!-- keys -->\n)[\s\S]*(?=\n<!-- end -->)/;

describe("what is published", () => {
  test("the JSON Schema is that of the node", () => {
    const text = `${JSON.stringify(publishedSchema(), null, 2)}\n`;
    if (process.env["UPDATE"] === "1") writeFileSync(schemaFile, text);
    expect(readFileSync(schemaFile, "utf8")).toBe(text);
  });

  test("the reference's tables are made from it", () => {
    const tables = referenceTables(rawSchema());
    const page = readFileSync(pageFile, "utf8");
    if (process.env["UPDATE"] === "1")
      writeFileSync(
        pageFile,
        page.replace(KEYS, () => tables),
      );
    expect(KEYS.exec(readFileSync(pageFile, "utf8"))?.[0]).toBe(tables);
  });

  test("every key is explained", () => {
    expect(unexplained(rawSchema())).toEqual([]);
  });
});
