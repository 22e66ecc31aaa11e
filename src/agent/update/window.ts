// Hours in which a node may restart for an update, such as "sat,sun 22:00-04:00": from the first minute to the last, which
// isn't among them. Hours over midnight belong to the day on which they begin. Pure.

export interface LocalTime {
  /** 1 is Monday, 7 is Sunday. */
  readonly weekday: number;
  /** Since midnight. */
  readonly minutes: number;
}

const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const DAY_MINUTES = 24 * 60;

/** Whether it is in one of them; without any, at all times. */
export function isInWindow(windows: readonly string[], now: LocalTime): boolean {
  return windows.length === 0 || windows.some((window) => isIn(window, now));
}

function isIn(window: string, { weekday, minutes }: LocalTime): boolean {
  const words = window.toLowerCase().split(/\s+/);
  const hours = words.at(-1) ?? "";
  const days = daysOf(words.length > 1 ? (words[0] ?? "") : "mon-sun");
  const [begin = 0, end = 0] = hours.split("-").map(minutesOf);
  const isOn = (day: number) => days.includes(((day + 6) % 7) + 1);
  // One that ends when it begins is the whole day.
  if (begin >= end) return (minutes >= begin && isOn(weekday)) || (minutes < end && isOn(weekday - 1));
  return minutes >= begin && minutes < end && isOn(weekday);
}

/** "fri-mon,wed" as numbers. */
function daysOf(text: string): number[] {
  return text.split(",").flatMap((part) => {
    const [first = 0, last = first] = part.split("-").map((day) => DAYS.indexOf(day));
    const count = ((last - first + 7) % 7) + 1;
    return Array.from({ length: count }, (_, index) => ((first + index) % 7) + 1);
  });
}

function minutesOf(text: string): number {
  const [hours = 0, minutes = 0] = text.split(":").map(Number);
  return (hours * 60 + minutes) % DAY_MINUTES;
}

/** Of what `date "+%u %H:%M"` prints. */
export function parseLocalTime(text: string): LocalTime | undefined {
  const [, weekday, time] = /^([1-7]) (\d\d:\d\d)\s*$/.exec(text) ?? [];
  return time === undefined ? undefined : { weekday: Number(weekday), minutes: minutesOf(time) };
}
