// Starts the deck. Letters keep their size: what does not fit on a slide goes on on the next one.
(function () {
  const WIDTH = 1280, HEIGHT = 720, ROOM = 668, BROAD = 1216;
  const MOST = 1.6;              // a picture is drawn at most so much larger than in the notebook,
  const SMALLEST = 1.1;          // rather stands on the next slide than smaller than this,
  const SQUEEZED = 0.85;         // but for a slide that would hold next to nothing without it
  const STRAY = 160, LITTLE = 200, THIN = 175, LEFT = 90;  // characters; heights of what fills little
  const SHELL = "div.text, div.code, div.output, div.fragment, div.html, div.answer, div.state";
  const WHOLE = "p, pre, ul, ol, table, blockquote, h1, h2, h3, h4, img, math, aside, div.highlight";

  const fill = (page) => page.firstElementChild;
  const over = (page) => fill(page).offsetHeight > ROOM;

  // The parts of a slide, in order, each in shells of its own: a paragraph, a list, code, a picture.
  function leaves(element, shells) {
    const open = element.matches(SHELL) && !element.matches(WHOLE)
      || (element.matches("div, p") && element.querySelector("img, table, pre") && !element.matches(WHOLE + ", .question"));
    if (!open || !element.children.length) return [wrapped(element, shells)];
    return [...element.children].flatMap((child) => leaves(child, [...shells, element]));
  }

  function wrapped(element, shells) {
    const inner = [...shells].reverse().find((shell) => shell.matches(".fragment"));
    let whole = element;
    for (const shell of [...shells].reverse()) {
      const copy = shell.cloneNode(false);
      if (shell !== inner) copy.classList.remove("fragment");
      copy.appendChild(whole);
      whole = copy;
    }
    if (inner) whole.dataset.group = number(inner);
    return whole;
  }

  const numbers = new Map();
  function number(element) {
    if (!numbers.has(element)) numbers.set(element, numbers.size);
    return numbers.get(element);
  }

  const image = (block) => block.matches("img") ? block : block.querySelector("img");
  function enlarge(picture, most) {
    const width = Number(picture.getAttribute("width")) || picture.naturalWidth || 1;
    const height = width * (picture.naturalHeight / (picture.naturalWidth || 1)) || 1;
    const factor = Math.min(most, MOST, BROAD / width, ROOM / height);
    picture.style.width = Math.floor(width * factor) + "px";
    return factor;
  }

  // Whether a picture fits when it is drawn somewhat smaller.
  function shrinks(page, block, least) {
    const picture = image(block);
    if (!picture) return false;
    const width = picture.style.width, full = enlarge(picture, MOST);
    const high = picture.offsetHeight;
    const factor = full * (high - (fill(page).offsetHeight - ROOM)) / high;
    if (factor >= least && (enlarge(picture, factor), !over(page))) return true;
    picture.style.width = width;
    return false;
  }

  const words = (page) => fill(page).textContent.trim().length;
  const lines = (pre) => pre.textContent.trim().split("\n").length;
  const rich = (page) => fill(page).querySelector("h1, h2, h3, img, table")
    || [...fill(page).querySelectorAll("pre")].some((pre) => lines(pre) > 2);
  const thin = (page) => fill(page).offsetHeight < THIN;
  const stray = (page) => words(page) < STRAY && !rich(page);
  const leads = (block) => block && (block.matches("h1, h2, h3, h4") || block.querySelector("h1, h2, h3, h4")
    || /:$/.test(block.textContent.trim()) && !block.querySelector("pre, img"));

  function newPage(after) {
    const page = document.createElement("section"), box = document.createElement("div");
    box.className = "fit";
    page.appendChild(box);
    page.style.display = "block";
    if (after) after.after(page);
    return page;
  }

  // The rows, items or lines of a block that can be told apart, and how to make a block of some.
  function pieces(block) {
    const pre = block.querySelector("pre"), table = block.querySelector("table");
    const list = block.matches("ul, ol") ? block : block.querySelector("ul, ol");
    const some = function (selector, parent, parts) {
      return [parts, function (chosen, first) {
        const copy = block.cloneNode(true);
        const hold = copy.matches(selector) ? copy : copy.querySelector(selector);
        parent(hold).replaceChildren(...chosen);
        if (hold.matches("ol")) hold.start = first + 1;
        return copy;
      }];
    };
    if (table) return some("table", (hold) => hold.tBodies[0] || hold, [...(table.tBodies[0] || table).rows]);
    if (pre) {
      const lines = pre.innerHTML.replace(/\n+$/, "").split("\n");
      return [lines, function (chosen) {
        const copy = block.cloneNode(true);
        copy.querySelector("pre").innerHTML = chosen.join("\n");
        return copy;
      }];
    }
    if (list) return some("ul, ol", (hold) => hold, [...list.children]);
    const text = block.matches("p") ? block : block.querySelector("p");
    if (!text || image(block)) return null;
    const sentences = text.innerHTML.split(/(?<=[.?!]) (?=[A-Z])/);
    return [sentences, function (chosen) {
      const copy = block.cloneNode(true);
      (copy.matches("p") ? copy : copy.querySelector("p")).innerHTML = chosen.join(" ");
      return copy;
    }];
  }

  // As much of a block as fits on the page; what is left, or null if nothing fits.
  function cut(page, block) {
    const found = pieces(block);
    if (!found || found[0].length < 2) return null;
    const [parts, made] = found, code = block.querySelector(".highlight pre");
    for (let count = parts.length - 1; count > 0; count--) {
      if (code && parts[count].replace(/<[^>]*>/g, "").trim() && /^\s*$/.test(parts[count - 1].replace(/<[^>]*>/g, "")) === false
          && parts.slice(0, count).some((line) => !line.replace(/<[^>]*>/g, "").trim())) continue;  // at a blank line
      const piece = made(parts.slice(0, count), 0);
      fill(page).appendChild(piece);
      if (!over(page)) {
        let from = count;
        while (code && from < parts.length - 1 && !parts[from].replace(/<[^>]*>/g, "").trim()) from++;
        return made(parts.slice(from), from);
      }
      piece.remove();
    }
    return null;
  }

  // Whether all of a slide fits when its one picture is drawn somewhat smaller.
  function whole(page) {
    const pictures = [...fill(page).children].filter(image);
    return pictures.length === 1 && shrinks(page, pictures[0], page.querySelector(".state") ? 0.5 : SMALLEST);
  }

  function paginate(section) {
    const notes = [...section.querySelectorAll("aside.notes")];
    notes.forEach((note) => note.remove());
    const blocks = [...section.children].flatMap((child) => leaves(child, []));
    section.replaceChildren();
    const box = document.createElement("div");
    box.className = "fit";
    section.appendChild(box);
    section.style.display = "block";
    blocks.forEach((block) => image(block) && enlarge(image(block), MOST));
    blocks.forEach((block) => fill(section).appendChild(block));
    const pages = [section];
    if (over(section) && !whole(section)) {
      fill(section).replaceChildren();
      for (const block of blocks) place(pages, block);
      rescue(pages);
    }
    for (const page of pages) {
      const first = fill(page).firstElementChild;
      const shown = page !== section && first ? first.dataset.group : undefined;
      fill(page).querySelectorAll(":scope > [data-group]").forEach(function (block) {
        const fragment = block.matches(".fragment") ? block : block.querySelector(".fragment");
        if (!fragment) return;
        if (block.dataset.group === shown) fragment.classList.remove("fragment");  // turning the page shows it
        else fragment.dataset.fragmentIndex = block.dataset.group;
      });
      notes.forEach((note) => page.appendChild(note.cloneNode(true)));
      page.style.display = "";
    }
  }

  function place(pages, block) {
    let page = pages[pages.length - 1];
    fill(page).appendChild(block);
    if (!over(page)) return;
    const before = [...fill(page).children].slice(0, -1);
    block.remove();
    const used = fill(page).offsetHeight, poor = used < LITTLE || stray(page);
    fill(page).appendChild(block);
    const only = before.every(leads);
    if (shrinks(page, block, poor || only ? SQUEEZED : SMALLEST)) return;
    const above = before.filter(image).pop();
    if (above && shrinks(page, above, SMALLEST)) return;
    block.remove();
    if (!only) {
      const next = newPage(page);
      pages.push(next);
      const moved = [];
      for (let last = fill(page).lastElementChild; leads(last); last = fill(page).lastElementChild) {
        moved.unshift(last);
        last.remove();
      }
      fill(next).append(...moved, block);
      const fits = !over(next) || shrinks(next, block, SQUEEZED);
      if (fits && !poor) return;
      block.remove();
      moved.forEach((one) => one.remove());
      fill(page).append(...moved);
      pages.pop();
      next.remove();
    }
    const rest = cut(page, block);
    if (rest) {
      pages.push(newPage(page));
      place(pages, rest);
    } else if (before.length) {  // alone, on a page of its own
      pages.push(newPage(page));
      place(pages, block);
    } else {
      fill(page).appendChild(block);
      shrinks(page, block, 0.3);
    }
  }

  // No slide of a stray sentence or two: it takes the end of the slide before it along, most often
  // the output that it explains.
  function rescue(pages) {
    for (let index = pages.length - 1; index > 0; index--) {
      const page = pages[index], before = pages[index - 1];
      const end = () => fill(before).lastElementChild;
      let moved = false;
      while ((thin(page) || (moved && leads(end()))) && fill(before).children.length > 1) {
        const last = end();
        fill(page).prepend(last);
        const full = over(page) && !shrinks(page, last, 1);
        if (full || fill(before).offsetHeight < LEFT) {
          fill(before).append(last);
          if (over(before)) shrinks(before, last, SQUEEZED);
          break;
        }
        moved = true;
      }
    }
  }

  async function start() {
    await Promise.all([...document.images].map((one) => one.decode().catch(() => null)));
    for (const section of [...document.querySelectorAll(".slides section")]) {
      if (section.querySelector("section")) continue;
      const parent = section.parentElement.closest("section");
      if (parent) parent.style.display = "block";
      paginate(section);
      if (parent) parent.style.display = "";
    }
    await Reveal.initialize({
      width: WIDTH, height: HEIGHT, margin: 0, center: false, hash: true,
      slideNumber: "c/t", transition: "none", plugins: [RevealNotes],
    });
    document.documentElement.dataset.ready = "yes";
  }
  start();
})();
