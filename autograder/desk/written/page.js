"use strict";
// What the file has is the beginning; a draft that this browser kept goes on, also in a page that was made anew.
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

function same(one, other) { return JSON.stringify(one) === JSON.stringify(other); }

// Takes over what was ticked and written since the draft's page was made, of answers that are still the same and were
// not given anything else meanwhile.
function takeOver(draft) {
  const before = JSON.parse(draft.begun).questions;
  for (const [cell, question] of Object.entries(state.questions)) {
    const [old, mine] = [before[cell], draft.state.questions[cell]];
    if (!old || !(same(old.rubric, question.rubric) || same(mine.rubric, question.rubric))) continue;
    question.rubric = mine.rubric;
    for (const [student, answer] of Object.entries(question.answers)) {
      if (!same(answer, old.answers[student])) continue;
      if (!same(answer, mine.answers[student])) unsaved = true;
      question.answers[student] = mine.answers[student];
    }
  }
}

const draft = kept(false);
if (draft) takeOver(draft);

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

function areAlike(group) { return !group.classList.contains("alone"); }

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
  const boxes = document.activeElement.closest(".items, .all");
  const at = boxes ? [...boxes.querySelectorAll("input")].indexOf(document.activeElement) : -1;
  for (const section of document.querySelectorAll("section")) {
    const question = questionOf(section);
    drawRubric(section, question);
    for (const group of section.querySelectorAll(".group")) {
      const articles = articlesIn(group);
      const all = group.previousElementSibling;
      if (areAlike(group)) {
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
  if (boxes) boxes.querySelectorAll("input")[at]?.focus();
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
    const all = event.shiftKey && areAlike(article.parentElement);
    tick(all ? articlesIn(article.parentElement) : [article], Number(digit[1]) - 1);
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
