// What the course adds to JupyterLab in the browser: nothing dead in what is saved, and a word in Validate's place.
const CONTROLS = "application/vnd.jupyter.widget-view+json";

const SITE = new URL("../../", document.currentScript.src);

// JupyterLite has a service worker for its files. The site's has that one's code in it, and is the only one. JupyterLite
// also takes away every worker that it does not know, those of other sites under the same name too: here, its own alone.
const workers = navigator.serviceWorker;
if (workers) {
  const register = workers.register.bind(workers);
  const registrations = workers.getRegistrations.bind(workers);
  workers.register = () => register(new URL("service-worker.js", SITE));
  workers.getRegistrations = async () => (await registrations()).filter(({ scope }) => scope.startsWith(`${SITE}work/`));
}

// Once Python runs here, all that the lessons need is kept, and the pages: a second visit needs no network. Not before:
// it would compete with what Python loads to start.
async function keepLessons() {
  const { keepFiles, loaded } = await import(new URL("keeping.js", SITE));
  keepFiles({ seen: [location.href, ...loaded()], pages: true, lessons: true });
}

const ADVICE = `
<h2>Check and hand in</h2>
<p>Run the check under each exercise: it says at once what is right. <code>progress()</code> in a cell shows all your points.</p>
<p>To hand a lesson in, or to take it away, save it and choose <em>File</em>, <em>Download</em>. To go on elsewhere, drag
the downloaded file into the list of files there. (nbgrader's own <em>Validate</em> needs a server; here there is none.)</p>
<form method="dialog"><button>Close</button></form>`;

// Controls live as long as their kernel; a result that shows itself otherwise has no data. Opened again, both would be
// dead. The page that is open now keeps its own.
function withoutControls(notebook) {
  const kept = JSON.parse(JSON.stringify(notebook));
  for (const cell of kept.cells) {
    if (!cell.outputs) continue;
    for (const output of cell.outputs) if (output.data && "text/html" in output.data) delete output.data[CONTROLS];
    cell.outputs = cell.outputs.filter(
      (output) => output.output_type !== "execute_result" || Object.keys(output.data).length);
  }
  return kept;
}

function mendSaving(app) {
  const contents = app.serviceManager.contents;
  const save = contents.save.bind(contents);
  contents.save = (path, options = {}) => {
    const mended = options.type === "notebook" && options.content
      ? { ...options, content: withoutControls(options.content) } : options;
    return save(path, mended).catch(async () => {
      await makeRoom();
      return save(path, mended);
    }).catch((fault) => { offer(path, mended); throw fault; });
  };
}

// What the service worker keeps can be loaded again; what somebody wrote cannot.
async function makeRoom() {
  try {
    for (const name of await caches.keys()) if (name.startsWith("course ")) await caches.delete(name);
  } catch { /* no such store: nothing to give up */ }
}

// The browser's store is full or forbidden: what could not be kept is offered as a file.
function offer(path, { type, content }) {
  if (type !== "notebook" || !content) return;
  const dialog = document.createElement("dialog");
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([JSON.stringify(content, null, 1)], { type: "application/x-ipynb+json" }));
  link.download = path.split("/").at(-1);
  link.textContent = `Download ${link.download}`;
  dialog.innerHTML = `<h2>This browser could not keep your work</h2>
<p>Its store for this site is full, or it may not store anything. Download the notebook now, so that nothing is lost.</p>
<p></p><form method="dialog"><button>Close</button></form>`;
  dialog.querySelectorAll("p")[1].append(link);
  show(dialog);
}

// Whether the browser stores anything for this site.
function stores() {
  return new Promise((resolve) => {
    try {
      const asked = indexedDB.open("course-asks");
      asked.onerror = () => resolve(false);
      asked.onsuccess = () => {
        asked.result.close();
        indexedDB.deleteDatabase("course-asks");
        resolve(true);
      };
    } catch { resolve(false); }
  });
}

// What does not work in this browser is said at the start, not when it is too late.
async function warn() {
  const lacking = [];
  if (typeof WebAssembly !== "object") {
    lacking.push("It cannot run Python, for it has no WebAssembly. Another browser, or a newer one, can.");
  }
  if (!(await stores())) {
    lacking.push("It stores nothing for this site. Download your notebook before you close this page, or your work is lost.");
  } else if (!workers) {
    lacking.push("It keeps your notebooks, but not your progress. It would at an address that begins with https:.");
  }
  if (!lacking.length) return;
  const dialog = document.createElement("dialog");
  dialog.innerHTML = `<h2>What this browser cannot do here</h2>${lacking.map((each) => `<p>${each}</p>`).join("")}
<form method="dialog"><button>Go on</button></form>`;
  show(dialog);
}

function show(dialog) {
  document.querySelectorAll("dialog.course").forEach((each) => each.remove());
  dialog.className = "course";
  dialog.style.cssText = "max-width: 34rem; font: 15px/1.5 sans-serif;";
  document.body.append(dialog);
  dialog.showModal();
}

function addAdvice(panel) {
  if (!panel.toolbar || panel.toolbar.node.querySelector(".course-advice")) return;
  const button = document.createElement("button");
  button.className = "course-advice";
  button.type = "button";
  button.textContent = "Check and hand in";
  button.style.cssText = "margin: 0 6px; font: inherit; cursor: pointer;";
  button.addEventListener("click", () => {
    const dialog = document.createElement("dialog");
    dialog.innerHTML = ADVICE;
    show(dialog);
  });
  panel.toolbar.node.append(button);
}

// The notebooks that are open. None of them is JupyterLab's current widget while this tab is in the background.
function notebooks(app) {
  return [...app.shell.widgets("main")].filter(({ context }) => context?.contentsModel?.type === "notebook");
}

addEventListener("DOMContentLoaded", warn);
let kept = false;
const looking = setInterval(() => {
  const app = window.jupyterapp;
  if (!app) return;
  clearInterval(looking);
  mendSaving(app);
  setInterval(() => {
    const open = notebooks(app);
    open.forEach(addAdvice);
    if (kept || !open.some(({ sessionContext }) => sessionContext.session?.kernel?.status === "idle")) return;
    kept = true;
    keepLessons();
  }, 1000);
}, 50);
