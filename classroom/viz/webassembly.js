// Starts Graphviz from the bytes of its WebAssembly module and returns the function that draws.
// The module expects the calls of a small operating system (WASI, preview 1). A drawing needs four
// of them; every other one answers 8, "no such file", and so do all attempts to open something.
(bytes) => {
  let memory;
  const numbers = () => new DataView(memory.buffer);
  const system = {
    environ_sizes_get(count, size) {
      numbers().setUint32(count, 0, true);
      numbers().setUint32(size, 0, true);
      return 0;
    },
    environ_get: () => 0,
    clock_time_get(clock, precision, place) {
      numbers().setBigUint64(place, 0n, true);
      return 0;
    },
    random_get(place, size) {
      crypto.getRandomValues(new Uint8Array(memory.buffer, place, size));
      return 0;
    },
    // Warnings that Graphviz prints: taken, and dropped.
    fd_write(file, pieces, count, place) {
      let size = 0;
      for (let i = 0; i < count; i++) size += numbers().getUint32(pieces + 8 * i + 4, true);
      numbers().setUint32(place, size, true);
      return 0;
    },
    proc_exit(code) {
      throw new Error(`Graphviz ended with ${code}`);
    },
  };
  const module = new WebAssembly.Module(bytes);
  const calls = {};
  for (const {name} of WebAssembly.Module.imports(module)) calls[name] = system[name] || (() => 8);
  const graphviz = new WebAssembly.Instance(module, {wasi_snapshot_preview1: calls}).exports;
  memory = graphviz.memory;

  const put = (text) => {
    const data = new TextEncoder().encode(`${text}\0`);
    const place = graphviz.malloc(data.length);
    new Uint8Array(memory.buffer, place, data.length).set(data);
    return place;
  };
  const take = (place, size) =>
    new TextDecoder().decode(new Uint8Array(memory.buffer, place, size));
  const complaint = () => {
    const place = graphviz.graphviz_last_error();
    const size = new Uint8Array(memory.buffer, place).indexOf(0);
    return take(place, size).trim() || 'Graphviz drew nothing';
  };

  return (dot, format, engine) => {
    const given = [put(dot), put(format), put(engine)];
    const size = graphviz.malloc(4);
    try {
      const drawing = graphviz.graphviz_render(...given, size);
      if (!drawing) throw new Error(complaint());
      const text = take(drawing, numbers().getUint32(size, true));
      graphviz.graphviz_free(drawing);
      return text;
    } finally {
      [...given, size].forEach(graphviz.free);
    }
  };
}
