// What a reading page does by itself: pictures behind buttons, search, dark and light, scrolling by keyboard.

const all = (selector, root = document) => [...root.querySelectorAll(selector)];

function made(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

// A box that scrolls can be reached with the Tab key, and says what it is; one that does not is no stop.
function watchScrolling(root = document) {
  const mark = (box) => {
    if (box.scrollWidth > box.clientWidth + 1) {
      box.tabIndex = 0;
      box.setAttribute("role", "group");
      box.setAttribute("aria-label", box.dataset.name);
    } else {
      for (const name of ["tabindex", "role", "aria-label"]) box.removeAttribute(name);
    }
  };
  const observer = new ResizeObserver((entries) => entries.forEach((entry) => mark(entry.target)));
  for (const box of all(".scroll", root)) {
    observer.observe(box);
    for (const image of all("img", box)) image.addEventListener("load", () => mark(box));
  }
}

// Each button shows its picture. Where one guesses first, the picture holds something back until "Reveal".
function bringAlive(figure) {
  if (!figure.querySelector("button[data-picture]")) return;
  const shown = figure.querySelector(".shown");
  const reveal = figure.querySelector(".reveal");
  const buttons = all("button[data-picture]", figure);
  let current = "0";
  const show = (kind) => {
    const picture = figure.querySelector(`template[data-${kind}="${current}"]`);
    shown.replaceChildren(picture.content.cloneNode(true));
    watchScrolling(shown);
    if (reveal) reveal.disabled = kind === "picture";
  };
  for (const button of buttons) {
    button.addEventListener("click", () => {
      current = button.dataset.picture;
      for (const each of buttons) each.setAttribute("aria-pressed", String(each === button));
      show(reveal ? "guess" : "picture");
    });
  }
  figure.querySelector(".buttons").hidden = buttons.length + (reveal ? 1 : 0) < 2;
  if (!reveal) return;
  reveal.addEventListener("click", () => show("picture"));
  show("guess");
  addEventListener("beforeprint", () => show("picture"));
}

const THEMES = ["auto", "light", "dark"];
function switchThemes(button) {
  // A browser may forbid a page to store anything: then the choice holds for this page.
  const kept = () => { try { return localStorage.getItem("theme"); } catch { return null; } };
  const keep = (theme) => { try { localStorage.setItem("theme", theme); } catch { /* see above */ } };
  let theme = THEMES.includes(kept()) ? kept() : "auto";
  const show = () => {
    if (theme === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    button.textContent = `Colours: ${theme}`;
  };
  button.addEventListener("click", () => {
    theme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length];
    keep(theme);
    show();
  });
  show();
  button.hidden = false;
}

let index = null;
function loadIndex() {
  index ??= new Promise((loaded, failed) => {
    const script = made("script", { src: "search-index.js" });
    script.addEventListener("load", () => loaded(window.courseIndex));
    script.addEventListener("error", failed);
    document.head.append(script);
  });
  return index;
}

// Every word must stand somewhere in a section; a word in a heading weighs more than one in the text.
function matches(sections, words) {
  const scored = [];
  for (const [address, title, lesson, text] of sections) {
    const head = title.toLowerCase(), body = text.toLowerCase();
    let score = 0;
    const everywhere = words.every((word) => {
      const times = body.split(word).length - 1;
      score += (head.includes(word) ? 20 : 0) + Math.min(times, 10);
      return head.includes(word) || times > 0;
    });
    if (everywhere) scored.push({ address, title, lesson, text, score });
  }
  return scored.sort((a, b) => b.score - a.score);
}

function excerpt(text, word) {
  const place = Math.max(text.toLowerCase().indexOf(word), 0);
  const start = Math.max(place - 60, 0);
  const parts = text.slice(start, place + 140);
  const at = place - start;
  const hit = text.toLowerCase().includes(word);
  const line = made("p");
  line.append(start ? "... " : "", parts.slice(0, at));
  if (hit) line.append(made("mark", {}, parts.slice(at, at + word.length)));
  line.append(parts.slice(at + (hit ? word.length : 0)), " ...");
  return line;
}

function search(form) {
  const field = form.querySelector("input");
  const found = document.getElementById("found");
  const close = () => { found.hidden = true; found.replaceChildren(); };
  async function look() {
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    if (!words.length) return close();
    let results;
    try {
      results = matches(await loadIndex(), words);
    } catch {
      found.replaceChildren(made("p", { role: "status" }, "The search index could not be loaded: reload the page."));
      found.hidden = false;
      return undefined;
    }
    const count = results.length === 1 ? "1 section" : `${results.length} sections`;
    const list = made("ol");
    for (const each of results.slice(0, 20)) {
      const link = made("a", { href: each.address }, each.title);
      link.addEventListener("click", () => { field.value = ""; close(); });
      list.append(made("li", {}, link, " ", made("small", {}, each.lesson), excerpt(each.text, words[0])));
    }
    found.replaceChildren(made("p", { role: "status" }, results.length ? count : `Nothing has all of: ${words.join(" ")}`), list);
    found.hidden = false;
    return undefined;
  }
  field.addEventListener("input", look);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    look().then(() => found.querySelector("a")?.focus());
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !found.hidden) { close(); field.focus(); }
  });
  form.hidden = false;
}

all(".explorable").forEach(bringAlive);
all(".theme").forEach(switchThemes);
all("form.search").forEach(search);
watchScrolling();
const contents = document.querySelector(".contents details");
if (contents && matchMedia("(max-width: 67.99rem)").matches) contents.open = false;
addEventListener("beforeprint", () => all("details").forEach((each) => { each.open = true; }));
