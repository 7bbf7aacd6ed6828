// Run a script in Pyodide with some wheels: node pyodide.mjs PYODIDE SCRIPT WHEEL...

import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [place, script, ...wheels] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(place));
const python = await loadPyodide();
try {
  for (const wheel of wheels)
    python.unpackArchive(new Uint8Array(readFileSync(wheel)), "whl");
  python.runPython(readFileSync(script, "utf8"));
} catch (error) {
  console.error(error.message); // Node itself would print a megabyte of Pyodide
  process.exitCode = 1;
}
