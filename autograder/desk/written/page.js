"use strict";
// What the file had is the beginning; a draft that this browser kept of the very same page goes on.
const begun = document.getElementById("state").textContent;
const key = "written " + location.pathname;
let state = JSON.parse(begun);
let unsaved = false;

function kept(write) {
  try {
    if (write) localStorage.setItem(key, JSON.stringify({ begun, state }));
    else return JSON.parse(localStorage.getItem(key) || "null");
  } catch (fault) { /* no storage: Save is then the only place */ }
  return null;
}

const draft = kept(false);
if (draft && draft.begun === begun) { state = draft.state; unsaved = true; }

function make(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

function say(text) { document.getElementById("said").textContent = text; }

function changed() { unsaved = true; kept(true); draw(); }

function questionOf(element) { return state.questions[element.closest("section").dataset.cell]; }

function answerOf(article) { return questionOf(article).answers[article.dataset.student]; }

function points(question, answer) {
  const sum = answer.items.reduce((all, item) => all + question.rubric[item].points, 0);
  return Math.min(Math.max(sum, 0), question.points);
}

function tick(articles, item) {
  // All of them have it already: then nobody keeps it.
  const all = articles.every((article) => answerOf(article).items.includes(item));
  for (const article of articles) {
    const answer = answerOf(article);
    answer.items = answer.items.filter((each) => each !== item);
    if (!all) answer.items = [...answer.items, item].sort((a, b) => a - b);
  }
  changed();
}

function articlesIn(group) { return [...group.querySelectorAll("article")]; }

function drawRubric(section, question) {
  const list = section.querySelector(".rubric ol");
  while (list.children.length < question.rubric.length) {
    const place = list.children.length;
    const text = make("input", { type: "text", ariaLabel: "what it is" });
    const worth = make("input", { type: "number", step: "any", ariaLabel: "points" });
    text.addEventListener("change", () => { question.rubric[place].text = text.value; changed(); });
    worth.addEventListener("change", () => { question.rubric[place].points = Number(worth.value) || 0; changed(); });
    list.append(make("li", {}, text, " ", worth, " points"));
  }
  question.rubric.forEach((item, place) => {
    const [text, worth] = list.children[place].querySelectorAll("input");
    text.value = item.text;
    worth.value = item.points;
  });
}

function drawItems(place, question, isTicked, onTick) {
  place.replaceChildren(...question.rubric.map((item, number) => {
    const box = make("input", { type: "checkbox", checked: isTicked(number) });
    box.addEventListener("change", () => onTick(number));
    return make("label", {}, box, ` ${number + 1}. ${item.text} (${item.points})`);
  }));
}

function draw() {
  let open = 0;
  const focused = document.activeElement;
  const home = focused && focused.type === "checkbox" && focused.closest("article");
  for (const section of document.querySelectorAll("section")) {
    const question = questionOf(section);
    drawRubric(section, question);
    for (const group of section.querySelectorAll(".group")) {
      const articles = articlesIn(group);
      const all = group.previousElementSibling;
      if (articles.length > 1) {
        drawItems(all, question, (item) => articles.every((each) => answerOf(each).items.includes(item)),
          (item) => tick(articles, item));
        all.prepend("For all of them:");
      }
      for (const article of articles) {
        const answer = answerOf(article);
        drawItems(article.querySelector(".items"), question, (item) => answer.items.includes(item),
          (item) => tick([article], item));
        article.querySelector("textarea").value = answer.words;
        const decided = answer.items.length > 0;
        open += decided ? 0 : 1;
        article.querySelector(".points").textContent = decided ? `${points(question, answer)} of ${question.points}` : "open";
      }
    }
  }
  if (home) home.focus();
  say(`${open} open${unsaved ? ", not saved yet" : ""}`);
}

function save() {
  const made = JSON.parse(JSON.stringify(state));
  for (const question of Object.values(made.questions)) {
    question.answers = Object.fromEntries(Object.entries(question.answers).filter(([, answer]) => answer.items.length));
  }
  const url = URL.createObjectURL(new Blob([JSON.stringify(made, null, 1)], { type: "application/json" }));
  make("a", { href: url, download: `${state.lesson}-written.json` }).click();
  unsaved = false;
  draw();
}

function onKey(event) {
  const article = event.target.closest("article");
  const typing = event.target.matches("textarea, input[type=text], input[type=number]");
  if (event.key === "Escape" && article) { article.focus(); return; }
  if (typing || event.ctrlKey || event.altKey || event.metaKey) return;
  const all = [...document.querySelectorAll("article")];
  const step = { j: 1, k: -1 }[event.key];
  const digit = /^Digit([1-9])$/.exec(event.code);
  if (step) (all[all.indexOf(article) + step] || article || all[0])?.focus();
  else if (event.key === "s") save();
  else if (event.key === "c" && article) article.querySelector("textarea").focus();
  else if (digit && article && Number(digit[1]) <= questionOf(article).rubric.length) {
    tick(event.shiftKey ? articlesIn(article.parentElement) : [article], Number(digit[1]) - 1);
    article.focus();
  } else return;
  event.preventDefault();
}

for (const article of document.querySelectorAll("article")) {
  const words = article.querySelector("textarea");
  words.addEventListener("change", () => { answerOf(article).words = words.value; changed(); });
}
for (const button of document.querySelectorAll(".add")) {
  button.addEventListener("click", () => { questionOf(button).rubric.push({ text: "", points: 0 }); changed(); });
}
document.getElementById("save").addEventListener("click", save);
document.getElementById("names").addEventListener("change", (event) => document.body.classList.toggle("named", event.target.checked));
document.addEventListener("keydown", onKey);
window.addEventListener("beforeunload", (event) => { if (unsaved) event.preventDefault(); });
draw();
