// Prints the closing line "N passed, N failed" over every result file that a test run left in build/test.
import { existsSync, readdirSync, readFileSync } from "node:fs";

const folder = "build/test";
const counts = { passed: 0, failed: 0, skipped: 0 };

const reports = existsSync(folder)
  ? readdirSync(folder).filter((name) => /^[a-z]+\.vitest\.json$/.test(name))
  : [];

for (const name of reports) {
  const { numPassedTests, numFailedTests, numPendingTests, numFailedTestSuites, numTotalTests } = JSON.parse(
    readFileSync(`${folder}/${name}`, "utf8"),
  );
  counts.passed += numPassedTests;
  // A file that fails before its first test has no test to count.
  counts.failed += numFailedTests > 0 || numTotalTests === 0 ? numFailedTests || numFailedTestSuites : 0;
  counts.skipped += numPendingTests;
}

const engine = `${folder}/engine.json`;
if (existsSync(engine)) {
  const events = readFileSync(engine, "utf8")
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line));
  for (const { Action, Test } of events) {
    if (Test === undefined) continue;
    if (Action === "pass") counts.passed += 1;
    if (Action === "fail") counts.failed += 1;
    if (Action === "skip") counts.skipped += 1;
  }
}

// A failure outside the tests, in lint or build, counts as one.
if (process.argv[2] !== undefined && process.argv[2] !== "0" && counts.failed === 0) counts.failed = 1;

const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : "";
console.log(`${counts.passed} passed, ${counts.failed} failed${skipped}`);
