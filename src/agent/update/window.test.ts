import { expect, test } from "vitest";
import { isInWindow, parseLocalTime } from "./window.ts";

/** As `date` prints it; 1 is Monday. */
const at = (text: string) => parseLocalTime(`${text}\n`) ?? { weekday: 0, minutes: 0 };

test.each<[string, string[], string, boolean]>([
  ["without hours, at any time", [], "3 12:00", true],
  ["the first minute", ["02:00-04:00"], "3 02:00", true],
  ["the last minute", ["02:00-04:00"], "3 03:59", true],
  ["the end itself isn't", ["02:00-04:00"], "3 04:00", false],
  ["before it", ["02:00-04:00"], "3 01:59", false],
  ["on a day of a list", ["sat,sun 02:00-04:00"], "7 02:30", true],
  ["on another day", ["sat,sun 02:00-04:00"], "1 02:30", false],
  ["days in capitals", ["Sat,SUN 02:00-04:00"], "6 02:30", true],
  ["in a row of days", ["mon-fri 02:00-04:00"], "5 02:30", true],
  ["behind a row of days", ["mon-fri 02:00-04:00"], "6 02:30", false],
  ["in a row over the end of the week", ["fri-mon 02:00-04:00"], "1 02:30", true],
  ["a row and a day", ["fri-mon,wed 02:00-04:00"], "3 02:30", true],
  ["out of both", ["fri-mon,wed 02:00-04:00"], "2 02:30", false],
  ["before midnight", ["sat 22:00-02:00"], "6 23:00", true],
  ["after midnight it is still that day's", ["sat 22:00-02:00"], "7 01:00", true],
  ["and not that of the day itself", ["sat 22:00-02:00"], "6 01:00", false],
  ["from Sunday into Monday", ["sun 22:00-02:00"], "1 01:00", true],
  ["a whole day, in the morning", ["mon 00:00-00:00"], "1 00:00", true],
  ["a whole day, in the evening", ["mon 00:00-00:00"], "1 23:59", true],
  ["a whole day, and not the next one", ["mon 00:00-00:00"], "2 00:00", false],
  ["one of several", ["mon 02:00-04:00", "tue 05:00-06:00"], "2 05:30", true],
])("%s", (_name, windows, now, expected) => {
  expect(isInWindow(windows, at(now))).toBe(expected);
});

test("what is no time is none", () => {
  expect(parseLocalTime("date: invalid option")).toBeUndefined();
});
