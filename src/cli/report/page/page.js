// What a page needs to be looked through quickly. Everything is on it already: this lays pictures over each
// other, shows other frames, magnifies, and listens to keys. State stands in attributes of the root, which
// the style reads, so that one mode holds for all pictures and two hundred of them cost no more than one.
"use strict";
(() => {
  const root = document.documentElement;
  const articles = [...document.querySelectorAll("article")];
  const main = document.querySelector("main");
  const ZOOMS = [0, 1, 2, 4, 8];  // 0 fits
  const BLINK = 700;  // milliseconds a side: under three flashes a second

  root.classList.add("js");
  root.dataset.mode = "side";
  root.dataset.box = "";
  const SIDES = ["expected", "actual", "difference"];
  let current = -1, zoom = 0, timer = 0;

  const make = (name, properties = {}, ...children) => {
    const element = Object.assign(document.createElement(name), properties);
    element.append(...children);
    return element;
  };
  const stages = look => [...look.querySelectorAll(".stage")];
  const clamp = (value, low, high) => Math.min(high, Math.max(low, value));

  // The worst frame stands in the page; the pictures of others are parsed when the first of them is asked for.
  let shown = null;
  const pictures = entry => (shown ??= JSON.parse(document.getElementById("kymo-report").textContent).shown)[entry];

  // --- frames -----------------------------------------------------------------------------------------
  const films = new Map();
  for (const article of articles) {
    const look = article.querySelector(".look");
    if (!look) continue;
    const lines = [...look.querySelectorAll("ol.frames li")];
    const film = { article, look, lines, marks: [...look.querySelectorAll(".marks i")], at: lines.findIndex(line => line.classList.contains("chosen")) };
    film.worst = film.at;
    film.first = Object.fromEntries(SIDES.map(what => [what, look.querySelector(`.pane.${what} img`)?.src]));
    films.set(article, film);
    if (look.querySelector(".expected") && look.querySelector(".actual")) look.classList.add("both");
    look.style.setProperty("--wipe", "50%");
    follow(look);
    if (look.classList.contains("both")) wiping(look);
    if (lines.length > 1) scrubbing(film);
  }

  function frame(film, at) {
    at = clamp(at, 0, film.lines.length - 1);
    if (at === film.at) return;
    const { look, lines, marks } = film;
    [lines, marks].forEach(all => { all[film.at]?.classList.remove("chosen"); all[at]?.classList.add("chosen"); });
    film.at = at;
    const pngs = at === film.worst ? film.first : pictures(film.article.dataset.entry)[at];
    for (const what of SIDES) {
      const image = look.querySelector(`.pane.${what} img`);
      if (!image) continue;
      image.style.visibility = pngs[what] ? "" : "hidden";
      if (pngs[what]) image.src = at === film.worst ? pngs[what] : `data:image/png;base64,${pngs[what]}`;
    }
    const sides = lines[at].dataset.box?.split(" ").map(Number);
    const [w, h] = measures(look);
    for (const box of look.querySelectorAll(".box")) {
      box.hidden = !sides;
      if (!sides) continue;
      const [left, top, right, bottom] = sides;
      Object.assign(box.style, { left: `${100 * left / w}%`, top: `${100 * top / h}%`, width: `${100 * (right - left) / w}%`, height: `${100 * (bottom - top) / h}%` });
    }
    lines[at].prepend(film.step);
    film.tell();
  }

  const measures = look => ["--w", "--h"].map(name => Number(look.style.getPropertyValue(name)));

  // The strip becomes a slider over the frames that are shown.
  function scrubbing(film) {
    const { look, lines } = film, strip = look.querySelector(".strip");
    const button = (label, title, by) => make("button", { type: "button", textContent: label, title, ariaLabel: title, onclick: () => { select(film.article); frame(film, by()); } });
    const [back, on] = [button("‹", "Frame before (←)", () => film.at - 1), button("›", "Frame after (→)", () => film.at + 1)];
    film.step = make("span", { className: "step" }, back, on);
    film.tell = () => {
      back.disabled = film.at === 0;
      on.disabled = film.at === lines.length - 1;
      strip?.setAttribute("aria-valuenow", lines[film.at].dataset.frame);
      strip?.setAttribute("aria-valuetext", lines[film.at].textContent.replace(/^[‹›]+/, ""));
    };
    lines[film.at].prepend(film.step);
    if (!strip) return film.tell();
    const number = index => Number(lines[index].dataset.frame);
    const last = Number(strip.dataset.frames) - 1;
    Object.entries({ role: "slider", tabindex: 0, "aria-valuemin": 0, "aria-valuemax": last, "aria-label": "Frame" }).forEach(([name, value]) => strip.setAttribute(name, value));
    strip.setAttribute("aria-label", "Frames that are shown");
    film.tell();
    drag(strip, event => {
      const { left, width } = strip.getBoundingClientRect();
      const wanted = (last + 1) * (event.clientX - left) / width - 0.5;
      const away = index => Math.abs(number(index) - wanted);
      select(film.article);
      frame(film, lines.map((_, index) => index).reduce((best, index) => away(index) < away(best) ? index : best, 0));
    });
  }

  function drag(element, move) {
    element.addEventListener("pointerdown", event => {
      if (event.button !== 0) return;
      element.setPointerCapture(event.pointerId);
      move(event);
    });
    element.addEventListener("pointermove", event => { if (element.hasPointerCapture(event.pointerId)) move(event); });
  }

  // --- one over the other -----------------------------------------------------------------------------
  function wiping(look) {
    const area = look.querySelector(".actual .frame");
    const handle = make("div", { className: "wipe", tabIndex: 0, role: "slider", ariaLabel: "Expected to the left, actual to the right", ariaValueMin: 0, ariaValueMax: 100 });
    let at = 50;
    const put = percent => {
      at = clamp(percent, 0, 100);
      look.style.setProperty("--wipe", `${at}%`);
      handle.ariaValueNow = Math.round(at);
      handle.ariaValueText = `${Math.round(at)} % expected`;
    };
    put(at);
    drag(handle, event => {
      const { left, width } = area.getBoundingClientRect();
      put(100 * (event.clientX - left) / width);
    });
    handle.addEventListener("keydown", event => {
      const steps = { ArrowLeft: -2, ArrowRight: 2, PageDown: -20, PageUp: 20, Home: -100, End: 100 };
      if (!(event.key in steps)) return;
      put(at + steps[event.key]);
      event.preventDefault();
      event.stopPropagation();
    });
    area.append(handle);
  }

  function mode(name) {
    if (name === "blink" && root.dataset.mode === "blink") return timer ? still() : alternate();
    still();
    root.dataset.mode = name;
    if (name === "blink") { root.dataset.side = "actual"; alternate(); }
    refresh();
  }

  const flip = () => { root.dataset.side = root.dataset.side === "actual" ? "expected" : "actual"; };
  function still() { clearInterval(timer); timer = 0; }
  function alternate() {
    if (!matchMedia("(prefers-reduced-motion: reduce)").matches) timer = setInterval(flip, BLINK);
  }

  // By hand: a press shows the other side, and it stays.
  function blink() {
    still();
    if (root.dataset.mode !== "blink") { root.dataset.mode = "blink"; root.dataset.side = "actual"; }
    flip();
    refresh();
  }

  // --- near and far -----------------------------------------------------------------------------------
  // All sheets of a picture are scrolled alike; dragging scrolls.
  function follow(look) {
    const all = stages(look);
    for (const stage of all) {
      stage.addEventListener("scroll", () => {
        for (const other of all) if (other !== stage) {
          if (other.scrollLeft !== stage.scrollLeft) other.scrollLeft = stage.scrollLeft;
          if (other.scrollTop !== stage.scrollTop) other.scrollTop = stage.scrollTop;
        }
      }, { passive: true });
      stage.addEventListener("pointermove", event => {
        if (event.buttons === 1 && event.pointerType === "mouse" && zoom) stage.scrollBy(-event.movementX, -event.movementY);
      });
    }
  }

  // Keeps in the middle what was there; from the whole it goes to what differs.
  function magnify(to) {
    to = clamp(to, 0, ZOOMS.length - 1);
    if (to === zoom) return;
    const centers = [...films.values()].filter(film => near(film.article)).map(film => [film, center(film.look)]);
    const top = articles[current]?.getBoundingClientRect().top;
    zoom = to;
    if (ZOOMS[zoom]) {
      root.dataset.zoom = ZOOMS[zoom];
      root.style.setProperty("--zoom", ZOOMS[zoom]);
    } else delete root.dataset.zoom;
    for (const stage of document.querySelectorAll(".stage")) {
      if (zoom) stage.tabIndex = 0; else stage.removeAttribute("tabindex");
    }
    for (const [film, [x, y]] of centers) for (const stage of stages(film.look)) {
      stage.scrollTo(x * stage.scrollWidth - stage.clientWidth / 2, y * stage.scrollHeight - stage.clientHeight / 2);
    }
    if (top !== undefined) scrollBy(0, articles[current].getBoundingClientRect().top - top);
    refresh();
  }

  const near = article => { const { top, bottom } = article.getBoundingClientRect(); return bottom > -innerHeight && top < 2 * innerHeight; };

  function center(look) {
    const stage = stages(look).find(stage => stage.offsetParent), box = stage?.querySelector(".box:not([hidden])");
    if (!stage || (!zoom && !box)) return [0.5, 0.5];
    if (zoom) return [(stage.scrollLeft + stage.clientWidth / 2) / stage.scrollWidth, (stage.scrollTop + stage.clientHeight / 2) / stage.scrollHeight];
    const part = name => parseFloat(box.style[name]) / 100;
    return [part("left") + part("width") / 2, part("top") + part("height") / 2];
  }

  // --- which picture ----------------------------------------------------------------------------------
  const links = new Map([...document.querySelectorAll("nav a")].map(link => [link.hash.slice(1), link]));

  function select(article) {
    const index = articles.indexOf(article);
    if (index === current) return;
    articles[current]?.classList.remove("current");
    links.get(articles[current]?.id)?.removeAttribute("aria-current");
    current = index;
    article.classList.add("current");
    const link = links.get(article.id), nav = link?.closest("nav");
    link?.setAttribute("aria-current", "true");
    if (nav?.offsetParent) {
      const above = link.offsetTop - nav.scrollTop, over = above + link.offsetHeight - nav.clientHeight;
      if (above < 0) nav.scrollTop += above - 40; else if (over > 0) nav.scrollTop += over + 40;
    }
  }

  // While keys lead, where the page has scrolled to does not decide.
  let led = 0;
  function go(index) {
    const article = articles[clamp(index, 0, articles.length - 1)];
    if (!article) return;
    led = performance.now();
    select(article);
    article.focus({ preventScroll: true });
    article.scrollIntoView({ block: "start" });
  }

  let asked = false;
  addEventListener("scroll", () => {
    if (asked || performance.now() - led < 400) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      const line = innerHeight / 3;
      const over = articles.find(article => article.getBoundingClientRect().bottom > line);
      if (over) select(over);
    });
  }, { passive: true });
  // A browser would drag the picture away.
  main.addEventListener("dragstart", event => event.preventDefault());
  main.addEventListener("pointerdown", event => { const article = event.target.closest("article"); if (article) select(article); });

  // --- tools and keys ---------------------------------------------------------------------------------
  const MODES = [["side", "Side by side", "1"], ["slider", "Slider", "2"], ["blink", "Blink", "3"]];
  const KEYS = [
    [["j", "↓"], "next picture"], [["k", "↑"], "picture before"], [["←", "→"], "frame before, frame after"], [["w"], "worst frame"],
    [["1", "2", "3"], "side by side, slider, blink"], [["Space"], "blink by hand: the other side"], [["+", "−"], "nearer, farther, centerd on what differs"],
    [["0"], "fit the picture"], [["b"], "box round what differs"], [["?"], "this list"],
  ];
  const press = (label, title, act) => make("button", { type: "button", textContent: label, title, onclick: event => { act(); if (event.detail) event.currentTarget.blur(); } });
  const buttons = MODES.map(([name, label, key]) => [name, press(label, `${label} (${key})`, () => mode(name))]);
  const scale = make("output", { ariaLabel: "Magnification" });
  const [out, into] = [press("−", "Farther (−)", () => magnify(zoom - 1)), press("+", "Nearer (+)", () => magnify(zoom + 1))];
  const outline = press("Box", "Box round what differs (b)", () => box());
  const help = make("dialog", { ariaLabel: "Keys" },
    make("h2", { textContent: "Keys" }),
    make("dl", {}, ...KEYS.flatMap(([keys, what]) => [make("dt", {}, ...keys.flatMap(key => [make("kbd", { textContent: key }), " "])), make("dd", { textContent: what })])),
    make("form", { method: "dialog" }, make("button", { textContent: "Close" })));
  const keys = press("Keys", "Keys (?)", () => help.showModal());
  const group = (label, ...children) => { const element = make("div", { className: "group", ariaLabel: label }, ...children); element.setAttribute("role", "group"); return element; };
  if (films.size) {
    const tools = make("div", { className: "tools", ariaLabel: "How pictures are shown" },
      group("Mode", ...buttons.map(([, button]) => button)), group("Magnification", out, scale, into), group("Box", outline), make("span", { className: "spring" }), group("Help", keys));
    tools.setAttribute("role", "toolbar");
    main.prepend(tools);
  }
  document.body.append(help);

  function box() {
    if ("box" in root.dataset) delete root.dataset.box; else root.dataset.box = "";
    refresh();
  }

  function refresh() {
    for (const [name, button] of buttons) button.ariaPressed = String(root.dataset.mode === name);
    outline.ariaPressed = String("box" in root.dataset);
    scale.value = zoom ? `${ZOOMS[zoom]} ×` : "fit";
    out.disabled = zoom === 0;
    into.disabled = zoom === ZOOMS.length - 1;
  }
  refresh();

  addEventListener("keydown", event => {
    if (event.ctrlKey || event.altKey || event.metaKey || help.open) return;
    const { key, target } = event;
    if (target.closest("input, textarea, select") || (target.closest("button, a, summary") && (key === " " || key === "Enter"))) return;
    // A magnified picture that has the focus is scrolled by arrows.
    const inside = target.classList.contains("stage");
    const film = films.get(articles[current]);
    const acts = {
      j: () => go(current + 1), k: () => go(current - 1),
      ArrowDown: inside ? null : () => go(current + 1), ArrowUp: inside ? null : () => go(current - 1),
      ArrowLeft: inside ? null : () => film?.step && frame(film, film.at - 1), ArrowRight: inside ? null : () => film?.step && frame(film, film.at + 1),
      w: () => film?.step && frame(film, film.worst),
      1: () => mode("side"), 2: () => mode("slider"), 3: () => mode("blink"), " ": blink,
      "+": () => magnify(zoom + 1), "=": () => magnify(zoom + 1), "-": () => magnify(zoom - 1), 0: () => magnify(0),
      b: box, "?": () => help.showModal(),
    };
    const act = acts[key];
    if (!act) return;
    event.preventDefault();
    act();
  });

  if (location.hash) { const article = articles.find(article => `#${article.id}` === location.hash); if (article) select(article); }
  if (current < 0 && articles.length) select(articles[0]);
})();
