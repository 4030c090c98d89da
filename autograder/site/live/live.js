// Makes the pictures of a page move and its exercises answer. Python starts at the reader's first touch.
import { keepFiles, loaded } from "./keeping.js";
import widget from "./widget.js";

const PYODIDE = new URL("work/pyodide/", document.baseURI).href;

let worker = null;
let ready = null;
let next = 0;
const waiting = new Map();

function ask(kind, ...args) {
  return new Promise((resolve, reject) => {
    const id = next++;
    waiting.set(id, { resolve, reject });
    worker.postMessage({ id, kind, args });
  });
}

function start() {
  if (ready) return ready;
  if (typeof WebAssembly !== "object" || typeof Worker !== "function") {
    ready = Promise.reject(new Error("this browser cannot run Python (it has no WebAssembly)"));
    return ready;
  }
  worker = new Worker(new URL("live-worker.js", import.meta.url), { type: "module" });
  worker.addEventListener("message", ({ data: { id, value, error } }) => {
    const { resolve, reject } = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) resolve(value);
    else reject(new Error(error));
  });
  worker.addEventListener("error", () => {
    for (const { reject } of waiting.values()) reject(new Error("the script that runs Python could not be loaded"));
    waiting.clear();
  });
  ready = ask("start", PYODIDE).then((seen) => { keepFiles({ seen, pages: true }); });
  return ready;
}

addEventListener("load", () => keepFiles({ seen: [location.href, ...loaded()] }));

// Python's pictures come as HTML of the kit's own; here they get what every picture of the page has.
function framed(html) {
  const shown = document.createElement("template");
  shown.innerHTML = html;
  for (const image of shown.content.querySelectorAll("img")) {
    const box = document.createElement("div");
    box.className = "picture scroll";
    box.dataset.name = "Picture";
    image.style.minWidth = `${Math.round(image.width * 0.8)}px`;
    image.replaceWith(box);
    box.append(image);
  }
  for (const cell of shown.content.querySelectorAll("td")) {
    if (/^[-+]?[\d.,]+(e[-+]?\d+)?%?$|^(nan|-?inf(inity)?)$/i.test(cell.textContent.trim())) cell.className = "number";
  }
  for (const table of shown.content.querySelectorAll("table")) {
    const box = document.createElement("div");
    box.className = "scroll";
    box.dataset.name = "Table";
    table.replaceWith(box);
    box.append(table);
  }
  return shown.content;
}

const live = [];

function makeLive(figure, number) {
  const { call, names, start: spec } = JSON.parse(figure.querySelector("script.live").textContent);
  const shown = figure.querySelector(".shown");
  const status = figure.querySelector(".status");
  const guess = figure.querySelector('template[data-guess="0"]');
  const values = { ...spec.values };
  const listeners = [];
  const panel = { names, made: false, busy: false, newer: false };
  if (guess) shown.replaceChildren(guess.content.cloneNode(true));

  async function draw() {
    if (panel.busy) { panel.newer = true; return; }
    panel.busy = true;
    try {
      if (!panel.made) {
        status.textContent = "Starting Python. The first time it is loaded: about 18 MB.";
        await start();
      }
      do {
        panel.newer = false;
        const made = panel.made
          ? await ask("move", String(number), JSON.stringify(values))
          : await ask("make", String(number), call, JSON.stringify(names), JSON.stringify(values));
        panel.made = true;
        status.textContent = "";
        // A newer move is on its way: its values stay as the reader's hand has them.
        if (!panel.newer) {
          shown.replaceChildren(framed(made.html));
          watchScrolling(shown);
          Object.assign(values, made.values);
          spec.grips = made.grips;
          for (const listener of listeners) listener();
        }
      } while (panel.newer);
    } catch (error) {
      status.textContent = `The picture stays as it is: ${error.message}.`;
    } finally {
      panel.busy = false;
    }
  }

  panel.redraw = () => { panel.made = false; draw(); };
  // The same controls as in the notebook: of a model they need no more than this.
  const model = {
    get: (name) => (name === "values" ? { ...values } : spec[name]),
    set: (name, value) => { if (name === "values") Object.assign(values, value); },
    save_changes: draw,
    on: (_, listener) => listeners.push(listener),
    off: () => {},
  };
  const box = figure.querySelector(".controls");
  widget.render({ model, el: box });
  for (const touch of ["pointerdown", "keydown"]) {
    box.addEventListener(touch, () => { if (!panel.made) draw(); }, { once: true });
  }
  live.push(panel);
}

function kept(name) { try { return localStorage.getItem(name); } catch { return null; } }
function keep(name, text) { try { localStorage.setItem(name, text); return true; } catch { return false; } }

function makeWritable(exercise) {
  const name = exercise.dataset.exercise;
  const stub = exercise.querySelector("template.source").content.textContent;
  const hints = exercise.querySelectorAll("template.hint");
  const button = exercise.querySelector(".write");
  const store = `page:${name}`;
  const open = () => {
    const label = document.createElement("label");
    label.textContent = `Your ${name}`;
    const field = document.createElement("textarea");
    field.id = `write-${name}`;
    label.htmlFor = field.id;
    field.spellcheck = false;
    field.value = kept(store) ?? stub;
    field.rows = field.value.split("\n").length + 3;
    const check = document.createElement("button");
    check.type = "button";
    check.textContent = "Check it";
    const again = document.createElement("button");
    again.type = "button";
    again.textContent = "Start over";
    const result = document.createElement("div");
    result.className = "result";
    result.setAttribute("role", "status");
    field.addEventListener("input", () => {
      if (!keep(store, field.value)) result.textContent = "This browser keeps nothing for this page: copy what you write.";
    });
    field.addEventListener("keydown", (event) => indent(event, field));
    again.addEventListener("click", () => {
      field.value = stub;
      keep(store, stub);
      field.focus();
    });
    check.addEventListener("click", async () => {
      check.disabled = true;
      result.textContent = ready ? "Checking." : "Starting Python. The first time it is loaded: about 18 MB.";
      try {
        await start();
        const found = await ask("define", name, field.value);
        result.innerHTML = found.html;
        // A report has its hints as a notebook would read them; here their formulas are drawn already.
        result.querySelectorAll("details").forEach((fold, place) => {
          const text = fold.querySelector(":scope > div");
          if (text && hints[place]) text.replaceChildren(hints[place].content.cloneNode(true));
        });
        if (found.written) for (const panel of live) if (panel.names.includes(name)) panel.redraw();
      } catch (error) {
        result.textContent = `It could not be checked: ${error.message}.`;
      } finally {
        check.disabled = false;
      }
    });
    const buttons = document.createElement("p");
    buttons.append(check, " ", again);
    exercise.querySelector("pre").replaceWith(label, field);
    button.replaceWith(buttons, result);
    return field;
  };
  button.addEventListener("click", () => open().focus());
  button.hidden = false;
  if (kept(store) !== null && kept(store) !== stub) open();
}

// Enter keeps the line's indentation, and one more step after a colon. Tab leaves the field, as everywhere.
function indent(event, field) {
  if (event.key !== "Enter" || event.ctrlKey || event.metaKey || event.isComposing) return;
  const before = field.value.slice(0, field.selectionStart).split("\n").at(-1);
  const margin = before.match(/^ */)[0] + (before.trimEnd().endsWith(":") ? "    " : "");
  event.preventDefault();
  field.setRangeText(`\n${margin}`, field.selectionStart, field.selectionEnd, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

document.querySelectorAll("figure.explorable:has(script.live)").forEach(makeLive);
document.querySelectorAll(".exercise").forEach(makeWritable);

const taste = document.getElementById("taste");
if (taste) {
  const frames = [...taste.querySelectorAll("template")];
  const shown = taste.querySelector(".shown");
  const slider = taste.querySelector("input");
  const show = () => {
    shown.replaceChildren(frames[slider.value].content.cloneNode(true));
    slider.setAttribute("aria-valuetext", shown.querySelector("img").alt);
  };
  slider.addEventListener("input", show);
}
