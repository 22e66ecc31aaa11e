import { expect, test } from "vitest";
import { checkFingerprint } from "./trust.ts";

const SENT = "SHA256:sent";

test("the CA whose fingerprint was given is trusted, and nobody is asked", async () => {
  await checkFingerprint(SENT, [SENT, undefined], async () => expect.fail("asked"));
});

test("another one is refused, whatever a person would say", async () => {
  await expect(checkFingerprint(SENT, ["SHA256:other"], async () => true)).rejects.toThrow(
    "it is SHA256:sent, and not SHA256:other",
  );
});

test("both that were given count", async () => {
  await expect(checkFingerprint(SENT, [SENT, "SHA256:other"], undefined)).rejects.toThrow("another one");
});

test("without one, a person says whether it is right", async () => {
  const asked: string[] = [];
  const answer = (yes: boolean) => async (question: string) => {
    asked.push(question);
    return yes;
  };
  await checkFingerprint(SENT, [], answer(true));
  await expect(checkFingerprint(SENT, [undefined], answer(false))).rejects.toThrow("isn't trusted");
  expect(asked[0]).toContain(SENT);
});

test("without one and without a person, it is refused", async () => {
  await expect(checkFingerprint(SENT, [], undefined)).rejects.toThrow("nobody has said");
});
