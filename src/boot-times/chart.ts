// Draws the times of a boot: a bar a part, in SVG (https://www.w3.org/TR/SVG11/). Pure.
import type { BootPart } from "./times.ts";

const NAME_WIDTH = 160;
const CHART_WIDTH = 800;
const ROW_HEIGHT = 22;
const BAR_HEIGHT = 14;
const TOP = 30;
const MARGIN = 70;

/** Parts in their order, seconds from left to right; each bar with its length in seconds behind it. */
export function drawBootChart(parts: readonly BootPart[]): string {
  const total = Math.max(...parts.map(({ ended }) => ended));
  const x = (seconds: number) => round(NAME_WIDTH + (seconds / total) * CHART_WIDTH);
  const width = NAME_WIDTH + CHART_WIDTH + MARGIN;
  const height = TOP + parts.length * ROW_HEIGHT + 10;
  const rows = parts.flatMap((part, index) => {
    const y = TOP + index * ROW_HEIGHT;
    const text = y + BAR_HEIGHT - 3;
    return [
      `<text x="${NAME_WIDTH - 8}" y="${text}" text-anchor="end">${escapeXml(part.name)}</text>`,
      `<rect x="${x(part.started)}" y="${y}" width="${round(Math.max(x(part.ended) - x(part.started), 1))}" height="${BAR_HEIGHT}" fill="${colour(part)}"/>`,
      `<text x="${round(x(part.ended) + 4)}" y="${text}">${round(part.ended - part.started)} s</text>`,
    ];
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="sans-serif" font-size="12">`,
    "<title>Seconds since the kernel started</title>",
    `<rect width="${width}" height="${height}" fill="white"/>`,
    ...grid(total, x, height),
    ...rows,
    "</svg>",
    "",
  ].join("\n");
}

/** A line at every so many seconds, about ten of them. */
function grid(total: number, x: (seconds: number) => number, height: number): string[] {
  const distance = [1, 2, 5, 10, 20, 50, 100].find((candidate) => total / candidate <= 12) ?? 200;
  const marks = Array.from({ length: Math.floor(total / distance) + 1 }, (_, index) => index * distance);
  return marks.flatMap((seconds) => [
    `<line x1="${x(seconds)}" y1="${TOP - 8}" x2="${x(seconds)}" y2="${height}" stroke="#ddd"/>`,
    `<text x="${x(seconds)}" y="${TOP - 12}" text-anchor="middle">${seconds}</text>`,
  ]);
}

function colour({ name }: BootPart): string {
  if (name === "engine") return "#4a7c59";
  return name === "initramfs" ? "#b5651d" : "#3b6ea5";
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
