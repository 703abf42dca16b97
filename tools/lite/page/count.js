// Put before the kernel's own script: tells the page how many bytes of Python have arrived.
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
}
