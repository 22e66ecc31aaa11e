import { expect, test } from "vitest";
import { planImageLinks } from "./image-links.ts";

test.each<[string, string[], [string, boolean][]]>([
  ["nothing asked for, nothing linked", [], []],
  ["a path of the device stays one", ["/data/images/app.tar"], [["000-app.tar", false]]],
  ["any other is on the volume", ["images/app.tar.gz"], [["000-app.tar.gz", true]]],
  [
    "two archives of one name are two",
    ["a/app.tar", "b/app.tar"],
    [
      ["000-app.tar", true],
      ["001-app.tar", true],
    ],
  ],
  ["one that is named twice is linked once", ["app.tar", "app.tar"], [["000-app.tar", true]]],
])("%s", (_name, archives, expected) => {
  expect(planImageLinks(archives).map(({ name, isOnVolume }) => [name, isOnVolume])).toEqual(expected);
});
