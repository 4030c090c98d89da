// Python for a reading page: one Pyodide in a worker. The page asks, this answers; Python's part is in_page.py.
let page;

async function start(pyodide) {
  const { loadPyodide } = await import(`${pyodide}pyodide.mjs`);
  const python = await loadPyodide({
    indexURL: pyodide,
    lockFileURL: `${pyodide}pyodide-lock.json`,
    packages: ["autograder"],
    stdout: () => {},
    stderr: () => {},
  });
  page = python.pyimport("autograder.in_page");
}

self.onmessage = async ({ data: { id, kind, args } }) => {
  try {
    if (kind === "start") {
      await start(...args);
      self.postMessage({ id, value: performance.getEntriesByType("resource").map((entry) => entry.name) });
    } else {
      self.postMessage({ id, value: JSON.parse(page[kind](...args)) });
    }
  } catch (error) {
    self.postMessage({ id, error: String(error.message ?? error).trim().split("\n").at(-1) });
  }
};
