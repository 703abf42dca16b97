// A browser that cannot switch stacks, as Safari cannot: Python calls no function that waits.
//     node without_switching.js SITE CHAPTER
// runs every cell of a chapter in the site's Python and prints, as JSON, what each of them did.
const fs = require('node:fs');
const path = require('node:path');

for (const name of ['Suspending', 'Suspender', 'SuspendError', 'promising']) delete WebAssembly[name];

async function main([site, chapter]) {
  const config = JSON.parse(fs.readFileSync(path.join(site, 'jupyter-lite.json'), 'utf8'));
  const [options] = Object.values(config['jupyter-config-data'].litePluginSettings)
    .map((settings) => settings.loadPyodideOptions).filter(Boolean);
  const folder = path.join(site, 'static', 'pyodide');
  const {loadPyodide} = require(path.join(folder, 'pyodide.js'));
  const python = await loadPyodide({
    indexURL: `${folder}/`,
    lockFileURL: path.join(site, options.lockFileURL),
    packages: options.packages,
    env: {...options.env, HOME: '/tmp', XDG_DATA_HOME: '/tmp', MICROGPT_CHECK_SECONDS: '60'},
    stdout: () => {},
    stderr: () => {},
  });
  await python.runPythonAsync('import os; os.chdir("/tmp"); import pyodide_kernel');
  const kernel = python.globals.get('pyodide_kernel').kernel_instance;
  const shell = kernel.interpreter;
  const switches = python.runPython(
    'from pyodide.ffi import can_run_sync\ncan_run_sync()');
  shell.send_comm = () => {}; // a worker hands messages of widgets on to the page
  const notebook = JSON.parse(fs.readFileSync(path.join(site, 'files', chapter), 'utf8'));
  const cells = [];
  for (const [index, cell] of notebook.cells.entries()) {
    if (cell.cell_type !== 'code') continue;
    const done = (await kernel.run([cell.source].flat().join(''))).toJs();
    const get = (name) => (done.get ? done.get(name) : done[name]);
    cells.push({index, status: get('status'), error: get('evalue') || ''});
  }
  process.stdout.write(JSON.stringify({switches, cells}));
  process.exit(0);
}

main(process.argv.slice(2)).catch((error) => {
  process.stderr.write(String(error?.stack || error));
  process.exit(1);
});
