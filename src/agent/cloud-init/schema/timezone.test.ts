import { describe, expect, test } from "vitest";
import { currentName, likeliestZone } from "./timezone.ts";

describe("a zone's name stands for", () => {
  test.each([
    ["itself", "Europe/Berlin", "Europe/Berlin"],
    ["itself, with three parts", "America/Indiana/Knox", "America/Indiana/Knox"],
    ["itself, without an area", "UTC", "UTC"],
    ["what it is called today", "US/Eastern", "America/New_York"],
    ["what it is called today, without an area", "GB", "Europe/London"],
    ["nothing: an area is none", "Europe", undefined],
    ["nothing: small letters", "europe/berlin", undefined],
    ["nothing: a property of all objects", "constructor/x", undefined],
    ["nothing: a path", "../../etc/passwd", undefined],
    ["nothing", "", undefined],
  ])("%s", (_name, text, zone) => {
    expect(currentName(text)).toBe(zone);
  });
});

describe("the likeliest zone is that", () => {
  test.each([
    ["of a slip", "Europe/Berlni", "Europe/Berlin"],
    ["of other letters", "europe/berlin", "Europe/Berlin"],
    ["with spaces", "America/New York", "America/New_York"],
    ["of the city alone", "new york", "America/New_York"],
    ["of nothing near", "Middle-earth/Hobbiton", undefined],
  ])("%s", (_name, text, zone) => {
    expect(likeliestZone(text)).toBe(zone);
  });
});
