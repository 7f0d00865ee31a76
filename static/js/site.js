// Makes the pages quicker to use; every one of them works without it. No dependency, no inline code.
(() => {
  "use strict";
  const words = document.getElementById("words")?.dataset ?? {};
  const all = (selector, root = document) => root.querySelectorAll(selector);

  // --- light and dark ---
  const root = document.documentElement;
  all("[data-theme-switch]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => {
      root.dataset.bsTheme = root.dataset.bsTheme === "dark" ? "light" : "dark";
      document.cookie = `theme=${root.dataset.bsTheme}; path=/; max-age=31536000; samesite=lax`;
    });
  });

  // --- menus close by Escape and by a click elsewhere ---
  document.addEventListener("click", (event) => {
    all("details.menu[open]").forEach((menu) => menu.contains(event.target) || menu.removeAttribute("open"));
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    all("details.menu[open]").forEach((menu) => menu.removeAttribute("open"));
    if (location.hash === "#nav") location.hash = "";
  });

  // --- the network light ---
  const light = () => document.body.classList.toggle("is-offline", !navigator.onLine);
  addEventListener("online", light);
  addEventListener("offline", light);
  light();

  // --- htmx: say when a piece could not be loaded ---
  const trouble = document.getElementById("trouble");
  ["htmx:responseError", "htmx:sendError", "htmx:timeout"].forEach((name) =>
    document.body.addEventListener(name, () => {
      if (trouble) trouble.hidden = false;
    }),
  );

  // --- photos open large ---
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-photo]");
    if (!link || event.ctrlKey || event.metaKey || !window.HTMLDialogElement) return;
    event.preventDefault();
    const dialog = document.createElement("dialog");
    dialog.className = "photo-large";
    const picture = Object.assign(document.createElement("img"), { src: link.href, alt: link.firstElementChild?.alt ?? "" });
    const form = Object.assign(document.createElement("form"), { method: "dialog" });
    const name = Object.assign(document.createElement("span"), { textContent: picture.alt });
    form.append(name, Object.assign(document.createElement("button"), { textContent: words.close ?? "×" }));
    dialog.append(picture, form);
    dialog.addEventListener("close", () => dialog.remove());
    dialog.addEventListener("click", (click) => click.target === dialog && dialog.close());
    document.body.append(dialog);
    dialog.showModal();
  });

  // --- selection of rows ---
  const chosen = () => all('[name="selected"]:checked').length;
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-select-all]"))
      all('[name="selected"]').forEach((box) => (box.checked = event.target.checked));
    if (event.target.matches('[data-select-all], [name="selected"]'))
      all("[data-bulk-count]").forEach((count) => (count.textContent = (words.selected ?? "{n}").replace("{n}", chosen())));
  });

  // --- long selects: type to search ---
  function searchable(select) {
    const box = Object.assign(document.createElement("input"), { type: "search", className: "form-control search-box" });
    const label = document.querySelector(`label[for="${select.id}"]`)?.textContent.trim() ?? "";
    box.placeholder = words.search ?? "";
    box.setAttribute("aria-label", `${words.search ?? ""} ${label}`);
    const options = [...select.options].map((option) => option.cloneNode(true));
    const shut = select.size;
    box.addEventListener("input", () => {
      const wanted = box.value.trim().toLowerCase();
      const picked = new Set([...select.selectedOptions].map((option) => option.value));
      const kept = options.filter((option) => picked.has(option.value) || option.text.toLowerCase().includes(wanted));
      select.replaceChildren(...kept);
      kept.forEach((option) => (option.selected = picked.has(option.value)));
      if (!select.multiple) select.size = wanted ? Math.min(Math.max(kept.length, 2), 8) : shut;
    });
    box.addEventListener("change", (event) => event.stopPropagation());
    select.addEventListener("change", () => select.multiple || (select.size = shut));
    select.before(box);
  }

  // The same for a long list of boxes; what is ticked stays in sight, and is said below.
  function checklist(part) {
    const box = Object.assign(document.createElement("input"), { type: "search", className: "form-control search-box" });
    const labels = [...all("label", part)];
    box.placeholder = words.search ?? "";
    box.setAttribute("aria-label", words.search ?? "");
    const chosen = Object.assign(document.createElement("p"), { className: "checklist-chosen" });
    const tell = () => {
      const ticked = labels.filter((label) => label.querySelector("input").checked).map((label) => label.textContent.trim());
      chosen.hidden = !ticked.length;
      chosen.textContent = `${(words.ticked ?? "{n}").replace("{n}", ticked.length)} ${ticked.join(words.between ?? ", ")}`;
    };
    const narrow = () => {
      const wanted = box.value.trim().toLowerCase();
      labels.forEach((label) => (label.hidden = !(label.querySelector("input").checked || label.textContent.toLowerCase().includes(wanted))));
    };
    box.addEventListener("input", narrow);
    box.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
    part.querySelector(".checklist-items").before(box);
    part.append(chosen);
    part.addEventListener("change", tell);
    tell();
  }

  // In a filter bar the same in one line: an input with suggestions steers the hidden select.
  function combobox(select) {
    const options = [...select.options].filter((option) => option.value);
    const list = Object.assign(document.createElement("datalist"), { id: `${select.id}-list` });
    list.append(...options.map((option) => new Option("", option.text.trim())));
    const box = Object.assign(document.createElement("input"), { type: "search", className: "form-control", id: `${select.id}-search` });
    box.placeholder = words.search ?? "";
    box.value = select.value ? select.selectedOptions[0].text.trim() : "";
    box.setAttribute("list", list.id);
    const choose = (option) => {
      if (option === undefined || select.value === option.value) return;
      select.value = option.value;
      select.dispatchEvent(new Event("change", { bubbles: true }));
    };
    const none = { value: "" };
    box.addEventListener("input", (event) => {
      event.stopPropagation();
      choose(box.value.trim() ? options.find((option) => option.text.trim() === box.value.trim()) : none);
    });
    box.addEventListener("change", (event) => {
      event.stopPropagation();
      const wanted = box.value.trim();
      const found = options.find((option) => option.text.trim() === wanted) ?? options.find((option) => option.text.includes(wanted));
      choose(wanted ? found : none);
      box.value = select.value ? select.selectedOptions[0].text.trim() : "";
    });
    document.querySelectorAll(`label[for="${select.id}"]`).forEach((label) => (label.htmlFor = box.id));
    select.hidden = true;
    select.before(box, list);
  }

  // --- files: size before the upload ---
  function checkFiles(input) {
    const limit = Number(input.dataset.maxBytes);
    const big = [...input.files].filter((file) => limit && file.size > limit);
    input.setCustomValidity(big.length ? `${words.tooLarge ?? ""} ${big.map((file) => file.name).join(", ")}` : "");
    input.reportValidity();
  }
  document.addEventListener("change", (event) => event.target.matches("input[type=file]") && checkFiles(event.target));

  // --- − and ＋ beside a number ---
  function stepper(input) {
    const frame = Object.assign(document.createElement("span"), { className: "stepper" });
    const button = (text, step, label) => {
      const made = Object.assign(document.createElement("button"), { type: "button", className: "btn", textContent: text });
      made.setAttribute("aria-label", label ?? text);
      made.addEventListener("click", () => {
        if (input.value === "") input.value = input.min || 0;
        step > 0 ? input.stepUp() : input.stepDown();
        input.dispatchEvent(new Event("change", { bubbles: true }));
      });
      return made;
    };
    input.replaceWith(frame);
    frame.append(button("−", -1, words.less), input, button("＋", 1, words.more));
  }

  // --- unsaved words survive a reload (of this tab; never passwords or files) ---
  function keep(form) {
    const key = `keep:${form.dataset.keep}`;
    const fields = () => [...form.elements].filter((item) => item.name && item.matches("textarea, select, input:not([type=hidden], [type=password], [type=file]), input[data-kept]"));
    const answers = JSON.parse(sessionStorage.getItem(key) ?? "{}");
    fields().forEach((item) => {
      const id = item.matches("[type=checkbox], [type=radio]") ? `${item.name}=${item.value}` : item.name;
      if (!(id in answers)) return;
      if (id === item.name) item.value = answers[id];
      else item.checked = answers[id];
    });
    form.addEventListener("input", () => {
      const now = fields().map((item) =>
        item.matches("[type=checkbox], [type=radio]") ? [`${item.name}=${item.value}`, item.checked] : [item.name, item.value],
      );
      sessionStorage.setItem(key, JSON.stringify(Object.fromEntries(now)));
    });
    form.addEventListener("submit", () => sessionStorage.removeItem(key));
  }

  // --- one press, one sending ---
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented || event.target.method === "get" || event.target.method === "dialog") return;
    const buttons = all("button:not([type=button])", event.target);
    setTimeout(() => buttons.forEach((button) => (button.disabled = true)));
    setTimeout(() => buttons.forEach((button) => (button.disabled = false)), 8000);
  });
  addEventListener("pageshow", () => all("form button:disabled").forEach((button) => (button.disabled = false)));

  function enhance(part) {
    all("form[data-keep]", part).forEach(keep);
    all("[data-no-filter]", part).forEach((box) => box.addEventListener("change", (event) => event.stopPropagation()));
    all("select[data-search]", part).forEach((select) => (select.closest(".filter-bar") && !select.multiple ? combobox : searchable)(select));
    all("[data-checklist]", part).forEach(checklist);
    all("input[data-stepper]", part).forEach(stepper);
  }
  enhance(document);
  document.body.addEventListener("htmx:afterSwap", (event) => enhance(event.detail.target));
  document.querySelector(".error-summary")?.focus();
})();
