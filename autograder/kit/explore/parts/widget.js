// The controls of one picture. Native inputs, so that a keyboard and a screen reader know them.
// Python holds the truth: `values` goes there, and comes back when Python sets it.

// Sends at once, then at most once a frame, and always the newest. While the kernel is busy, Jupyter itself
// holds the newest back, so no old picture waits in a queue.
function sender(model) {
  let waiting = false;
  let newer = false;
  return function send() {
    if (waiting) { newer = true; return; }
    waiting = true;
    model.save_changes();
    requestAnimationFrame(() => {
      waiting = false;
      if (newer) { newer = false; send(); }
    });
  };
}

function element(tag, attributes = {}, text = "") {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.textContent = text;
  return made;
}

// Steps are decimal: 0.1 * 3 must read 0.3.
function snapped(spec, value) {
  const inside = Math.min(Math.max(value, spec.min), spec.max);
  const steps = Math.round((inside - spec.min) / spec.step);
  return Math.min(Number((spec.min + steps * spec.step).toFixed(spec.digits)), spec.max);
}

function rangeRow(spec, set) {
  const row = element("div", { class: "explore-row" });
  const limits = { min: spec.min, max: spec.max, step: spec.step };
  const slider = element("input", { type: "range", "aria-label": spec.label, ...limits });
  const field = element("input", { type: "number", "aria-label": `${spec.label}, typed`, ...limits });
  slider.addEventListener("input", () => set(spec.name, snapped(spec, Number(slider.value))));
  field.addEventListener("change", () => {
    const typed = field.value === "" ? NaN : Number(field.value);
    if (Number.isFinite(typed)) set(spec.name, snapped(spec, typed));
    else set(spec.name, snapped(spec, Number(slider.value)));
  });
  row.append(element("span", { class: "name", "aria-hidden": "true" }, spec.label), slider, field);
  const show = (value) => {
    slider.value = value;
    slider.setAttribute("aria-valuetext", value.toFixed(spec.digits));
    field.value = value.toFixed(spec.digits);
  };
  return [row, show];
}

function choiceRow(spec, set) {
  const row = element("label", { class: "explore-row" });
  const select = element("select", { "aria-label": spec.label });
  for (const [value, label] of spec.options) select.append(element("option", { value }, label));
  select.addEventListener("change", () => set(spec.name, select.value));
  row.append(element("span", { class: "name" }, spec.label), select);
  return [row, (value) => { select.value = value; }];
}

function checkRow(spec, set) {
  const row = element("label", { class: "explore-row" });
  const box = element("input", { type: "checkbox" });
  box.addEventListener("change", () => set(spec.name, box.checked));
  row.append(box, element("span", {}, spec.label));
  return [row, (value) => { box.checked = value; }];
}

function revealRow(spec, set) {
  const row = element("div", { class: "explore-row" });
  const button = element("button", { type: "button", class: "strong" }, spec.label);
  button.addEventListener("click", () => set(spec.name, true));
  row.append(button);
  return [row, () => {}];
}

const ROWS = { range: rangeRow, choice: choiceRow, check: checkRow, reveal: revealRow };

// JupyterLab would take a letter for a command: `b` inserts a cell. Ctrl and Cmd shortcuts stay Jupyter's, and
// Escape leaves the control.
function keepKeys(event) {
  if (!event.ctrlKey && !event.metaKey && event.key !== "Escape") event.stopPropagation();
}

function render({ model, el }) {
  const send = sender(model);
  const root = element("div", {
    class: "explore-controls", role: "group", "aria-label": `Controls: ${model.get("title")}`,
  });
  root.addEventListener("keydown", keepKeys);
  const rows = [];

  function merge(changes) {
    const before = model.get("values");
    const values = { ...before, ...changes };
    const moved = Object.keys(changes).some(
      (name) => name !== "guess" && name !== "revealed" && changes[name] !== before[name]);
    if (moved && "revealed" in values) values.revealed = false;
    model.set("values", values);
    refresh();
    send();
  }

  function refresh() {
    const values = model.get("values");
    for (const [spec, row, show] of rows) {
      show(values[spec.name]);
      row.hidden = spec.shown !== "" && !values[spec.shown];
    }
  }

  for (const spec of model.get("controls")) {
    const [row, show] = ROWS[spec.kind](spec, (name, value) => merge({ [name]: value }));
    rows.push([spec, row, show]);
    root.append(row);
  }
  const buttons = element("div", { class: "explore-row buttons", role: "group", "aria-label": "Presets" });
  for (const preset of model.get("presets")) {
    const button = element("button", { type: "button" }, preset.label);
    button.addEventListener("click", () => merge(preset.values));
    buttons.append(button);
  }
  root.append(buttons);
  el.append(root);
  refresh();
  model.on("change:values", refresh);
  return () => model.off("change:values", refresh);
}

export default { render };
