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

// A grid to draw on, as the digits of the file were made: the pen is a round spot on four times as many dots each way,
// and a cell's ink is how many of its 16 dots are black. With the keyboard: arrows, and the space bar for more ink.
function inkRow(spec, set) {
  const { side, most } = spec;
  const fine = 4 * side;
  const row = element("div", { class: "explore-row explore-ink-row" });
  const help = "Draw with the mouse or a finger. Keys: arrows move, space adds ink, Delete takes it away.";
  const grid = element("div", { class: "explore-ink", role: "grid", "aria-label": `${spec.label}. ${help}` });
  const cells = [];
  let ink = new Array(side * side).fill(0);
  let dots = new Uint8Array(fine * fine);
  for (let line = 0; line < side; line += 1) {
    const across = element("div", { class: "explore-ink-line", role: "row" });
    for (let column = 0; column < side; column += 1) {
      const cell = element("div", { role: "gridcell", tabindex: cells.length ? "-1" : "0" });
      cells.push(cell);
      across.append(cell);
    }
    grid.append(across);
  }
  const dot = (place, part) => {
    const [line, column] = [Math.floor(place / side), place % side];
    return (4 * line + Math.floor(part / 4)) * fine + 4 * column + (part % 4);
  };
  const show = (value) => {
    ink = [...value];
    cells.forEach((cell, place) => {
      cell.style.setProperty("--ink", `${(100 * ink[place]) / most}%`);
      const where = `line ${Math.floor(place / side) + 1}, column ${(place % side) + 1}`;
      cell.setAttribute("aria-label", `${where}: ${ink[place]} of ${most}`);
      let black = 0;
      for (let part = 0; part < 16; part += 1) black += dots[dot(place, part)];
      // What did not come from the pen (a button, a key) has so many dots, from the top.
      if (black !== ink[place]) for (let part = 0; part < 16; part += 1) dots[dot(place, part)] = part < ink[place] ? 1 : 0;
    });
  };
  const put = (place, amount) => {
    const changed = [...ink];
    changed[place] = Math.min(Math.max(amount, 0), most);
    set(spec.name, changed);
  };
  const stamp = (x, y) => {
    for (let line = Math.floor(y - 2); line <= y + 2; line += 1) {
      for (let column = Math.floor(x - 2); column <= x + 2; column += 1) {
        const inside = line >= 0 && column >= 0 && line < fine && column < fine;
        if (inside && (column + 0.5 - x) ** 2 + (line + 0.5 - y) ** 2 <= 3.2) dots[line * fine + column] = 1;
      }
    }
  };
  let last = null;
  const draw = (event) => {
    const box = grid.getBoundingClientRect();
    const here = [((event.clientX - box.left) / box.width) * fine, ((event.clientY - box.top) / box.height) * fine];
    const from = last ?? here;
    const steps = Math.max(1, Math.ceil(Math.hypot(here[0] - from[0], here[1] - from[1])));
    for (let step = 1; step <= steps; step += 1) {
      stamp(from[0] + ((here[0] - from[0]) * step) / steps, from[1] + ((here[1] - from[1]) * step) / steps);
    }
    last = here;
    set(spec.name, cells.map((_, place) => {
      let black = 0;
      for (let part = 0; part < 16; part += 1) black += dots[dot(place, part)];
      return black;
    }));
  };
  grid.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    event.preventDefault();
    grid.setPointerCapture(event.pointerId);
    last = null;
    draw(event);
  });
  grid.addEventListener("pointermove", (event) => { if (grid.hasPointerCapture(event.pointerId)) draw(event); });
  const STEPS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
  grid.addEventListener("keydown", (event) => {
    const place = cells.indexOf(document.activeElement);
    if (place < 0) return;
    if (event.key === " " || event.key === "Enter") put(place, ink[place] >= most ? 0 : ink[place] + most / 2);
    else if (event.key === "Delete" || event.key === "Backspace") put(place, 0);
    else if (event.key in STEPS) {
      const line = Math.min(Math.max(Math.floor(place / side) + STEPS[event.key][0], 0), side - 1);
      const column = Math.min(Math.max((place % side) + STEPS[event.key][1], 0), side - 1);
      const next = cells[line * side + column];
      cells[place].tabIndex = -1;
      next.tabIndex = 0;
      next.focus();
    } else return;
    event.preventDefault();
  });
  row.append(grid, element("p", { class: "explore-ink-help", "aria-hidden": "true" }, help));
  return [row, show];
}

function revealRow(spec, set) {
  const row = element("div", { class: "explore-row" });
  const button = element("button", { type: "button", class: "strong" }, spec.label);
  button.addEventListener("click", () => set(spec.name, true));
  row.append(button);
  return [row, () => {}];
}

const ROWS = { range: rangeRow, choice: choiceRow, check: checkRow, ink: inkRow, reveal: revealRow };

// JupyterLab would take a letter for a command: `b` inserts a cell. Ctrl and Cmd shortcuts stay Jupyter's.
// Escape leaves the control for the cell around it, where Jupyter's own keys work again.
function keepKeys(event) {
  if (event.ctrlKey || event.metaKey) return;
  event.stopPropagation();
  if (event.key !== "Escape") return;
  event.preventDefault();
  const around = event.currentTarget.parentElement.closest("[tabindex]");
  if (around) around.focus();
  if (event.currentTarget.contains(document.activeElement)) document.activeElement.blur();
}

// Tells a screen reader of the new picture, once it has stood for a moment: not of every one on a slider's way.
function announcer(model, place) {
  let timer;
  return function announce() {
    clearTimeout(timer);
    timer = setTimeout(() => { place.textContent = model.get("said"); }, 700);
  };
}

// Each new picture comes with its numbers folded. Who opened them wants them open. And a picture that has no room
// moves sideways: with the arrow keys, too.
function tend(output) {
  let open = false;
  const tidy = () => {
    if (open) for (const folded of output.querySelectorAll("details:not([open])")) folded.open = true;
    for (const frame of output.querySelectorAll(".explore-frame")) {
      if (frame.scrollWidth <= frame.clientWidth || frame.tabIndex === 0) continue;
      frame.tabIndex = 0;
      frame.setAttribute("role", "group");
      frame.setAttribute("aria-label", "The picture, which moves sideways");
    }
  };
  const seen = (event) => { if (event.target.matches?.("details")) open = event.target.open; };
  const watcher = new MutationObserver(tidy);
  const sized = new ResizeObserver(tidy);
  output.addEventListener("toggle", seen, true);
  watcher.observe(output, { childList: true, subtree: true });
  sized.observe(output);
  return () => { watcher.disconnect(); sized.disconnect(); output.removeEventListener("toggle", seen, true); };
}

// Rings over what can be dragged in the picture that follows the controls. A drag sets sliders, by as much of their value
// as Python says for each pixel; the ring goes where the next picture has it. The pictures change on the way, so it is
// the controls that follow the pointer.
function gripper(around, root, model, merge) {
  const sliders = Object.fromEntries(model.get("controls").map((spec) => [spec.name, spec]));
  const rings = [];
  let held = null;
  const grips = () => model.get("grips") ?? [];
  const picture = () => [...around.querySelectorAll("img.explore-picture")].find(
    (image) => root.compareDocumentPosition(image) & Node.DOCUMENT_POSITION_FOLLOWING);
  const drag = (event) => {
    if (event.pointerId !== held?.pointer) return;
    const way = { x: (event.clientX - held.x) / held.scale, y: (event.clientY - held.y) / held.scale };
    const changes = {};
    for (const { slider, axis, perPixel } of held.pulls) {
      changes[slider] = snapped(sliders[slider], held.values[slider] + perPixel * way[axis]);
    }
    const now = model.get("values");
    if (Object.entries(changes).some(([name, value]) => now[name] !== value)) merge(changes);
  };
  const leave = (event) => {
    if (event.pointerId !== held?.pointer) return;
    held.ring.classList.remove("held");
    held = null;
  };
  const ringed = (number) => {
    const ring = element("div", { class: "explore-grip", "aria-hidden": "true" });
    ring.addEventListener("pointerdown", (event) => {
      if (event.button !== 0 || held) return;
      event.preventDefault();
      root.setPointerCapture(event.pointerId);
      ring.classList.add("held");
      const image = picture();
      const scale = image.clientWidth / Number(image.getAttribute("width"));
      held = { ring, scale, pointer: event.pointerId, x: event.clientX, y: event.clientY };
      Object.assign(held, { values: { ...model.get("values") }, pulls: grips()[number].pulls });
    });
    return ring;
  };
  root.addEventListener("pointermove", drag);
  for (const end of ["pointerup", "pointercancel", "lostpointercapture"]) root.addEventListener(end, leave);
  return function place() {
    const image = picture();
    if (!image) return;
    const ground = image.parentElement;
    ground.classList.add("explore-ground");
    const scale = image.clientWidth / Number(image.getAttribute("width"));
    while (rings.length > grips().length) rings.pop().remove();
    grips().forEach(({ x, y, radius, pulls }, number) => {
      rings[number] ??= ringed(number);
      const ring = rings[number];
      if (ring.parentElement !== ground) ground.append(ring);
      const axes = pulls.map((pull) => pull.axis).join("");
      ring.classList.toggle("sideways", axes === "x");
      ring.classList.toggle("upright", axes === "y");
      ring.style.left = `${image.offsetLeft + x * scale}px`;
      ring.style.top = `${image.offsetTop + y * scale}px`;
      ring.style.setProperty("--ring", `${(radius + 6) * scale}px`);
    });
  };
}

// Has the rings placed anew after each picture, and when the picture becomes wider or narrower.
function follow(around, model, place) {
  const watcher = new MutationObserver(place);
  const sized = new ResizeObserver(place);
  watcher.observe(around, { childList: true, subtree: true });
  sized.observe(around);
  model.on("change:grips", place);
  place();
  return () => { watcher.disconnect(); sized.disconnect(); model.off("change:grips", place); };
}

// What a ring is for, in words.
function hint(grips) {
  const axes = new Set(grips.flatMap(({ pulls }) => pulls.map((pull) => pull.axis)));
  const way = axes.size === 2 ? "" : axes.has("x") ? " to the left and right" : " up and down";
  return `What has a ring in the picture can be dragged${way}, too.`;
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
    const moved = rows.some(
      ([spec]) => spec.shown === "" && spec.name in changes && changes[spec.name] !== before[spec.name]);
    if (moved) for (const [spec] of rows) if (spec.kind === "reveal") values[spec.name] = false;
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
  const said = element("div", { class: "explore-said", role: "status" });
  const announce = announcer(model, said);
  root.append(buttons, said);
  const grips = model.get("grips") ?? [];
  if (grips.length) buttons.after(element("p", { class: "explore-hint", "aria-hidden": "true" }, hint(grips)));
  el.append(root);
  refresh();
  model.on("change:values", refresh);
  model.on("change:said", announce);
  let leave = () => {};
  requestAnimationFrame(() => {
    const output = el.closest(".jp-OutputArea");
    const around = output ?? el.closest("figure");
    const left = [];
    if (output) left.push(tend(output));
    if (around && grips.length) left.push(follow(around, model, gripper(around, root, model, merge)));
    leave = () => left.forEach((each) => each());
  });
  return () => { model.off("change:values", refresh); model.off("change:said", announce); leave(); };
}

// anywidget 0.11 gives a page two seconds to load this file. Where a busy machine needs longer, the model never again
// hears what Python says: Reset and presets from code do nothing. So it is made to listen here, whatever the clock said.
function initialize({ model }) {
  const own = model.set({}); // Backbone's answer is the model itself, not anywidget's face of it
  let level = own;
  while (level && !Object.hasOwn(level, "_handle_comm_msg")) level = Object.getPrototypeOf(level);
  const plain = level && Object.getPrototypeOf(level)._handle_comm_msg;
  if (plain && own.comm) own.comm.on_msg(plain.bind(own));
}

export default { initialize, render };
