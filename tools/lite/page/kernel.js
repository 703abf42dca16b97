// Put before the kernel's own script, in the worker that runs Python: it tells the page how many
// bytes of Python have arrived, and starts Graphviz, which is ready long before Python is.
{
  const told = new BroadcastChannel('course-python');
  const plainFetch = self.fetch;
  self.fetch = async (...asked) => {
    const answer = await plainFetch(...asked);
    if (answer.body && answer.url.includes('/static/pyodide/')) count(answer.clone());
    return answer;
  };
  const count = async (answer) => {
    const reader = answer.body.getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      told.postMessage(part.value.length);
    }
  };

  if (self.importScripts) {
    const site = self.location.href.replace(/extensions\/.*$/, '');
    try {
      importScripts(`${site}static/graphviz/viz-standalone.js`);
      self.Viz.instance().then((viz) => {
        self.courseGraphviz = (dot) => viz.renderString(dot, {format: 'svg'});
      });
    } catch (error) {
      console.warn(`graphs will be described in words: ${error}`); // Python starts all the same
    }
  }
}
