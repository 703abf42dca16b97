// The window "My work": progress as a file and back, the notebook as a file, a fresh start.
import {startAfresh} from './copies.js';
import {element} from './page.js';

const PROGRESS = 'microgpt-course/progress.json'; // as the exercises write it
const FOLDER = 'microgpt-course';
const contents = () => window.jupyterapp.serviceManager.contents;

export function workWindow(build, context, site) {
  const said = element('output');
  const dialog = element('dialog', {id: 'course-work'});
  dialog.setAttribute('aria-label', 'My work');
  const tell = (text) => { said.textContent = text; };
  const close = element('button', {textContent: 'Close', onclick: () => dialog.close()});
  dialog.append(
    element('h2', {textContent: 'My work'}),
    element('p', {
      textContent: 'Notebooks and progress are kept in this browser, on this device, and nowhere ' +
        'else. Take them along as files.',
    }),
    element('h3', {textContent: 'Chapters'}), chapters(build, site),
    element('h3', {textContent: 'Progress of the exercises'}), progressChoices(tell),
  );
  if (context) {
    dialog.append(element('h3', {textContent: 'This chapter'}), chapterChoices(context));
  }
  dialog.append(said, element('p', {}), close);
  document.body.append(dialog);
  return () => { tell(''); dialog.showModal(); };
}

function chapters(build, site) {
  const links = Object.keys(build.versions).map((name) => element('a', {
    href: new URL(`notebooks/index.html?path=${name}`, site).href,
    textContent: name.replace('.ipynb', '').replace('_', ' ').replaceAll('_', ' '),
  }));
  return element('nav', {}, ...links);
}

function progressChoices(tell) {
  const out = element('button', {textContent: 'Save to a file'});
  out.onclick = async () => {
    const found = await readProgress();
    if (!found) return tell('No exercise has been checked yet: there is nothing to save.');
    download('progress.json', JSON.stringify(found, null, 1));
    tell(`Saved: ${Object.keys(found.exercises).length} exercises.`);
  };
  const file = element('input', {type: 'file', accept: '.json,application/json'});
  file.onchange = async () => tell(await bringBack(file));
  const back = element('label', {}, 'Bring back from a file', file);
  return element('div', {className: 'course-choices'}, out, back);
}

function chapterChoices(context) {
  const out = element('button', {textContent: 'Save the notebook to a file'});
  out.onclick = () => download(context.path, JSON.stringify(context.model.toJSON(), null, 1));
  const fresh = element('button', {textContent: 'Start afresh, keep mine beside it'});
  fresh.onclick = () => startAfresh(context, 'mine');
  return element('div', {className: 'course-choices'}, out, fresh);
}

async function readProgress() {
  try {
    const {content, format} = await contents().get(PROGRESS, {content: true});
    if (typeof content !== 'string') return content;
    return JSON.parse(format === 'base64' ? atob(content) : content);
  } catch {
    return null;
  }
}

// What was right stays right, whichever of the two says so.
async function bringBack(file) {
  let found;
  try {
    found = JSON.parse(await file.files[0].text());
  } catch {
    found = null;
  }
  const sound = found?.exercises &&
    Object.values(found.exercises).every((status) => typeof status === 'string');
  if (!sound) return 'This file holds no progress: choose one that was saved here.';
  const now = (await readProgress()) || {keep: true, exercises: {}};
  const right = Object.entries(now.exercises).filter(([, status]) => status === 'right');
  const exercises = {...now.exercises, ...found.exercises, ...Object.fromEntries(right)};
  const missed = [...new Set([...(now.missed || []), ...(found.missed || [])])];
  const tried = {...found.tried};
  for (const [key, held] of Object.entries(now.tried || {})) {
    if ((held.tries || 0) >= (tried[key]?.tries || 0)) tried[key] = held;
  }
  await makeFile();
  const text = JSON.stringify({...found, ...now, exercises, missed, tried}, null, 1);
  await contents().save(PROGRESS, {type: 'file', format: 'text', content: text});
  file.value = '';
  return `Brought back: ${Object.keys(exercises).length} exercises.`;
}

// The file and its folder: what is saved where nothing is would leave an "untitled" beside it.
async function makeFile() {
  const exists = (path) => contents().get(path).then(() => true, () => false);
  if (await exists(PROGRESS)) return;
  if (!(await exists(FOLDER))) {
    await contents().rename((await contents().newUntitled({type: 'directory'})).path, FOLDER);
  }
  const made = await contents().newUntitled({path: FOLDER, type: 'file', ext: '.json'});
  await contents().rename(made.path, PROGRESS);
}

function download(name, text) {
  const link = element('a', {
    href: URL.createObjectURL(new Blob([text], {type: 'application/json'})), download: name,
  });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000); // the browser reads it when it likes
}
