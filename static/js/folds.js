// Parts of a long page that are folded: opened where there is room, on paper, and for who is sent into one.
(() => {
  "use strict";
  const folds = [...document.querySelectorAll("details.fold")];
  const open = (some) => some.forEach((fold) => (fold.open = true));

  function reveal() {
    const target = document.querySelector(":target");
    const fold = target?.closest("details.fold");
    if (!fold || fold.open) return;
    fold.open = true;
    target.scrollIntoView();
  }

  if (matchMedia("(min-width: 768px)").matches) open(folds.filter((fold) => fold.hasAttribute("data-opens-wide")));
  addEventListener("beforeprint", () => open(folds));
  addEventListener("hashchange", reveal);
  reveal();
})();
