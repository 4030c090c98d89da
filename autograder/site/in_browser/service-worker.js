// Keeps the site in the browser: each file is loaded once, and the course works without a network. FILES, above, is the
// SHA-256 of every file of this build. JupyterLite's own worker follows below; what is not a file of the site is its.
const ROOT = new URL("./", self.location).href;
const CACHE = `course ${ROOT}`;
const SHORT = 32;

// A file's place in the cache has its content's hash in it: what did not change stays from build to build.
const place = (path) => new URL(`${path}?kept=${FILES.get(path)}`, ROOT).href;

// The file that an address means, or null.
function fileAt(address) {
  const { origin, pathname } = new URL(address);
  if (!`${origin}${pathname}`.startsWith(ROOT)) return null;
  const path = decodeURI(`${origin}${pathname}`.slice(ROOT.length)).replace(/(^|\/)$/, "$1index.html");
  return FILES.has(path) ? path : null;
}

// Keeps an answer if it is the file of this build. A server, or the browser's own cache, may still have an earlier one.
async function keep(path, answer) {
  if (answer.status !== 200 || answer.redirected) return false;
  const content = await answer.arrayBuffer();
  const hash = [...new Uint8Array(await crypto.subtle.digest("SHA-256", content))];
  if (hash.map((byte) => byte.toString(16).padStart(2, "0")).join("").slice(0, SHORT) !== FILES.get(path)) return false;
  const headers = { "Content-Type": answer.headers.get("Content-Type") ?? "application/octet-stream" };
  await (await caches.open(CACHE)).put(place(path), new Response(content, { headers }));
  return true;
}

const kept = (path) => caches.match(place(path), { cacheName: CACHE }).catch(() => undefined);
// The store may be full or forbidden: then the site works as it would without this.
const tried = (path, answer) => keep(path, answer).catch(() => false);

async function answered(event, path) {
  const found = await kept(path);
  if (found) return found;
  const answer = await fetch(event.request);
  event.waitUntil(tried(path, answer.clone()));
  return answer;
}

// What a page loaded before this worker was there, and what it will need without a network. Asked for again at the very
// address, what was loaded comes from the browser's own cache.
async function keepAll({ seen = [], pages = false, lessons = false }) {
  const wanted = new Map(seen.map((address) => [fileAt(address), address]));
  for (const path of FILES.keys()) {
    const needed = path.startsWith("work/") ? lessons && /^work\/(pyodide|files|api)\//.test(path) : pages;
    if (needed && !wanted.has(path)) wanted.set(path, new URL(path, ROOT));
  }
  wanted.delete(null);
  for (const [path, address] of wanted) {
    if (await kept(path)) continue;
    for (const cache of ["default", "reload"]) {
      const answer = await fetch(address, { cache }).catch(() => null);
      if (!answer || await tried(path, answer)) break;
    }
  }
}

async function dropOld() {
  const current = new Set([...FILES.keys()].map(place));
  const cache = await caches.open(CACHE);
  for (const request of await cache.keys()) if (!current.has(request.url)) await cache.delete(request);
}

// A new build takes over at once: with the next page there is nothing of the old one.
self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(Promise.all([self.clients.claim(), dropOld().catch(() => {})])));
self.addEventListener("message", (event) => event.waitUntil(keepAll(event.data)));
self.addEventListener("fetch", (event) => {
  const path = event.request.method === "GET" ? fileAt(event.request.url) : null;
  if (path === null) return;
  event.stopImmediatePropagation();
  event.respondWith(answered(event, path));
});
