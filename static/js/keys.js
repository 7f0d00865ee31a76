// One key for one thing: <a data-key="j"> is followed, <button data-key="a"> pressed, <textarea data-key="r"> focused.
(() => {
  "use strict";
  const typing = (item) => item.matches("input, textarea, select, [contenteditable]");
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && event.target.matches("[data-key]")) return event.target.blur();
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.isComposing || typing(event.target)) return;
    if (document.querySelector("dialog[open]")) return;
    const wanted = document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
    if (!wanted) return;
    event.preventDefault();
    if (wanted.matches("textarea")) {
      wanted.focus();
      wanted.scrollIntoView({ block: "center" });
    } else wanted.click();
  });
})();
