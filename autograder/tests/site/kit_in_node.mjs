// Runs Python under Node.js as a browser's kernel would: node kit_in_node.mjs PYODIDE_FOLDER PROGRAM.py INPUT.json
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [folder, program, input] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(`${folder}/pyodide.mjs`).href);
const python = await loadPyodide({
  indexURL: `${folder}/`,
  lockFileURL: `${folder}/pyodide-lock.json`,
  packages: ["autograder", "matplotlib", "ipython"],
  env: { HOME: "/home/pyodide", AUTOGRADER_PROGRESS: "/home/pyodide/progress", MPLBACKEND: "agg" },
  stdout: (line) => console.error(line),
  stderr: (line) => console.error(line),
});
python.globals.set("given", readFileSync(input, "utf8"));
python.runPython(readFileSync(program, "utf8"));
console.log(python.globals.get("answer"));
