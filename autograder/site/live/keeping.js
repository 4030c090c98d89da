// Has the browser keep the site: see service-worker.js. Where no worker is allowed (plain http from another machine),
// nothing is kept, and everything else is as it was.
const workers = navigator.serviceWorker;
const registered = workers?.register(new URL("service-worker.js", import.meta.url)).catch(() => null);

// What this page, or a worker that says so, has loaded until now.
export function loaded() {
  return performance.getEntriesByType("resource").map((entry) => entry.name);
}

// Keeps the files at the addresses `seen`; with `pages` every page and picture, with `lessons` what the lessons need.
export async function keepFiles(wanted) {
  if (!(await registered)) return;
  (await workers.ready).active.postMessage(wanted);
}
