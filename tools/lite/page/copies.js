// A visitor's copies of the chapters: which version they come from, and how to begin again without
// losing them. A chapter that was never saved is the site's own file.
const contents = () => window.jupyterapp.serviceManager.contents;

// Whether the open chapter is another version than the site's.
export async function differs(context, wanted) {
  const found = context.model.getMetadata('course')?.version;
  if (!found || found === wanted) return false;
  if (await isOwnCopy(context.path)) return true;
  // Not the visitor's, so it is the browser's cache that is old: ask the server again, once.
  const again = `course-renewed-${context.path}-${wanted}`;
  if (sessionStorage.getItem(again)) return false;
  sessionStorage.setItem(again, 'yes');
  for (const place of [`files/${context.path}`, 'api/contents/all.json']) {
    await fetch(new URL(place, new URL('..', import.meta.url)), {cache: 'reload'});
  }
  location.reload();
  return false;
}

// Whether the browser keeps a copy of its own of this file.
export async function isOwnCopy(path) {
  const config = JSON.parse(document.getElementById('jupyter-config-data').textContent);
  const name = config.contentsStorageName || `JupyterLite Storage - ${config.baseUrl}`;
  const database = await request(indexedDB.open(name));
  try {
    if (!database.objectStoreNames.contains('files')) return false;
    const key = await request(database.transaction('files').objectStore('files').getKey(path));
    return key !== undefined;
  } finally {
    database.close();
  }
}

const request = (asked) => new Promise((done, failed) => {
  asked.onsuccess = () => done(asked.result);
  asked.onerror = () => failed(asked.error);
});

// Keep the visitor's copy under another name, and open the site's chapter.
export async function startAfresh(context, word) {
  await context.save();
  const {path} = context;
  const kept = await freeName(path.replace(/\.ipynb$/, ''), word);
  const mine = await contents().get(path, {content: true});
  await contents().save(kept, {type: 'notebook', format: 'json', content: mine.content});
  await contents().delete(path);
  context.model.dirty = false;
  location.reload();
}

async function freeName(stem, word) {
  const day = new Date().toISOString().slice(0, 10);
  const taken = new Set((await contents().get('')).content.map((file) => file.name));
  for (let number = 1; ; number++) {
    const name = `${stem} (${word}, ${day}${number > 1 ? `, ${number}` : ''}).ipynb`;
    if (!taken.has(name)) return name;
  }
}

const VIEW = 'application/vnd.jupyter.widget-view+json';
const STATE = 'application/vnd.jupyter.widget-state+json';

// An explorer whose state was not saved shows the picture that is stored beside it.
export function showStoredPictures(context) {
  const known = context.model.getMetadata('widgets')?.[STATE]?.state ?? {};
  for (const {outputs} of context.model.cells) {
    for (let at = 0; at < (outputs?.length ?? 0); at++) {
      const output = outputs.get(at).toJSON();
      const {[VIEW]: view, ...data} = output.data ?? {};
      if (!view || known[view.model_id]) continue;
      if (data['text/html']) data['text/html'] += '<p>This explorer is asleep: run its cell to wake it.</p>';
      outputs.set(at, {...output, data});
    }
  }
}
