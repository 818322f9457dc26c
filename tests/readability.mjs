/* Holds the notes of built sites to what a reader view makes of them: each figure stands in it once,
   with one drawing that has its colours and words, its text version and its table. Run by .ci/run,
   which installs the two packages:  node tests/readability.mjs FOLDER SITE…  */
import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";

const [folder, ...sites] = process.argv.slice(2);
const require = createRequire(join(resolve(folder), "package.json"));
const { Readability } = require("@mozilla/readability");
const { JSDOM } = require("jsdom");

const pagesOf = (site) =>
  readdirSync(site, { recursive: true })
    .filter((name) => name.endsWith(".html") && !/(^|\/)(charts\/|404)/.test(name))
    .map((name) => join(site, name));
const words = (element) => element.textContent.replace(/\s+/g, " ").trim();
const count = (element, selector) => element.querySelectorAll(selector).length;

/* What is wrong with a figure as the view shows it; `own` is the same figure of the page. */
const faults = (figure, own) => {
  if (!figure) return ["is lost"];
  const found = [];
  const drawings = [...figure.querySelectorAll("svg")];
  if (drawings.length !== 1) return [`has ${drawings.length} drawings`];
  const [svg] = drawings;
  const wide = own.querySelector(".drawing.wide svg");
  if (words(svg) !== words(wide)) found.push("has another drawing than the wide one, or fewer words");
  if (/var\(--[\w-]+\)/.test(svg.outerHTML)) found.push("has colours that only the style knows");
  if (!/, #[0-9a-f]{6}\)/.test(svg.outerHTML)) found.push("has no colours");
  if (!svg.getAttribute("font-family")?.includes("sans-serif")) found.push("has one font alone");
  for (const part of ["tbody tr", "details li", "h2, h3", "figcaption"])
    if (count(figure, part) < count(own, part)) found.push(`lacks some of its ${part}`);
  return found;
};

let failed = 0;
let figures = 0;
for (const path of sites.flatMap(pagesOf)) {
  const html = readFileSync(path, "utf8");
  const page = new JSDOM(html).window.document;
  const own = [...page.querySelectorAll("figure.chart")];
  if (!own.length) continue;
  const { content } = new Readability(new JSDOM(html).window.document).parse();
  const view = new JSDOM(content).window.document;
  for (const figure of own) {
    figures += 1;
    for (const fault of faults(view.getElementById(figure.id), figure)) {
      failed += 1;
      console.error(`${path}: ${figure.id} ${fault}`);
    }
  }
}
console.log(`${figures} figures in reader views, ${failed} faults`);
process.exitCode = failed || !figures ? 1 : 0;
