// What the course adds to the pages of JupyterLite: how far Python has come, whether a visitor's
// copy of a chapter is older than the site's, and a window for taking one's work along.
import {differs, showStoredPictures, startAfresh} from './copies.js';
import {element, pause} from './page.js';
import {workWindow} from './work.js';

const SITE = new URL('..', import.meta.url);
const LONG = 60; // seconds after which a visitor is asked whether a cell loops for ever
const PATIENCE = 180; // seconds after which Python will not come any more

const strip = document.createElement('aside');
strip.id = 'course';
strip.setAttribute('aria-label', 'The course');

function note(...children) {
  const made = element('div', {className: 'course-note', role: 'status'}, ...children);
  strip.insertBefore(made, strip.lastChild);
  return made;
}

// The chapter ends where the strip begins, however high that is.
function makeRoom() {
  document.body.append(strip);
  new ResizeObserver(() => {
    document.documentElement.style.setProperty('--course-strip', `${strip.offsetHeight}px`);
    window.dispatchEvent(new Event('resize'));
  }).observe(strip);
}

// A Python that has just been started in this page knows no explorer, but does not say so: the
// page would wait for its answer for ever, and never show the pictures that the notebook keeps.
async function answerForNewKernels() {
  while (!window.jupyterapp) await pause(0.02);
  const {kernels} = window.jupyterapp.serviceManager;
  const connect = kernels.connectTo.bind(kernels);
  kernels.connectTo = (options) => {
    const kernel = connect(options), createComm = kernel.createComm.bind(kernel);
    kernel.requestCommInfo = async () => ({content: {status: 'ok', comms: {}}});
    kernel.createComm = (target, ...rest) => {
      if (target === 'jupyter.widget.control') throw new Error('a new kernel has no explorers');
      return createComm(target, ...rest);
    };
    return kernel;
  };
}

// Only what is new is written: a screen reader reads out every change.
function say(place, text) {
  if (place.textContent !== text) place.textContent = text;
}

// The open notebook's document, as soon as there is one; null on a page without notebooks.
async function openNotebook() {
  while (!window.jupyterapp) await pause(0.1);
  await window.jupyterapp.restored;
  for (let tries = 0; tries < 100; tries++) {
    const context = window.jupyterapp.shell.currentWidget?.context;
    if (context?.path?.endsWith('.ipynb')) {
      await context.ready;
      return context;
    }
    await pause(0.1);
  }
  return null;
}

// Until the first picture can be moved, it is a film: the same numbers learn, and a name runs through
// them. What is returned ends it; nothing is played on a phone, or where no motion is wanted.
async function playFilm() {
  if (matchMedia('(max-width: 600px), (prefers-reduced-motion: reduce)').matches) return null;
  const first = () => document.querySelector('.jp-OutputArea-output img[alt^="All 4,192 weights"]');
  for (let tries = 0; tries < 50 && !first(); tries++) await pause(0.2);
  const image = first();
  if (!image) return null;
  const dark = document.body.dataset.jpThemeLight === 'false';
  const film = element('img', {src: new URL(dark ? 'mind_dark.webp' : 'mind.webp', SITE).href});
  await film.decode();
  const {src, alt} = image;
  Object.assign(image, {src: film.src, alt: 'A film: 1,000 steps of training turn noise into a pattern'});
  return () => Object.assign(image, {src, alt});
}

async function showProgress(build, context) {
  const words = element('p', {textContent: 'You can read already. Python is on its way …'});
  const bar = element('progress', {max: 1});
  bar.setAttribute('aria-label', 'Python is loading');
  const shown = note(words, bar);
  let endFilm = null, ready = false;
  playFilm().then((end) => {
    if (!end) return;
    if (ready) return void end();
    const stop = element('button', {textContent: 'Stop the film', className: 'course-film'});
    endFilm = () => { end(); stop.remove(); };
    stop.onclick = endFilm;
    bar.after(stop);
  }, () => null);
  const atEnd = () => { ready = true; endFilm?.(); };
  const total = build.python.reduce((sum, [, size]) => sum + size, 0);
  let done = 0;
  new BroadcastChannel('course-python').onmessage = ({data}) => { done += data; };
  const began = performance.now();
  const kernel = () => context.sessionContext.session?.kernel;
  while (!['idle', 'busy'].includes(kernel()?.status)) {
    const seconds = (performance.now() - began) / 1000;
    const share = Math.min(1, done / total);
    const [now, all] = [share * total, total].map((bytes) => (bytes / 1e6).toFixed(0));
    say(words, `You can read already. ${share < 1
      ? `Python is being fetched: ${now} of ${all} MB` : 'Python is starting, a few seconds'} …`);
    // the last fifth is the start, whose length nobody knows
    bar.value = share < 1 ? 0.8 * share : Math.min(0.99, Math.max(0.8, bar.value + 0.004));
    if (kernel()?.status === 'dead' || seconds > PATIENCE) {
      words.textContent = 'Python did not start. Reload the page; a current browser is needed.';
      bar.remove();
      atEnd();
      return;
    }
    await pause(0.2);
  }
  atEnd();
  bar.value = 1;
  words.textContent = 'Python is ready: run a cell with Shift+Enter or ▶.';
  await pause(4);
  shown.remove();
}

// A page cannot interrupt Python, as the stop button of a server does: it can only start it anew.
async function watchForLoops(context) {
  const kernel = () => context.sessionContext.session?.kernel;
  let since = null, shown = null;
  for (;;) {
    await pause(1);
    const busy = kernel()?.status === 'busy';
    since = busy ? since ?? performance.now() : null;
    if (!busy && shown) {
      shown.remove();
      shown = null;
    } else if (busy && !shown && performance.now() - since > 1000 * LONG) {
      const restart = element('button', {textContent: 'Restart Python'});
      restart.onclick = () => kernel().restart();
      shown = note(element('p', {
        textContent: 'A cell has been running for over a minute. If it is an endless loop: in a ' +
          'browser nothing can stop it but a restart, after which you run the cells again.',
      }), restart);
    }
  }
}

async function offerNewer(build, context) {
  const wanted = build.versions[context.path];
  if (!wanted || !(await differs(context, wanted))) return;
  const words = element('p', {
    textContent: 'This chapter has been renewed since you began it: your copy is older. ' +
      'You can take the new one; your copy stays, under another name beside it.',
  });
  const take = element('button', {textContent: 'Take the new one, keep mine beside it'});
  const later = element('button', {textContent: 'Go on with mine'});
  const choices = element('div', {className: 'course-choices'}, take, later);
  const shown = note(words, choices);
  later.onclick = () => shown.remove();
  take.onclick = async () => {
    take.disabled = true;
    await startAfresh(context, 'older');
  };
}

// A tab may be closed at any time: what changed is saved when the page is left.
function saveWhenLeaving(context) {
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden' && context.model.dirty) context.save();
  });
}

// Keys that are pressed inside an explorer are its own: JupyterLab takes arrows for itself. And an
// explorer that was moved is saved as it stands, though no cell has changed: again when Python has
// answered, since a save may have come before.
function heedExplorers(context) {
  let moved = false;
  for (const hand of ['pointerup', 'keyup']) {
    document.addEventListener(hand, ({target}) => {
      if (target.closest?.('.jupyter-widgets')) context.model.dirty = moved = true;
    });
  }
  context.sessionContext.statusChanged.connect((_, status) => {
    if (moved && status === 'idle') context.model.dirty = true;
  });
  document.addEventListener('focusin', ({target}) => {
    if (target.closest?.('.jupyter-widgets')) target.dataset.lmSuppressShortcuts = 'true';
  });
}

async function begin() {
  answerForNewKernels();
  makeRoom();
  strip.append(element('a', {href: new URL('.', SITE).href, textContent: 'How a GPT works'}));
  const answer = await fetch(new URL('course.json', SITE), {cache: 'no-store'});
  const build = await answer.json();
  const context = await openNotebook();
  const button = element('button', {textContent: 'My work'});
  button.onclick = workWindow(build, context, SITE);
  strip.append(button);
  if (!context) return;
  showStoredPictures(context);
  if (build.versions[context.path]) localStorage.setItem('course-last', context.path);
  saveWhenLeaving(context);
  heedExplorers(context);
  if (!('serviceWorker' in navigator)) {
    note(element('p', {
      textContent: 'This address is not encrypted (https), so the browser keeps your notebooks ' +
        'but not the progress of your exercises.',
    }));
  }
  await Promise.all([offerNewer(build, context), showProgress(build, context)]);
  watchForLoops(context);
}

begin();
