// Tests report pages in Chromium as people use them: with and without JavaScript, in light and dark mode, on a desktop and a phone,
// by mouse and by keys. Run by report.sh.
//
//     report.mjs SAMPLES SCREENSHOTS
//
// The tests assert what is visible: positions, the pixels of panes, and text.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";

const [samples, shots] = process.argv.slice(2);
// report.sh installs the package into the working directory, not beside this file.
const { chromium } = createRequire(path.join(process.cwd(), "node_modules", "."))("playwright-core");

const DESKTOP = { width: 1400, height: 900 };
const PHONE = { width: 390, height: 844 };
const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
// The limit in milliseconds for loading a page of 200 changed pictures; generous, for a busy machine.
const TIMEOUT = 10_000;

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", headless: true, args: FLAGS });
const address = name => pathToFileURL(path.resolve(samples, name)).href;
const shot = (page, name) => page.screenshot({ path: path.join(shots, `${name}.png`) });

// Opens a page with the given options of a browser context, runs `act`, and fails if the page used the network or logged an error.
async function open(name, options, act) {
  const context = await browser.newContext({ viewport: DESKTOP, ...options });
  const page = await context.newPage();
  const wrong = [];
  page.on("request", request => { if (!/^(file|data):/.test(request.url())) wrong.push(`requests ${request.url()}`); });
  page.on("pageerror", error => wrong.push(String(error)));
  page.on("console", message => { if (["error", "warning"].includes(message.type())) wrong.push(message.text()); });
  await page.goto(address(name), { timeout: TIMEOUT });
  await act(page);
  assert.deepEqual(wrong, [], name);
  await context.close();
}

const tests = [];
const test = (name, act) => tests.push([name, act]);
const sideways = page => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
const current = page => page.locator("article.current h3 code").innerText();
const source = (article, what) => article.locator(`.pane.${what} img`).getAttribute("src");

for (const [where, viewport] of [["desktop", DESKTOP], ["phone", PHONE]]) {
  for (const colorScheme of ["light", "dark"]) {
    for (const javaScriptEnabled of [true, false]) {
      const how = `${where}-${colorScheme}${javaScriptEnabled ? "" : "-plain"}`;
      test(`${how}: everything is readable and nothing overflows`, () => open("index.html", { viewport, colorScheme, javaScriptEnabled }, async page => {
        const text = (await page.locator("header, main").allTextContents()).join("\n");
        for (const part of ["6 of 186 pictures are not as expected", "imgs/damping-phase.gif", "imgs/old <&>\".gif", "unknown key `stifness`", "There is no reference", "180 as expected", "the worst is frame"]) {
          assert.ok(text.includes(part), `${how} lacks ${part}`);
        }
        for (const what of ["expected", "actual", "difference"]) {
          const image = page.locator(`article:has-text("damping-phase") .pane.${what} img`);
          await image.scrollIntoViewIfNeeded();
          const seen = await image.boundingBox();
          assert.ok(seen.width > 150 && seen.height > 150, `${what} is ${JSON.stringify(seen)}`);
        }
        if (javaScriptEnabled) assert.equal(await sideways(page), 0);
        await page.locator("header").scrollIntoViewIfNeeded();
        await shot(page, how);
        // Chromium does not paint content far outside the window. So the window gets the height of the page.
        const { height } = await page.locator("body").boundingBox();
        await page.setViewportSize({ width: viewport.width, height: Math.ceil(height) });
        await page.waitForTimeout(500);
        await shot(page, `${how}-whole`);
      }));
    }
  }
}

test("keys select pictures and frames", () => open("index.html", {}, async page => {
  const names = await page.locator("article h3 code").allInnerTexts();
  assert.equal(await current(page), names[0]);
  await page.keyboard.press("j");
  assert.equal(await current(page), names[1]);
  await page.keyboard.press("ArrowDown");
  assert.equal(await current(page), names[2]);
  await page.keyboard.press("k");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("ArrowUp");
  assert.equal(await current(page), names[0], "the first picture has no previous one");
  assert.equal(await page.locator("nav [aria-current]").count(), 1);

  const article = page.locator('article:has-text("damping-phase")');
  while (!(await current(page)).includes("damping-phase")) await page.keyboard.press("j");
  const top = (await article.boundingBox()).y;
  assert.ok(top >= 0 && top < 120, `the picture is at ${top}, below the tools`);
  const strip = article.locator(".strip");
  const at = async () => Number(await strip.getAttribute("aria-valuenow"));
  const worst = await at();
  const before = await Promise.all(["expected", "actual", "difference"].map(what => source(article, what)));
  await page.keyboard.press("ArrowRight");
  const later = await at();
  assert.ok(later > worst);
  for (const [index, what] of ["expected", "actual", "difference"].entries()) assert.notEqual(await source(article, what), before[index], what);
  assert.match(await article.locator("ol.frames li:visible").innerText(), new RegExp(`Frame ${later} `));
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("ArrowLeft");
  assert.ok(await at() < worst);
  await page.keyboard.press("w");
  assert.equal(await at(), worst);
  assert.deepEqual(await Promise.all(["expected", "actual", "difference"].map(what => source(article, what))), before);

  // A click at the end of the strip selects the last available frame.
  const place = await strip.boundingBox();
  await page.mouse.click(place.x + place.width - 2, place.y + 10);
  const shown = await article.locator("ol.frames li").evaluateAll(lines => lines.map(line => Number(line.dataset.frame)));
  assert.equal(await at(), shown.at(-1));
}));

test("the box encloses the pixels that differ", () => open("index.html", {}, async page => {
  const article = page.locator('article:has-text("damping-phase")');
  await article.scrollIntoViewIfNeeded();
  await page.mouse.click(700, 400);
  while (!(await current(page)).includes("damping-phase")) await page.keyboard.press("j");
  for (const key of ["w", "ArrowRight"]) {
    await page.keyboard.press(key);
    const off = await article.evaluate(async article => {
      const image = article.querySelector(".difference img"), box = article.querySelector(".difference .box").getBoundingClientRect();
      await image.decode();
      const canvas = Object.assign(document.createElement("canvas"), { width: image.naturalWidth, height: image.naturalHeight });
      const ink = canvas.getContext("2d");
      ink.drawImage(image, 0, 0);
      const { data } = ink.getImageData(0, 0, canvas.width, canvas.height);
      const sides = [Infinity, Infinity, -1, -1];
      for (let i = 0; i < data.length; i += 4) if (data[i] === 220 && data[i + 1] === 0) {
        const x = i / 4 % canvas.width, y = Math.floor(i / 4 / canvas.width);
        [sides[0], sides[1], sides[2], sides[3]] = [Math.min(sides[0], x), Math.min(sides[1], y), Math.max(sides[2], x + 1), Math.max(sides[3], y + 1)];
      }
      const seen = image.getBoundingClientRect(), scale = seen.width / canvas.width;
      const there = [box.left - seen.left, box.top - seen.top, box.right - seen.left, box.bottom - seen.top];
      return Math.max(...there.map((side, index) => Math.abs(side - sides[index] * scale)));
    });
    assert.ok(off < 1, `the box is ${off} pixels off`);
  }
  await page.keyboard.press("b");
  assert.equal(await page.locator(".box:visible").count(), 0);
}));

test("modes put the pictures side by side or over each other", () => open("index.html", {}, async page => {
  const article = page.locator('article:has-text("damping-phase")');
  while (!(await current(page)).includes("damping-phase")) await page.keyboard.press("j");
  const pane = what => article.locator(`.pane.${what} .stage`);
  const places = async () => Promise.all(["expected", "actual"].map(what => pane(what).boundingBox()));
  const [left, right] = await places();
  assert.ok(right.x > left.x + left.width && right.y === left.y, "side by side");

  await page.keyboard.press("2");
  const [below, above] = await places();
  assert.deepEqual(above, below, "over each other");
  assert.equal(await article.locator(".pane.difference").isVisible(), false);
  await shot(page, "slider");
  const handle = await article.locator(".wipe").boundingBox();
  await page.mouse.move(handle.x + handle.width / 2, handle.y + 40);
  await page.mouse.down();
  await page.mouse.move(above.x + above.width * 0.25, handle.y + 40, { steps: 5 });
  await page.mouse.up();
  const wipe = await article.locator(".look").evaluate(look => parseFloat(look.style.getPropertyValue("--wipe")));
  assert.ok(Math.abs(wipe - 25) < 1, `the wipe is at ${wipe}`);
  // The expected picture is left of the line, the actual one right of it.
  const seen = async x => article.locator(".panes").evaluate((panes, x) => {
    const actual = panes.querySelector(".actual .stage"), inset = getComputedStyle(actual).clipPath.match(/[\d.]+(?=%\))/);
    return x < Number(inset[0]) ? "expected" : "actual";
  }, x);
  assert.deepEqual([await seen(20), await seen(30)], ["expected", "actual"]);
  await article.locator(".wipe").focus();
  await page.keyboard.press("End");
  assert.equal(await article.locator(".wipe").getAttribute("aria-valuenow"), "100");

  await page.keyboard.press("Space");
  const visible = async () => Promise.all(["expected", "actual"].map(what => pane(what).evaluate(stage => getComputedStyle(stage).visibility === "visible")));
  assert.deepEqual(await visible(), [true, false]);
  await page.keyboard.press("Space");
  assert.deepEqual(await visible(), [false, true]);
  await page.waitForTimeout(1000);
  assert.deepEqual(await visible(), [false, true], "after a key it does not alternate");
  await shot(page, "blink");
  await page.keyboard.press("1");
  await page.keyboard.press("3");
  const sides = new Set();
  for (let look = 0; look < 20; look++) { sides.add(await page.locator("html").getAttribute("data-side")); await page.waitForTimeout(100); }
  assert.deepEqual([...sides].sort(), ["actual", "expected"], "without keys it alternates");
}));

test("reduced motion disables blinking", () => open("index.html", { reducedMotion: "reduce" }, async page => {
  await page.keyboard.press("3");
  const side = () => page.locator("html").getAttribute("data-side");
  const first = await side();
  await page.waitForTimeout(1500);
  assert.equal(await side(), first);
  await page.keyboard.press("Space");
  assert.notEqual(await side(), first);
}));

test("magnified pixels stay squares, and the difference is centered", () => open("index.html", {}, async page => {
  const article = page.locator('article:has-text("mass-on-spring.png")');
  while (!(await current(page)).includes("mass-on-spring")) await page.keyboard.press("j");
  for (let times = 0; times < 3; times++) await page.keyboard.press("+");
  const stages = await article.locator(".stage").evaluateAll(stages => stages.map(stage => {
    const seen = stage.getBoundingClientRect(), box = stage.querySelector(".box").getBoundingClientRect(), image = stage.querySelector("img");
    const middle = (low, high) => (low + high) / 2;
    return {
      scale: image.getBoundingClientRect().width / image.naturalWidth, rendering: getComputedStyle(image).imageRendering,
      off: Math.abs(middle(seen.left, seen.right) - middle(box.left, box.right)), at: [stage.scrollLeft, stage.scrollTop],
    };
  }));
  for (const { scale, rendering, off, at } of stages) {
    assert.deepEqual([scale, rendering, at], [4, "pixelated", stages[0].at]);
    assert.ok(off < 3, `the difference is ${off} pixels off the center`);
  }
  await shot(page, "zoom");
  const stage = article.locator(".expected .stage");
  await stage.focus();
  await page.keyboard.press("ArrowRight");
  await page.waitForTimeout(500);
  const after = await article.locator(".stage").evaluateAll(stages => stages.map(stage => stage.scrollLeft));
  assert.ok(after[0] > stages[0].at[0] && after.every(left => left === after[0]), "all panes scroll together");
  await page.keyboard.press("0");
  assert.equal(await page.locator("html").getAttribute("data-zoom"), null);
}));

test("help is a dialog, and the focus is visible", () => open("index.html", {}, async page => {
  await page.keyboard.press("?");
  assert.ok(await page.locator("dialog").isVisible());
  await shot(page, "help");
  await page.keyboard.press("j");
  await page.keyboard.press("Escape");
  assert.ok(!(await page.locator("dialog").isVisible()));
  const hidden = [];
  for (let stop = 0; stop < 25; stop++) {
    await page.keyboard.press("Tab");
    const seen = await page.evaluate(() => {
      const element = document.activeElement, style = getComputedStyle(element);
      const named = element.getAttribute("aria-label") || element.ariaLabel || element.textContent.trim() || element.getAttribute("aria-labelledby");
      // After the last element the focus returns to the page.
      if (element === document.body) return { ring: true, named: true };
      return { what: element.outerHTML.slice(0, 80), ring: style.outlineStyle !== "none" || style.boxShadow !== "none", named: Boolean(named) };
    });
    if (!seen.ring || !seen.named) hidden.push(seen);
  }
  assert.deepEqual(hidden, []);
}));

test("a page of two hundred changed pictures is fast", () => open("many.html", {}, async page => {
  const start = Date.now();
  assert.equal(await page.locator("article").count(), 200);
  for (let times = 0; times < 30; times++) await page.keyboard.press("j");
  assert.match(await current(page), /030\.png/);
  assert.ok(Date.now() - start < TIMEOUT);
  const far = page.locator("nav a").nth(150);
  await far.click();
  await page.waitForTimeout(1000);
  const top = (await page.locator("#p150").boundingBox()).y;
  assert.ok(top >= 0 && top < 150, `the picture is at ${top}`);
}));

test("a page without differences is short", () => open("same.html", {}, async page => {
  assert.match(await page.locator("h1").innerText(), /as expected/);
  await shot(page, "same");
}));

let failed = 0;
for (const [name, act] of tests) {
  try {
    await act();
    console.log(`ok    ${name}`);
  } catch (error) {
    failed += 1;
    console.log(`WRONG ${name}\n      ${String(error.message).replaceAll("\n", "\n      ")}`);
  }
}
await browser.close();
console.log(`${tests.length - failed} passed, ${failed} failed; screenshots are in ${shots}`);
process.exit(failed ? 1 : 0);
