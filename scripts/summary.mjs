// Prints every failed test with the beginning of its error, and last the closing line "N passed, N failed", over every
// result file that a test run left in build/test. The errors are told again here because CI keeps the end of its output.
import { existsSync, readdirSync, readFileSync } from "node:fs";

const folder = "build/test";
const maxErrorLines = 30;
const counts = { passed: 0, failed: 0, skipped: 0 };
const failures = [];

const reports = existsSync(folder)
  ? readdirSync(folder).filter((name) => /^[a-z]+\.vitest\.json$/.test(name))
  : [];

for (const name of reports) {
  const report = JSON.parse(readFileSync(`${folder}/${name}`, "utf8"));
  const { numPassedTests, numFailedTests, numPendingTests, numFailedTestSuites, numTotalTests } = report;
  counts.passed += numPassedTests;
  // A file that fails before its first test has no test to count.
  counts.failed += numFailedTests > 0 || numTotalTests === 0 ? numFailedTests || numFailedTestSuites : 0;
  counts.skipped += numPendingTests;
  for (const { name: file, status, message, assertionResults } of report.testResults) {
    if (status === "failed" && message) failures.push({ title: file, error: message });
    for (const test of assertionResults.filter((result) => result.status === "failed"))
      failures.push({ title: `${file} > ${test.fullName}`, error: test.failureMessages.join("\n") });
  }
}

const goReport = `${folder}/go.json`;
if (existsSync(goReport)) {
  const events = readFileSync(goReport, "utf8")
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line));
  for (const { Action, Package, Test } of events) {
    if (Test === undefined) continue;
    if (Action === "pass") counts.passed += 1;
    if (Action === "fail") {
      counts.failed += 1;
      const isThis = (event) => event.Action === "output" && event.Package === Package && event.Test === Test;
      const output = events.filter(isThis).map((event) => event.Output);
      failures.push({ title: `${Package} > ${Test}`, error: output.join("") });
    }
    if (Action === "skip") counts.skipped += 1;
  }
}

for (const { title, error } of failures) {
  const lines = error.trimEnd().split("\n").slice(0, maxErrorLines);
  console.log([`failed: ${title}`, ...lines.map((line) => `  ${line.slice(0, 200)}`)].join("\n"));
}

// A failure outside the tests, in lint or build, counts as one.
if (process.argv[2] !== undefined && process.argv[2] !== "0" && counts.failed === 0) counts.failed = 1;

const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : "";
console.log(`${counts.passed} passed, ${counts.failed} failed${skipped}`);
