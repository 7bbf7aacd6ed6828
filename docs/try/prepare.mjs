// Make the archive that the page loads: what it imports of the library, compiled for
// the Python of the page, and the results of all cases. It runs in that very Python,
// which Node starts: node prepare.mjs PYODIDE WHEEL... PAGE OUT

import { readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const [pyodide, ...rest] = process.argv.slice(2);
const [page, out] = rest.splice(-2);
const { loadPyodide } = await import(pathToFileURL(resolve(pyodide, "pyodide.mjs")));
// With one seed for hashes, the same files are always made into the same archive.
const python = await loadPyodide({ env: { HOME: "/", PYTHONHASHSEED: "0" } });

function put(file, folder) {
  python.FS.writeFile(`${folder}/${basename(file)}`, new Uint8Array(readFileSync(file)));
}

python.FS.mkdir("/given");
python.FS.writeFile("/given/started.txt", python.runPython("import sys; '\\n'.join(sys.modules)"));
for (const file of [...rest, page]) put(file, "/given");
python.runPython(readFileSync(join(dirname(fileURLToPath(import.meta.url)), "prepare.py"), "utf8"));
writeFileSync(out, python.FS.readFile("/library.zip"));
