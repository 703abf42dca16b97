/* The next drawing comes as what is to be changed in the one that is shown (see edits.py): the
   numbers of both drawings, then for each edit how many characters stay, how many go, what comes
   instead. Whoever has another drawing (the page was loaded meanwhile) asks for the whole. */

function edited(drawing, edits) {
  const parts = [];
  let place = 0;
  for (let i = 0; i < edits.length; i += 3) {
    parts.push(drawing.slice(place, place + edits[i]), edits[i + 2]);
    place += edits[i] + edits[i + 1];
  }
  return parts.join("") + drawing.slice(place);
}

function takeEdits(model) {
  model.on("change:change", () => {
    const [from, to, ...edits] = model.get("change");
    if (model.get("drawn") !== from) return model.send({ lost: true });
    model.set("drawn", to);
    model.set("html", edited(model.get("html"), edits)); // not saved: the kernel has it
  });
}
