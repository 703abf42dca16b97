/* JupyterLab on a narrow page: the chapter has all of it. The list of files opens from the corner
   and closes when a chapter is chosen; a stored picture has its form for a phone, which JupyterLab
   takes out of the HTML of a notebook that is not trusted. A tablet begins with the list closed; on
   a wide page nothing is changed. */
(() => {
  const NARROW = matchMedia("(max-width: 600px)");
  const TABLET = matchMedia("(max-width: 1024px)");
  const FORM = /<source media="[^"]*" srcset="(data:image\/svg\+xml;base64,[\w+/=]+)"/;
  const style = Object.assign(document.createElement("link"), { rel: "stylesheet" });
  style.href = document.currentScript.src.replace(/narrow\.js.*$/, "narrow.css");
  document.head.append(style);

  // The form for a phone that is stored beside this image: as an image, which runs no script.
  function formOf(image, notebook) {
    const cell = notebook?.widgets?.find(({ node }) => node.contains(image));
    const stored = (cell?.model.outputs?.toJSON() ?? []).map(({ data }) => data?.["text/html"]);
    const html = stored.flat().join("");
    return html.includes(image.src) ? html.match(FORM)?.[1] : null;
  }

  function giveForms(notebook) {
    const images = notebook?.node.querySelectorAll(".jp-RenderedHTML > source + img") ?? [];
    for (const image of images) {
      const form = formOf(image, notebook);
      image.previousSibling.remove();
      if (!form) continue;
      const picture = document.createElement("picture"), source = document.createElement("source");
      Object.assign(source, { media: NARROW.media, srcset: form });
      image.replaceWith(picture);
      picture.append(source, image);
    }
  }

  function corner(shell) {
    const button = document.getElementById("jp-MainLogo");
    const look = () => {
      const words = NARROW.matches ? { role: "button", tabindex: 0, "aria-label": "Chapters and files" } : {};
      for (const name of ["role", "tabindex", "aria-label"])
        name in words ? button.setAttribute(name, words[name]) : button.removeAttribute(name);
    };
    const press = (event) => {
      if (!NARROW.matches || (event.key && !["Enter", " "].includes(event.key))) return;
      event.preventDefault();
      shell.leftCollapsed ? shell.activateById("filebrowser") : shell.collapseLeft();
    };
    button.addEventListener("click", press);
    button.addEventListener("keydown", press);
    NARROW.addEventListener("change", look);
    look();
  }

  function activate({ shell, restored }) {
    restored.then(() => begin(shell)); // not waited for: JupyterLab waits for its extensions
  }

  function begin(shell) {
    const close = () => NARROW.matches && shell.collapseLeft();
    if (TABLET.matches) shell.collapseLeft();
    shell.currentChanged.connect(close);
    corner(shell);
    NARROW.addEventListener("change", close);
    let waiting = 0;
    new MutationObserver(() => {
      waiting ||= requestAnimationFrame(() => {
        waiting = 0;
        giveForms(shell.currentWidget?.content);
      });
    }).observe(shell.node, { childList: true, subtree: true });
    giveForms(shell.currentWidget?.content);
  }

  window._JUPYTERLAB = window._JUPYTERLAB || {};
  window._JUPYTERLAB["course-narrow"] = {
    init() {},
    get: async () => () => ({ id: "course-narrow:plugin", autoStart: true, activate }),
  };
})();
