// What a slide covers until the tap, its bars and cards, its drawings for the last row; then the
// deck starts on a stage as wide as the screen is shaped, from 4:3 to 16:9.
const HEIGHT = 720, LEAST = 1 / 69;  // no word of a drawing is smaller than this share of the width
const NUMBER = "[+-]?\\d[\\d.,]*(?<=\\d)%?", SIDE = 64;
const wide = () => Math.round(Math.min(1280, Math.max(960, HEIGHT * innerWidth / innerHeight)));
const made = (name, text = "", look = "") => {
  const one = document.createElement(name);
  one.className = look;
  one.textContent = text;
  return one;
};
const lid = text => made("span", text, "cover");

// A pattern as Python writes it.
const pattern = words => new RegExp(words.replaceAll("(?P<", "(?<"), "gdm");

const longest = box => Math.max(...box.textContent.split("\n").map(line => line.length));

// Words of a pattern (its groups, if it has some) under lids.
function covered(text, words) {
  const parts = [];
  let end = 0;
  for (const found of text.matchAll(pattern(words))) {
    const places = found.indices.length > 1 ? found.indices.slice(1) : found.indices;
    for (const [from, to] of places.filter(Boolean)) {
      parts.push(text.slice(end, from), lid(text.slice(from, to)));
      end = to;
    }
  }
  return [...parts, text.slice(end)];
}

// The second half of a line, or the last cell of a row, under a lid.
function coverEnd(row) {
  const last = [...row.querySelectorAll("td")].pop();
  if (last) return last.classList.add("cover");
  const line = row.querySelector("p") ?? row;
  const pieces = [...line.childNodes].flatMap(node => node.nodeType === Node.TEXT_NODE
    ? node.data.match(/\S+\s*|\s+/g) ?? [] : [node]);
  const rest = lid("");
  rest.append(...pieces.slice(Math.ceil(pieces.length / 2)));
  line.replaceChildren(...pieces.slice(0, Math.ceil(pieces.length / 2)), rest);
}

// Numbers as bars: the pattern finds a label, and one number or several; their names are a legend.
function bars(box) {
  const found = [...box.textContent.matchAll(pattern(box.dataset.cover || `(.+?): +(${NUMBER})`))];
  const rows = found.map(([, ...groups], n) => {
    const label = found[n].groups?.label ?? groups[0];
    return [label, ...groups.filter(each => each !== label)];
  });
  const value = text => parseFloat(text.replaceAll(",", ""));
  const largest = Math.max(...rows.flatMap(row => row.slice(1).map(each => Math.abs(value(each)))));
  box.style.setProperty("--rows", rows.flat().length - rows.length);
  const legend = made("p", "", "legend");
  for (const name of Object.keys(found[0].groups ?? {}).filter(each => each !== "label")) {
    legend.append(made("i"), name.replaceAll("_", " "));
  }
  box.replaceChildren(...rows.flatMap(([label, ...numbers], n) => {
    const group = made("div");
    for (const number of numbers) {
      const bar = made("p", "", value(number) < 0 ? "minus" : ""), size = made("i", "", "cover");
      size.style.setProperty("--part", Math.abs(value(number)) / largest);
      bar.append(size, lid(number));
      group.append(bar);
    }
    return [made("b", label.trim() || n + 1), group];
  }));
  if (legend.childNodes.length) box.prepend(legend);
}

// Words as cards, a row for each line: `label: word, word`.
function names(box) {
  box.replaceChildren(...box.textContent.trim().split("\n").flatMap(line => {
    const [, label, words] = line.trim().match(/^(?:(.*?)(?:: | {2,}(?=\S)))?(.*)$/), row = made("p");
    row.append(...words.match(pattern(box.dataset.cover || "[\\w'.]+")).map(lid));
    return [made("b", (label ?? "").trim()), row];
  }));
}

// Now that words are larger: a disc grows with its number, and moves the words beside it; where the
// second lines of boxes are wider than these, all of them go, and the first ones have the middle.
function fit(svg, place) {
  const plain = one => !one.hasAttribute("font-weight"), boxes = new Map();
  const words = [...svg.querySelectorAll("text")];
  const grown = (one, by) => one.setAttribute("r", Number(one.getAttribute("r")) * by);
  for (const disc of svg.querySelectorAll("circle")) {
    const word = disc.nextElementSibling, round = place(disc);
    if (word?.tagName !== "text" || !/^\d+$/.test(word.textContent)) continue;
    const by = Math.hypot(place(word).width, 0.72 * place(word).height) / round.width;
    if (by > 1) grown(disc, by);
    for (const other of words.filter(each => plain(each))) {
      const near = place(other), edge = place(disc);
      if (near.left >= edge.right || near.left <= edge.left || near.bottom <= edge.top
        || near.top >= edge.bottom || near.right <= edge.right) continue;
      const scale = svg.getScreenCTM().a;
      other.setAttribute("x", Number(other.getAttribute("x")) + (edge.right + 3 - near.left) / scale);
    }
  }
  for (const rect of svg.querySelectorAll("rect[rx]")) {
    const edge = place(rect), inside = words.filter(each => {
      const at = place(each), x = (at.left + at.right) / 2, y = (at.top + at.bottom) / 2;
      return x > edge.left && x < edge.right && y > edge.top && y < edge.bottom;
    });
    const [first, second] = [inside.filter(each => !plain(each)), inside.filter(plain)];
    const named = first.find(each => !/^\d+$/.test(each.textContent));
    if (!named || second.length !== 1) continue;
    boxes.set(second[0], [named, edge]);
    const more = (place(named).width + 12 - edge.width) / svg.getScreenCTM().a;
    if (more <= 0) continue;
    rect.setAttribute("x", Number(rect.getAttribute("x")) - more / 2);
    rect.setAttribute("width", Number(rect.getAttribute("width")) + more);
  }
  if (![...boxes].some(([word, [, edge]]) => place(word).width > edge.width + 2)) return;
  for (const [word, [named]] of boxes) {
    const size = parseFloat(named.getAttribute("font-size"));
    named.setAttribute("y", Number(named.getAttribute("y")) + 0.4 * size);
    word.remove();
  }
}

// Grey words that lie on others, or on each other, go; with a title's grey end those of its whole line.
function thin(svg, place) {
  const grey = [...svg.querySelectorAll("text, tspan")]
    .filter(each => each.getAttribute("fill")?.includes("constant-ink"));
  const words = [...svg.querySelectorAll("text")].map(word => [word, place(word)]);
  const lies = one => {
    const at = place(one);
    return words.some(([word, to]) => word !== one && !word.contains(one) && at.width
      && at.left < to.right - 1 && to.left < at.right - 1
      && Math.min(at.bottom, to.bottom) - Math.max(at.top, to.top) > 0.5 * Math.min(at.height, to.height));
  };
  const lying = grey.filter(lies), tops = lying.filter(each => each.matches("tspan")).map(each => place(each).top);
  const line = each => each.matches("tspan") && tops.some(top => Math.abs(top - place(each).top) < 1);
  for (const one of grey.filter(each => lying.includes(each) || line(each))) one.remove();
}

// A row of letters that lie on others goes, too; and it is told how far the other words stand out at
// the left and at the right.
function settle(svg) {
  const hidden = made("div");
  hidden.style = "height: 0; overflow: hidden";
  hidden.append(svg);
  document.body.append(hidden);
  const place = one => one.getBoundingClientRect(), page = place(svg);
  fit(svg, place);
  const words = [...svg.querySelectorAll("text")].map(word => ({ word, ...place(word).toJSON() }));
  const letters = words.filter(({ word }) => /^([a-z•]|BOS)$/.test(word.textContent)
    && !word.getAttribute("font-weight"));
  const meet = (one, other) => one.left < other.right && other.left < one.right
    && Math.abs(one.left + one.right - other.left - other.right) > 4  // in another column
    && Math.abs(one.top - other.top) < 0.7 * one.height;
  const lie = letters.filter(one => letters.some(other => other !== one && meet(one, other)));
  const row = (list, { top }) => list.filter(each => Math.abs(each.top - top) < 1).length;
  for (const one of letters.filter(each => 3 * row(lie, each) >= row(letters, each))) {
    one.word.remove();
  }
  thin(svg, place);
  const left = [...svg.querySelectorAll("text")].map(place);
  hidden.remove();
  return [
    Math.max(0, ...left.map(each => page.left - each.left)),
    Math.max(0, ...left.map(each => each.right - page.right)),
  ];
}

// A drawing, cut to what is talked about, its words large enough, its answer under lids.
function drawing(img) {
  const [head, held] = img.src.split(","), layers = img.closest(".layers");
  if (!head.includes("svg")) return;
  const text = new TextDecoder().decode(Uint8Array.from(atob(held), c => c.charCodeAt(0)));
  const svg = new DOMParser().parseFromString(text, "image/svg+xml").documentElement;
  const [x, y, width, height] = svg.getAttribute("viewBox").split(/[ ,]+/).map(Number);
  const box = percent => {
    const [left, top, right, bottom] = percent.trim().split(/ +/).map(each => each / 100);
    return [x + left * width, y + top * height, (right - left) * width, (bottom - top) * height];
  };
  const seen = box(layers.dataset.crop || "0 0 100 100");
  svg.setAttribute("viewBox", seen.join(" "));
  svg.setAttribute("width", seen[2]);
  svg.setAttribute("height", seen[3]);
  const least = LEAST * wide() / Math.min((wide() - SIDE) / seen[2], img.clientHeight / seen[3]);
  for (const word of svg.querySelectorAll("text, tspan, g")) {
    const size = parseFloat(word.style.fontSize || word.getAttribute("font-size"));
    if (!(size < least)) continue;
    word.style.fontSize = "";
    word.setAttribute("font-size", least);
  }
  const [before, behind] = settle(svg);
  if (!layers.dataset.crop) {
    seen[0] -= before;
    seen[2] += before + behind;
    svg.setAttribute("viewBox", seen.join(" "));
    svg.setAttribute("width", seen[2]);
  }
  const cover = layers.dataset.cover && img === layers.querySelector("img") ? layers.dataset.cover : "";
  const shape = (name, settings) => {
    const one = svg.appendChild(document.createElementNS(svg.namespaceURI, name));
    for (const [key, value] of Object.entries(settings)) one.setAttribute(key, value);
    return one;
  };
  if (/^[\d. ;]+$/.test(cover)) {
    for (const [left, top, across, down] of cover.split(";").map(box)) {
      shape("rect", {x: left, y: top, width: across, height: down, rx: least / 2, class: "lid"});
      shape("text", {x: left + across / 2, y: top + down / 2 + least * 0.6, "font-size": least * 1.8,
        "text-anchor": "middle"}).textContent = "?";
    }
  } else if (cover) {
    for (const word of svg.querySelectorAll("text")) {
      if (new RegExp(`^(?:${cover})$`).test(word.textContent.trim())) word.textContent = "?";
    }
  }
  const colour = name => getComputedStyle(document.documentElement).getPropertyValue(name);
  svg.querySelectorAll(".lid").forEach(each => {
    each.setAttribute("fill", colour("--mg-constant-tint"));
    each.setAttribute("stroke", colour("--mg-constant"));
  });
  if (cover) img.alt = "The same picture; what it answers is covered.";
  const bytes = new TextEncoder().encode(new XMLSerializer().serializeToString(svg));
  img.src = `${head},${btoa(Array.from(bytes, c => String.fromCharCode(c)).join(""))}`;
}

(async function () {
  function shape() {
    document.documentElement.style.setProperty("--wide", wide() + "px");
    return { width: wide(), height: HEIGHT };
  }
  for (const box of document.querySelectorAll(".bars")) bars(box);
  for (const box of document.querySelectorAll(".names")) names(box);
  for (const stage of document.querySelectorAll(".stage")) {
    const lines = [...stage.querySelectorAll("pre")].flatMap(pre => pre.textContent.trimEnd().split("\n"));
    stage.style.setProperty("--rows", Math.max(1, lines.length));
    stage.style.setProperty("--cols", Math.min(80, Math.max(1, ...lines.map(line => line.length))));
    if (lines.length < 7 && !stage.querySelector(".bars, .layers")) {  // each as large as its own lines let it
      for (const pre of stage.querySelectorAll("pre")) {
        pre.style.setProperty("--own", Math.min(80, longest(pre)));
        pre.classList.add("own");
      }
    }
    const said = [...stage.querySelectorAll(":scope > :is(.text, .part) > *")];
    const few = [...stage.children].every(each => each.matches(".text, .part"))
      && said.length && said.every(each => each.matches("p"));
    stage.classList.toggle("few", few);
    if (few) stage.style.setProperty("--cols", Math.max(...said.map(longest)));
  }
  for (const row of document.querySelectorAll("li.asks, tr.asks")) coverEnd(row);
  for (const pre of document.querySelectorAll(".output.asks pre, .code.asks pre")) {
    pre.replaceChildren(...covered(pre.textContent, pre.parentElement.dataset.cover || NUMBER));
  }
  for (const line of document.querySelectorAll(".text.asks p, .part.asks p")) {
    const held = line.parentElement.dataset.cover;
    const walk = document.createTreeWalker(line, NodeFilter.SHOW_TEXT), words = [];
    while (held && walk.nextNode()) words.push(walk.currentNode);
    for (const word of words) word.replaceWith(...covered(word.data, held));
    if (!held) coverEnd(line);
  }
  addEventListener("resize", () => Reveal.configure(shape()));
  await Reveal.initialize({
    ...shape(), margin: 0, center: false, hash: true, viewDistance: 999,
    slideNumber: "c/t", transition: "none", plugins: [RevealNotes],
  });
  for (const img of document.querySelectorAll(".layer img")) drawing(img);
  await Promise.all([...document.images].map((one) => one.decode().catch(() => null)));
  document.documentElement.dataset.ready = "yes";
})();
